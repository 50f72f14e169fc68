"""Whether a status page and its component are there for the API key that would change them."""

from __future__ import annotations

from backstop.model.http import Request
from backstop.model.target import Secret, Statuspage
from backstop.observe.readiness.asking import ask, not_there, odd
from backstop.observe.readiness.finding import Lacking, Proof

_OK = 200
_UNAUTHORISED = frozenset({401, 403})
_NOT_FOUND = 404
_MANAGE = "manage.statuspage.io"


def look(named: Statuspage) -> Proof:
    """That the key is taken, and the page and the component are there. Raises Lacking, CouldNotLook."""
    page = _name(named, f"/pages/{named.page}", "page")
    component = _name(named, f"/pages/{named.page}/components/{named.component}", "component")
    return Proof(f"the page {page} has the component {component}")


def _name(named: Statuspage, path: str, what: str) -> str:
    """What a page or component is called."""
    if named.token is None:
        raise not_there("the API key", named.source, named.wrong)
    key = Secret(named.token.name, f"OAuth {named.token.value}")
    answer = ask("Statuspage", Request("GET", named.api + path), (("Authorization", key),))
    wanted = named.page if what == "page" else named.component
    found = answer.members() or {}
    if answer.status in _UNAUTHORISED and found:
        message = f"the API key is not taken ({answer.status})"
        raise Lacking(message, f"{_MANAGE} → the avatar → API info → Create key, and set {named.source}")
    if answer.status == _NOT_FOUND and found:
        message = f"there is no {what} {wanted} for this API key (404)"
        raise Lacking(message, f"{_where(what)}, and correct {what} in channels.statuspage")
    if answer.status != _OK or found.get("id") != wanted:
        raise odd("Statuspage", answer, f"the {what} {wanted}")
    return str(found.get("name"))


def _where(what: str) -> str:
    if what == "page":
        return f"{_MANAGE} → the avatar → API info has the ids of all pages"
    return f"{_MANAGE} → Components → the component; its id is the last part of the address"
