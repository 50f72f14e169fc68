"""How a target's account at Cloudflare is reached: with what, and which account it is.

Per target: what it names itself is never replaced, by a global variable or by a login.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace

from backstop.cloudflare.credential import Credential, credential_of
from backstop.cloudflare.identity import Identity, NamedAccount
from backstop.cloudflare.login import login_of
from backstop.cloudflare.refusals import ApiRefused
from backstop.cloudflare.toolchain import NotInstalled, find_toolchain
from backstop.model.errors import BackstopError, CouldNotLook, UsageError
from backstop.model.target import Target

TOKEN_KEY = "cloudflare_api_token"  # noqa: S105 - a key of the targets file
ACCOUNT_KEY = "cloudflare_account_id"


@dataclass(frozen=True, slots=True)
class Access:
    """``problem`` is why the account can't be read; without one, ``account`` is known.

    ``credential`` and ``identity`` are None where there is nothing to ask with.
    """

    credential: Credential | None = None
    identity: Identity | None = None
    account: str = ""
    problem: BackstopError | None = None


def access_to(target: Target, stack: ExitStack) -> Access:
    """Find a target's credential and its account; connections are closed with ``stack``."""
    credential = _credential(target)
    if credential is None:
        return Access(problem=_nothing_to_ask_with(target))
    identity = stack.enter_context(Identity(target.cloudflare_api, credential))
    if target.cloudflare_account:
        return Access(credential, identity, target.cloudflare_account)
    if ACCOUNT_KEY in target.own:
        return Access(credential, identity, problem=_unset(target, ACCOUNT_KEY))
    try:
        return Access(credential, identity, _only_account(target, identity))
    except BackstopError as error:
        return Access(credential, identity, problem=error)


def _credential(target: Target) -> Credential | None:
    if target.cloudflare_token is not None:
        return credential_of(target.cloudflare_token)
    if TOKEN_KEY in target.own or target.sandbox:
        return None
    try:
        return login_of(find_toolchain())
    except NotInstalled:
        return None


def _nothing_to_ask_with(target: Target) -> CouldNotLook:
    if TOKEN_KEY in target.own:
        return _unset(target, TOKEN_KEY)
    message = f"{target.name}: no Cloudflare credentials"
    return CouldNotLook(message, remedy="set CLOUDFLARE_API_TOKEN, or log in: wrangler login")


def _unset(target: Target, key: str) -> CouldNotLook:
    message = f"{target.name}: {key} names a variable that is not set, and nothing else stands in for it"
    return CouldNotLook(message, remedy=f"set {' and '.join(target.unset)} in the environment or in .env")


def _only_account(target: Target, identity: Identity) -> str:
    """Raises UsageError where there are several, CouldNotLook where nobody tells."""
    try:
        found = identity.accounts()
    except ApiRefused as error:
        which = f'say which: {ACCOUNT_KEY} = "…" of {target.name}; it stands in the dashboard\'s address'
        remedy = f"{error.remedy}; where it is good, {which}" if error.remedy else which
        raise CouldNotLook(f"which account is meant is not known: {error.message}", remedy=remedy) from error
    if not found:
        message = "the credential reaches no account that it may name"
        remedy = f'say which is meant: {ACCOUNT_KEY} = "…" of {target.name}, or add Account Settings · Read'
        raise CouldNotLook(message, remedy=remedy)
    if len(found) > 1:
        raise UsageError(f"which account is meant? found {in_words(found)}", remedy=_lines(target, found))
    return found[0].id


def in_words(accounts: tuple[NamedAccount, ...]) -> str:
    """Accounts as part of a sentence."""
    return ", ".join(str(each) for each in accounts) or "none"


def _lines(target: Target, accounts: tuple[NamedAccount, ...]) -> str:
    each = " or ".join(f'{ACCOUNT_KEY} = "{account.id}" ({account.name})' for account in accounts)
    return f"add one of these lines to [targets.{target.name}]: {each}"


def apart_from_account(target: Target) -> Target:
    """The same target with nothing to ask Cloudflare with, for a look that needs the bot alone."""
    return replace(target, cloudflare_token=None, own=(TOKEN_KEY,))
