"""Tells a watchman outside that a scheduled session has ended, and how: silence is what raises an alarm."""

from __future__ import annotations

from backstop.model.errors import CouldNotLook, UsageError
from backstop.model.http import Answer, NoAnswer, Request
from backstop.model.target import Secret
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober, worth_another
from backstop.settings.table import is_web_address

CODE = "{code}"  # where an address wants the exit code
_NO_CODE = "255"  # of what was killed, or never started
_LIMITS = Limits(total=10.0)  # seconds for each of at most two requests
_WELL = 300
_ELSEWHERE = range(300, 400)


def send(address: Secret, job: str, ended: str) -> None:
    """Report how a job ended: its exit code, or the name of the signal that killed it.

    The code goes into the address where that says ``{code}``, and is in the body. Raises UsageError for what
    is no address, CouldNotLook when nobody took the report. The address is a secret, and is never shown.
    """
    code = ended if ended.isdecimal() else _NO_CODE
    url = address.value.replace(CODE, code)
    if not is_web_address(url):
        remedy = f"wanted an https address, with {CODE} where it takes an exit code; no ? and no #"
        raise UsageError(f"{address.name} is no web address", remedy=remedy)
    how = f"exit code {code}" if ended.isdecimal() else f"killed ({ended or 'no code'})"
    text = f"backstop {job}: {how}\n"
    request = Request("POST", url, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())
    with Prober(url, limits=_LIMITS) as prober:
        exchange = prober.ask(request)
        if worth_another(exchange):
            exchange = prober.ask_cold(request)
    if why := _refusal(exchange.result):
        message = f"nobody took the report of {job} at {address.name}: {why}"
        raise CouldNotLook(message, remedy=_remedy(exchange.result))


def _refusal(result: Answer | NoAnswer) -> str:
    if isinstance(result, NoAnswer):
        return f"no answer ({result.silence.value})"
    return "" if result.status < _WELL else f"it answered {result.status}"


def _remedy(result: Answer | NoAnswer) -> str:
    if isinstance(result, Answer) and result.status in _ELSEWHERE:
        return "no redirect is followed: give the address that it leads to"
    return "see that the address is right, and that this machine reaches it"
