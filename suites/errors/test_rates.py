"""How often the bot fails over minutes, by what monitors count: one look has too few requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.severity import Severity
from backstop.model.target import Target
from backstop.observe.error_counts import Heard, Share
from backstop.observe.refused import Refused
from backstop.observe.thresholds import alert_limit, error_limit, unauthorised_limit
from fixtures.state import NotApplicable

_STEP = "Alert thresholds: error rate"
_TAIL = "wrangler tail --status error"


@pytest.mark.check("errors.probes", severity="medium", step=_STEP)
def test_probes(probed: Share, target: Target, remark: Callable[[str], None]) -> None:
    """The error rate over our probes of ten minutes is not shown to be above the policy's threshold"""
    limit = error_limit(target)

    assert probed.low <= limit, f"{probed.told}, wanted at most {100 * limit:g} %\n→ {_TAIL}"
    remark(probed.told)


@pytest.mark.check("errors.alert", severity="medium", step=_STEP)
def test_alert(counted: Sequence[Share], heard: Heard, target: Target, remark: Callable[[str], None]) -> None:
    """The error rate, of probes or of a version, is not shown to be one of which people are alerted"""
    limit = alert_limit(target)
    above = [each.told for each in counted if each.low > limit]

    assert not above, f"{'; '.join(above)}, people are alerted from {100 * limit:g} %\n→ {_TAIL}"
    if heard.unseen:
        raise CouldNotLook(f"errors in the tail would not have been seen: {heard.unseen}")
    remark("; ".join(each.told for each in counted))


@pytest.mark.check("errors.outage", severity="high", step=_STEP)
def test_outage(probed: Share, target: Target, remark: Callable[[str], None]) -> None:
    """The error rate over our probes is not shown to be as high as that of an outage"""
    limit = error_limit(target, Severity.HIGH)

    assert probed.low <= limit, f"{probed.told}, wanted at most {100 * limit:g} %\n→ see if a rollback helps"
    remark(probed.told)


@pytest.mark.check("errors.tail", severity="medium", step=_STEP)
def test_tail(
    tailed: Sequence[Share],
    heard: Heard,
    target: Target,
    remark: Callable[[str], None],
    degraded: Callable[[str], None],
) -> None:
    """The error rate that the tail shows, of each version, is not shown to be above the policy's threshold"""
    limit = error_limit(target)
    above = [each.told for each in tailed if each.low > limit]

    assert not above, f"{'; '.join(above)}, wanted at most {100 * limit:g} %\n→ {_TAIL}"
    remark("; ".join(each.told for each in tailed))
    if heard.tallied.sampled:
        degraded("Cloudflare left events out of the tail: it is sampled under load")


@pytest.mark.check(
    "errors.unauthorised", severity="medium", step="4. Security incidents: unauthorized access"
)
def test_unauthorised(
    heard: Heard,
    target: Target,
    request: pytest.FixtureRequest,
    remark: Callable[[str], None],
    degraded: Callable[[str], None],
) -> None:
    """More requests than the target declares to be usual are not shown to be refused as unauthorised"""
    usual = unauthorised_limit(target)
    if usual is None:
        message = "the target declares no unauthorised_per_minute"
        raise NotApplicable(message)
    refused: Refused = request.getfixturevalue("refused")

    assert refused.low <= usual, (
        f"{refused.told}, wanted at most {usual:g}\n→ who asks? If Discord does: DISCORD_PUBLIC_KEY"
    )
    remark(refused.told)
    if heard.tallied.sampled:
        degraded(f"{refused.told}, and there were more: Cloudflare left events out of the tail")
