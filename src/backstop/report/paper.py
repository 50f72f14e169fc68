"""What every page is printed on: the templates, the style sheet, and what keeps values from acting."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from backstop.model.run import Phase
from backstop.model.severity import Severity
from backstop.report import text
from backstop.report.bands import bands
from backstop.report.compact import compact
from backstop.report.signs import sign_of_check, sign_of_scenario
from backstop.report.versions import named

_MOST_WITNESSES = 12  # of one stage
_MOST_LINES = 50  # of one list of a plan
_LONGEST = 5000  # characters of any one value; texts are cut before, and say where the rest is
_SPACE = re.compile(r"\s*([{};,])\s*|(?<=:) |\n\s*")

if TYPE_CHECKING:  # where a page is made: most monitors make none, and pay for the start of each
    from jinja2 import Environment
    from markupsafe import Markup


@cache
def paper() -> Environment:
    """The environment of all pages: escapes what it is given, and spells out what would act unseen."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - see above

    environment = Environment(
        loader=PackageLoader("backstop.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )
    environment.filters |= {
        "duration": text.duration,
        "allowed": text.allowed,
        "ms": text.milliseconds,
        "clock": text.clock,
        "day": text.day_and_time,
        "moment": text.moment,
        "bounded": text.bounded,
        "short_ids": text.short_ids,
        "number": text.number_of_stage,
        "at": text.at,
        "sign": sign_of_check,
        "scenario_sign": sign_of_scenario,
    }
    style, digest = _style(environment)
    environment.globals |= {
        "named": named,
        "bands": bands,
        "MOST_WITNESSES": _MOST_WITNESSES,
        "MOST_LINES": _MOST_LINES,
        "Phase": Phase,
        "Severity": Severity,
        "style": style,
        "style_hash": digest,
    }
    return environment


def printed(template: str, **values: Any) -> str:
    """A whole page; the same values give the same bytes."""
    return compact(paper().get_template(template).render(values))


def _style(environment: Environment) -> tuple[Markup, str]:
    """The style sheet, and its hash for the page's content security policy."""
    from markupsafe import Markup  # noqa: PLC0415 - see above

    if environment.loader is None:
        return Markup(), ""
    source, _, _ = environment.loader.get_source(environment, "style.css")
    sheet = _SPACE.sub(lambda found: found[1] or found[0].strip(), source).replace(";}", "}")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return Markup(sheet), f"sha256-{digest}"  # noqa: S704 - our own file, not a value of a journal


def _safe(value: Any) -> Any:
    """Every value on its way into the page: nothing hidden in it may act on the reader's screen."""
    from markupsafe import Markup  # noqa: PLC0415 - see above

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return text.visible(text.bounded(value, most=_LONGEST))
