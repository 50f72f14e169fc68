"""Timers and services for systemd."""

from __future__ import annotations

from tools.schedules.table import JITTER_MINUTES, Job, jitter_s, variable

PROGRAM = "/usr/local/bin/backstop"
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_MADE_UP = "missed while the machine was off, it is made up for"
_LOCKED = 75  # exit code where the one before still runs

_SERVICE = """\
# Made from one table by `python -m tools.schedules`; docs/drill-records.md says how to install it.
[Unit]
Description=backstop: {what}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
# CHANGE: the user that it runs as, and the folder that holds targets.toml
User=backstop
WorkingDirectory=/srv/my-bot
# NAME=value lines, readable by root only: credentials, and {variable}
EnvironmentFile=-/etc/backstop/environment
StateDirectory=backstop
# One at a time: where the one before still runs, this one ends with {locked}.
ExecStart=/usr/bin/flock --nonblock --no-fork --conflict-exit-code {locked} %S/backstop/{name}.lock \\
  {program} run {words}
# Whatever happened. If even this does not come, whoever waits for it raises the alarm.
ExecStopPost={program} heartbeat {name} $EXIT_STATUS
TimeoutStartSec={limit}min
# SIGTERM goes to the session alone, which puts everything back before it ends.
KillMode=mixed
TimeoutStopSec=10min
NoNewPrivileges=yes
"""

_TIMER = """\
# Made from one table by `python -m tools.schedules`.
[Unit]
Description=backstop: {what}

[Timer]
OnCalendar={calendar}
# Not at the same moment as everybody else; {missed}.
RandomizedDelaySec={jitter}
{more}

[Install]
WantedBy=timers.target
"""


def units(job: Job) -> dict[str, str]:
    """The files of one job, by name."""
    return {f"backstop-{job.name}.service": _service(job), f"backstop-{job.name}.timer": _timer(job)}


def calendar(job: Job) -> str:
    """When it runs, as systemd writes it; always in UTC."""
    if job.every_minutes is not None:
        start = job.minute % job.every_minutes
        minutes = "*" if job.every_minutes == 1 else f"{start:02d}/{job.every_minutes}"
        return f"*-*-* *:{minutes}:00 UTC"
    days = "" if job.weekday is None else f"{_DAYS[job.weekday]} "
    date = f"*-*-{job.day:02d}" if job.day else "*-*-*"
    return f"{days}{date} {job.hour:02d}:{job.minute:02d}:00 UTC"


def _service(job: Job) -> str:
    return _SERVICE.format(
        name=job.name,
        what=job.what,
        variable=variable(job),
        program=PROGRAM,
        words=f"-m {_quoted(job.session)} --target {job.target}",
        limit=job.limit_minutes,
        locked=_LOCKED,
    )


def _quoted(words: str) -> str:
    return f'"{words}"' if " " in words else words


def _timer(job: Job) -> str:
    monitor = job.every_minutes is not None
    return _TIMER.format(
        what=job.what,
        calendar=calendar(job),
        missed="a look that was missed is over" if monitor else _MADE_UP,
        jitter=f"{jitter_s(job)}s" if monitor else f"{JITTER_MINUTES}min",
        more="AccuracySec=1s" if monitor else "Persistent=true",
    )
