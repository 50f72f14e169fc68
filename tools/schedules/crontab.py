"""A crontab."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from tools.schedules.table import JITTER_MINUTES, Job, cron_expression

_HEAD = """\
# backstop's schedules, for `crontab`. Made from one table by `python -m tools.schedules`.
#
# CHANGE: the folder that holds targets.toml (/srv/my-bot), and where mail about failures goes.
# Credentials and the addresses of heartbeats (BACKSTOP_HEARTBEAT_DRILL, …) stand in .env in that folder.
# flock: where the one before still runs, nothing is started (75). timeout: SIGTERM; the session puts all
# back, and its own exit code counts. heartbeat: how it ended; if none comes, whoever waits raises the alarm.
# The times are this machine's own, where the others are UTC; days of a drill count in UTC anywhere.
SHELL=/bin/sh
PATH=/usr/local/bin:/usr/bin:/bin
MAILTO=you@example.com
# Minutes of delay at random: cronie's; a cron that does not know it starts on the minute.
RANDOM_DELAY={jitter}
"""
# A look every few minutes is not mail: what the newest one printed lies in a file.
_MONITORS = """
# Monitors. They begin at minutes of their own, and without a further delay.
RANDOM_DELAY=0
"""
_LOG = ' > "$HOME/.backstop-{name}.log" 2>&1'
_LINE = (
    'cd /srv/my-bot && {{ flock -n -F -E 75 "$HOME/.backstop-{name}.lock"'
    " timeout --foreground --preserve-status -k 10m {limit}m backstop run -m {session} --target {target};"
    " backstop heartbeat {name} $?; }}"
)


def crontab(jobs: Sequence[Job]) -> str:
    """The file."""
    rare = [job for job in jobs if job.every_minutes is None]
    often = [job for job in jobs if job.every_minutes is not None]
    entries = (*map(_entry, rare), _MONITORS, *map(_entry, often))
    return _HEAD.format(jitter=JITTER_MINUTES) + "".join(entries)


def _entry(job: Job) -> str:
    session = shlex.quote(job.session)
    command = _LINE.format(name=job.name, limit=job.limit_minutes, session=session, target=job.target)
    command += _LOG.format(name=job.name) if job.every_minutes else ""
    return f"\n# {job.what}\n{cron_expression(job)} {command}\n"
