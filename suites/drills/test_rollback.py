"""The rollback that led to this stage did what it had to, in time."""

from __future__ import annotations

import pytest

from backstop.rollback.testimony import Confirmation, Witness

pytestmark = pytest.mark.after_rollback


@pytest.mark.check("drills.witnesses", severity="critical", step="Monthly rollback drills, step 3")
def test_witnesses(confirmation: Confirmation) -> None:
    """The command, the deployments API and the edge agree on what serves"""
    witnesses = {said.witness for said in confirmation.testimonies}

    assert witnesses == set(Witness), f"only {', '.join(w.value for w in witnesses)} testified"
    assert confirmation.agreed, confirmation.dissent


@pytest.mark.check("drills.objective", severity="high", step="Business continuity: RTO")
def test_objective(confirmation: Confirmation, objective: float) -> None:
    """The good version served again within the recovery time objective"""
    found = confirmation.after(Witness.EDGE)

    assert found is not None, "the edge never served the good version"
    assert found <= objective, f"served again after {found:.1f} s, wanted at most {objective:.0f} s"
