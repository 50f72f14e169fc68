"""A workflow for GitHub Actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.schedules.table import Job, cron_expression, variable

_HEAD = """\
# backstop's schedules, as a workflow. Made from one table by `python -m tools.schedules`.
#
# Copy this file to .github/workflows/ of the bot's own repository, then change what says CHANGE. targets.toml
# at its root must have {targets}, and say where the state of the team lies:
#
#   [state]
#   directory = ".backstop-state"
#
# What is in there (drill records, verified versions, how long the bot was up; nothing secret) is kept on the
# branch backstop-state. A cache would not do: GitHub drops it after a week without use. The last looks of a
# monitor, which come every few minutes, are kept in one, so that the branch does not grow by each of them.
# GitHub also stops schedules after 60 days without a commit: the heartbeats tell.

name: backstop

on:
  schedule: # UTC; GitHub starts them some minutes late
{schedule}
  workflow_dispatch:
    inputs:
      job:
        type: choice
        options: [{names}]

permissions:
  contents: write # for the branch backstop-state
  issues: write # for what did not go well

env:
  # CHANGE: secrets that targets.toml names with env:
  CLOUDFLARE_API_TOKEN: ${{{{ secrets.CLOUDFLARE_API_TOKEN }}}}
  CLOUDFLARE_ACCOUNT_ID: ${{{{ secrets.CLOUDFLARE_ACCOUNT_ID }}}}
  DISCORD_TOKEN: ${{{{ secrets.DISCORD_TOKEN }}}}
  GIT_AUTHOR_NAME: backstop
  GIT_AUTHOR_EMAIL: backstop@example.com
  GIT_COMMITTER_NAME: backstop
  GIT_COMMITTER_EMAIL: backstop@example.com

defaults:
  run:
    shell: bash # with -eo pipefail

jobs:
"""

_JOB = """\
  {name}: # {what}
    if: github.event.schedule == '{cron}' || inputs.job == '{name}'
    runs-on: ubuntu-latest
    timeout-minutes: {minutes}
    concurrency:
      group: backstop-{name} # one at a time; none is cut off in the middle
      cancel-in-progress: false
    steps:
      - uses: actions/checkout@v4

      - name: Fetch the state of the team
        id: fetch
        run: |
          # The bot's own tree stays clean, and the last looks of monitors off the branch.
          printf '%s\\n' /.backstop-state '/monitors/*/looks' '/monitors/*/counts' >> .git/info/exclude
          if git ls-remote --exit-code --heads origin backstop-state > /dev/null; then
            git fetch origin backstop-state
            git worktree add --detach .backstop-state FETCH_HEAD
          else
            git worktree add --detach .backstop-state
            git -C .backstop-state checkout --orphan backstop-state
            git -C .backstop-state rm -r --force --quiet .
          fi

{restore}      - run: npm ci # CHANGE: where the bot has no dependencies, leave this out

      - uses: OWNER/backstop@REF # CHANGE: your copy, and the tag or commit that you mean
        id: session
        with:
          session: {session}
          target: {target}

{keep}
      - name: Say it in an issue
        id: issue
        if: failure() && steps.session.outputs.report != ''
        env:
          GH_TOKEN: ${{{{ github.token }}}}
          REPORT: ${{{{ steps.session.outputs.report }}}}
        run: |
          body="$REPORT/summary.md" # a drill has five lines
          if [ ! -f "$body" ]; then body="$REPORT/incident.md"; fi
          gh issue create --title "backstop: {session} of {target} did not go well" --body-file "$body"

      # If even this does not come, whoever waits for it raises the alarm.
      - name: Heartbeat
        if: always()
        env:
          {variable}: ${{{{ secrets.{variable} }}}}
          CODE: ${{{{ steps.session.outputs.exit-code }}}}
        run: |
          "$RUNNER_TEMP/backstop-environment/bin/backstop" heartbeat {name} "$CODE"
"""
_RESTORE = """\
      # {what}
      - uses: actions/cache/restore@v4
        with:
          path: .backstop-state/monitors
          key: backstop-{name}-none
          restore-keys: backstop-{name}-

"""
_OWN_LOOKS = "The last looks of this monitor. It comes every few minutes, so that no cache of them grows old."
_HEALTH_LOOKS = "How long the bot was up: what the monitor of its health saw last."
_KEEP = """\
      # What is in it never changes once it is written, so that two machines' commits always fit together;
      # where each replaced an old entry by a newer one, with the strategy that takes nothing for a rename.
      - name: Keep the state of the team
        id: keep
        if: always() && steps.fetch.outcome == 'success'
        working-directory: .backstop-state
        run: |
          git add --all
          if git diff --cached --quiet; then exit 0; fi
          git commit --quiet --message="{name}, run $GITHUB_RUN_ID"
          for attempt in 1 2 3; do
            if git push origin HEAD:refs/heads/backstop-state; then exit 0; fi
            echo "somebody else was first (attempt $attempt)"
            git fetch origin backstop-state
            git rebase --strategy=resolve FETCH_HEAD
          done
          exit 1
"""
_SAVE = """\
      # Whatever this look found: a cache that only good looks keep would never come to an alert.
      - uses: actions/cache/save@v4
        if: always() && steps.fetch.outcome == 'success'
        with:
          path: .backstop-state/monitors
          key: backstop-{name}-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}
"""
_SET_UP_MINUTES = 10
_FASTEST_MINUTES = 5  # what GitHub starts at most


def github_expression(job: Job) -> str:
    """When it runs, as often as GitHub can: jobs are told apart by it."""
    if job.every_minutes is None:
        return cron_expression(job)
    return cron_expression(replace(job, every_minutes=max(job.every_minutes, _FASTEST_MINUTES)))


def workflow(jobs: Sequence[Job]) -> str:
    """The file."""
    head = _HEAD.format(
        targets=" and ".join(dict.fromkeys(f"[targets.{job.target}]" for job in jobs)),
        schedule="\n".join(f'    - cron: "{github_expression(job)}" # {job.what}' for job in jobs),
        names=", ".join(job.name for job in jobs),
    )
    return head + "\n".join(map(_job, jobs))


def _job(job: Job) -> str:
    return _JOB.format(
        name=job.name,
        what=job.what,
        cron=github_expression(job),
        restore=_restore(job),
        keep=(_SAVE if job.every_minutes else _KEEP).format(name=job.name),
        minutes=job.limit_minutes + _SET_UP_MINUTES,
        session=job.session,
        target=job.target,
        variable=variable(job),
    )


def _restore(job: Job) -> str:
    """A monitor goes on where its last look stopped; the others show how long the bot was up."""
    if job.every_minutes:
        return _RESTORE.format(name=job.name, what=_OWN_LOOKS)
    return _RESTORE.format(name="monitor_health", what=_HEALTH_LOOKS)
