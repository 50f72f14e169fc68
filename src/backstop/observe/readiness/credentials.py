"""Whether the credentials at Cloudflare are good, and for what: proven by use, and nothing is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backstop.access import ACCOUNT_KEY, in_words
from backstop.cloudflare.identity import Identity, TokenState
from backstop.cloudflare.login import NotLoggedIn
from backstop.cloudflare.refusals import ApiRefused, NotPermitted
from backstop.cloudflare.tail import Tail
from backstop.model.errors import CouldNotLook, UsageError
from backstop.observe.deployed import WorkerIsGone
from backstop.observe.looks import Looks
from backstop.observe.once import once
from backstop.observe.readiness.finding import Lacking, Proof
from backstop.observe.readiness.permissions import Permission, pages_of
from backstop.rollback.proven import ProvenWrite, ProvenWrites

SOON = timedelta(days=14)  # a token that ends in less may end in the middle of somebody's week on call
OLD = timedelta(days=35)  # a drill a month proves it anew
_REFUSED = frozenset({400, 401, 403})


class CredentialLook:
    """Everything raises Lacking for what is missing for certain, CouldNotLook for what can't be proven."""

    def __init__(self, looks: Looks, writes: ProvenWrites) -> None:
        self._looks = looks
        self._place = looks.place
        self._writes = writes

    @property
    @once
    def token(self) -> Proof:
        """That Cloudflare takes the credential."""
        state = self._state
        if state.status != "active":
            message = f"found the token {state.id} {state.status}, wanted it active"
            raise Lacking(message, f"{pages_of(state.kind)} → the token's ⋯ → Roll, or Create Token")
        proven = f"{state.kind.value}, {state.id}, active"
        if state.expires is None:
            return Proof(proven)
        left = state.expires - datetime.now(UTC)
        until = f"{proven} until {state.expires:%Y-%m-%d}"
        renew = f"it ends in {max(0, left.days)} days: {pages_of(state.kind)} → the token's ⋯ → Edit → TTL"
        return Proof(until, renew if left < SOON else "")

    @property
    @once
    def account(self) -> Proof:
        """That it is known which account is meant, and that the credential reaches it."""
        self._see_the_token()
        access = self._place.access
        if isinstance(access.problem, UsageError):
            raise Lacking(access.problem.message, access.problem.remedy)
        if access.problem is not None:
            raise access.problem
        try:
            reached = self._identity.accounts()
        except ApiRefused:
            reached = ()
        if not reached:
            return self._by_use(access.account)
        found = next((each for each in reached if each.id == access.account), None)
        if found is None:
            message = f"the token does not reach the account {access.account}; found {in_words(reached)}"
            raise Lacking(message, f"correct {ACCOUNT_KEY}, or use a token of that account")
        return Proof(f"{found}, " + ("the only one" if len(reached) == 1 else f"one of {len(reached)}"))

    @property
    @once
    def reads_scripts(self) -> Proof:
        """That versions and deployments can be read, as a plan of a rollback does."""
        self._see_the_token()
        try:
            history, _ = self._looks.deployed.history, self._looks.deployed.listed
        except NotPermitted as error:
            raise self._lacks(Permission.SCRIPTS_READ, error) from error
        except WorkerIsGone:
            return Proof("the account answers, and has no such worker")
        return Proof(f"versions and deployments were read: {history[0].shown} serves")

    @property
    @once
    def reads_tail(self) -> Proof:
        """That a tail can be opened; it is closed again at once."""
        self._see_the_token()
        api, worker = self._place.api, self._place.target.worker
        if api is None:
            raise _could_not(self._place.unreadable)
        try:
            with Tail(api, worker):
                return Proof("a tail was opened and closed")
        except NotPermitted as error:
            raise self._lacks(Permission.TAIL_READ, error) from error

    @property
    @once
    def writes_scripts(self) -> Proof:
        """That the credential deploys. Only its own policies, or what it did before, tell without a write."""
        self._see_the_token()
        if self._place.target.sandbox:
            return Proof("this session deployed the bot with it")
        if self._place.access.problem is not None:
            raise _could_not(self._place.access.problem)
        state = self._state
        granted = self._granted(state)
        if granted is None:
            return self._by_record(state)
        if Permission.SCRIPTS_EDIT.value in granted:
            return Proof("the token's own policies say so")
        message = f"the token's own policies do not have {Permission.SCRIPTS_EDIT.row}"
        raise Lacking(message, Permission.SCRIPTS_EDIT.remedy(state.kind))

    @property
    @once
    def _state(self) -> TokenState:
        try:
            return self._identity.state(self._place.access.account)
        except NotLoggedIn as error:
            raise Lacking(error.message, error.remedy) from error
        except ApiRefused as error:
            if error.status not in _REFUSED:
                raise
            message = f"Cloudflare does not take the credential: {error.message}"
            remedy = f"{pages_of(None)} → Create Token → Edit Cloudflare Workers; it is shown once, then set"
            raise Lacking(message, f"{remedy} CLOUDFLARE_API_TOKEN, or log in: wrangler login") from error

    @property
    def _identity(self) -> Identity:
        if self._place.access.identity is None:
            raise _could_not(self._place.unreadable)
        return self._place.access.identity

    def _see_the_token(self) -> None:
        """Nothing is known of the permissions of a token that is not taken at all."""
        try:
            _ = self.token
        except Lacking as error:
            message = "it can't be known: Cloudflare does not take the token itself"
            raise CouldNotLook(message, remedy="see to the token first") from error

    def _lacks(self, permission: Permission, error: NotPermitted) -> Lacking:
        return Lacking(f"wanted {permission.row}: {error.message}", permission.remedy(self._state.kind))

    def _by_use(self, account: str) -> Proof:
        """Where the token may not name its accounts: that of a worker that can be read is meant."""
        try:
            _ = self._looks.deployed.history
        except WorkerIsGone:
            return Proof(f"{account}, which answers")
        return Proof(f"{account}, which has the worker; its name may not be read with this token")

    def _granted(self, state: TokenState) -> frozenset[str] | None:
        try:
            return self._identity.grants(state.id, self._place.access.account)
        except CouldNotLook:
            return None

    def _by_record(self, state: TokenState) -> Proof:
        record = self._writes.of(self._place.target.name, datetime.now(UTC))
        account = self._place.access.account
        found = next((each for each in record if (each.token, each.account) == (state.id, account)), None)
        if found is not None:
            old = datetime.now(UTC) - found.at > OLD
            again = f"that is more than {OLD.days} days ago, and permissions may have changed: drill again"
            return Proof(f"last proven {found.at:%Y-%m-%d}, by run {found.run}", again if old else "")
        raise CouldNotLook(
            f"no write with this token is on record{_other(record)}; looking does not prove one",
            remedy=f"see that the token has {Permission.SCRIPTS_EDIT.row} ({pages_of(state.kind)}), and "
            "prove it by a drill or a rollback with it; or let it read itself: add User · API Tokens · Read",
        )


def _other(record: tuple[ProvenWrite, ...]) -> str:
    return f"; another token wrote on {record[0].at:%Y-%m-%d}" if record else ""


def _could_not(why: CouldNotLook | Exception) -> CouldNotLook:
    return CouldNotLook(getattr(why, "message", str(why)), remedy=getattr(why, "remedy", ""))
