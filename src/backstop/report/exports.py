"""Writes what other tools show of a session, from its journal: Allure's results, and copies for a CI."""

from __future__ import annotations

from pathlib import Path

from backstop.journal.conclusion import Conclusion
from backstop.report.allure import allure_results
from backstop.report.junit import junit
from backstop.storage import write_atomic, write_many

ALLURE = "allure-results"


def write_exports(
    conclusion: Conclusion, directory: Path, junit_too: Path | None = None, allure_too: Path | None = None
) -> None:
    """Write ``allure-results`` into the run's directory, and both kinds where else they are wanted.

    Raises CannotWrite.
    """
    if junit_too is not None:
        write_atomic(junit_too, junit(conclusion))
    results = dict(allure_results(conclusion))
    for folder in filter(None, (directory / ALLURE, allure_too)):
        write_many(folder, results)
