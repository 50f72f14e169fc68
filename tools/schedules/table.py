"""What runs when. Everything in schedules/ that runs by a clock is made from this, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass

MONDAY = 1
JITTER_MINUTES = 15  # not all teams at once, where a scheduler can do that


@dataclass(frozen=True, slots=True)
class Job:
    """One session. ``target`` is a name of the targets file, ``what`` a line for people.

    It runs at ``hour`` and ``minute``, on ``day`` of each month, else on ``weekday`` (Monday is 1). That is
    UTC for systemd and GitHub, and the machine's time for cron. After ``limit_minutes`` it is ended.
    A monitor runs every so many minutes instead, from ``minute`` of the hour on.
    """

    name: str
    session: str
    target: str
    what: str
    hour: int
    minute: int
    limit_minutes: int
    day: int | None = None
    weekday: int | None = None
    every_minutes: int | None = None


JOBS = (
    Job("drill", "drill", "staging", "monthly drill of staging", 4, 17, 30, day=1),
    Job("ready", "ready", "prod", "weekly: could prod be rolled back tonight?", 5, 23, 10, weekday=MONDAY),
    Job(
        "freshness",
        "drill_freshness",
        "staging",
        "weekly: are the drills of staging up to date?",
        5,
        41,
        5,
        weekday=MONDAY,
    ),
    Job("monitor_health", "monitor and health", "prod", "is prod well?", 0, 2, 4, every_minutes=5),
    Job("monitor_errors", "monitor and errors", "prod", "does prod fail often?", 0, 4, 4, every_minutes=1),
    Job("monitor_latency", "monitor and latency", "prod", "is prod slow?", 0, 8, 4, every_minutes=10),
)


def cron_expression(job: Job) -> str:
    """The five fields of cron."""
    if job.every_minutes is not None:
        return f"{_minutes(job)} * * * *"
    return f"{job.minute} {job.hour} {job.day or '*'} * {'*' if job.weekday is None else job.weekday}"


def _minutes(job: Job) -> str:
    return (
        "*" if job.every_minutes == 1 else f"{job.minute % (job.every_minutes or 60)}-59/{job.every_minutes}"
    )


def jitter_s(job: Job) -> int:
    """Seconds of delay at random, where a scheduler can do that: of a monitor a third of its pace."""
    return 60 * JITTER_MINUTES if job.every_minutes is None else 20 * job.every_minutes


def variable(job: Job) -> str:
    """The environment variable that holds the address of the job's heartbeat."""
    return f"BACKSTOP_HEARTBEAT_{job.name.upper()}"
