"""The checks that no fault of a bot can turn red, each with what shows it red instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NO_TLS = "the sandbox serves no https; tests/unit/test_probes_certificate.py shows what it reads"

UNPROVABLE: Mapping[str, str] = MappingProxyType(
    {
        "deployment.authenticated": "refused credentials make it inconclusive; no deployment lacks versions",
        "deployment.rollback": "is degraded over the first look of each proof, where nothing came before",
        "health.certificate": _NO_TLS,
        "health.https": _NO_TLS,
        "health.tls": _NO_TLS,
        "drills.witnesses": "is asked of a rollback, and a proof makes none; tests/unit shows dissent",
        "drills.objective": "is asked of a rollback, and a proof makes none",
    }
)
