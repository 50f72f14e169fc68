"""A target that is a protected one under another name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backstop.model.target import Target
from backstop.settings.worker import protected_twin
from tests.unit.targetsfiles import bot_in

STAGING = Target(
    "staging", sandbox=False, url="https://staging.example", worker="bot", cloudflare_account="a"
)
PROD = replace(STAGING, name="prod", url="https://bot.example", protected=True)


@pytest.mark.parametrize(
    ("other", "twin"),
    [
        pytest.param(PROD, "prod", id="the same worker"),
        pytest.param(replace(PROD, cloudflare_account=""), "prod", id="perhaps in the same account"),
        pytest.param(replace(PROD, worker="other", url="https://staging.example/"), "prod", id="address"),
        pytest.param(replace(PROD, protected=False), "", id="not protected"),
        pytest.param(replace(PROD, cloudflare_account="b"), "", id="another account"),
        pytest.param(replace(PROD, worker="other"), "", id="another worker"),
        pytest.param(replace(PROD, sandbox=True), "", id="a sandbox"),
        pytest.param(replace(STAGING, protected=True), "", id="itself"),
    ],
)
def test_a_protected_worker_is_known_by_any_name(other: Target, twin: str) -> None:
    """Whoever forgot an environment would break production."""
    assert twin == protected_twin(STAGING, [STAGING, other])


def test_a_worker_that_only_a_project_names_is_known_too(tmp_path: Path) -> None:
    """And one that no project names is nobody's."""
    prod = replace(PROD, worker="", project=bot_in(tmp_path))

    assert "prod" == protected_twin(STAGING, [prod])
    assert "" == protected_twin(STAGING, [replace(prod, wrangler_env="staging")])
    assert "" == protected_twin(STAGING, [replace(prod, project=tmp_path / "nowhere")])
