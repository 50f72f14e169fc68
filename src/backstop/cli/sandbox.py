"""``backstop sandbox``: the embedded cloud on its own, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import threading
from types import FrameType

from backstop.model.verdict import Ending
from backstop.outlets import print_openly
from backstop.sandboxed import SandboxHandle, running_sandbox


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "sandbox",
        help="run the embedded Cloudflare and Discord until Ctrl-C",
        description="Runs the embedded Cloudflare API, its edge and Discord's double on loopback, and prints "
        "their addresses and the environment that points wrangler at them. Ctrl-C stops everything.",
    )
    parser.set_defaults(run=_run)


def _run(_arguments: argparse.Namespace) -> Ending:
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):  # both are the ordinary way to end this command
        signal.signal(number, end)
    with running_sandbox() as handle:
        print_openly(_introduction(handle))
        stop.wait()
    return Ending.VERIFIED


def _introduction(handle: SandboxHandle) -> str:
    return f"""\
The sandbox is up; Ctrl-C stops it. Nothing leaves this machine.

  Cloudflare API   {handle.api}
  Discord API      {handle.discord}
  control          {handle.control}/workers/NAME tells where a worker answers;
                   PUT {{}} to it with /tls behind, and it is served over https too;
                   POST to it with /scheduled?cron=… behind, and its cron runs now;
                   PUT {{"stub": ["AI"]}} to it with /staging behind, before its first deploy, and the
                   binding AI, which is not served here, throws when it is used instead

Point wrangler at it in another terminal (these credentials work here only, for this run):

  export CLOUDFLARE_API_BASE_URL={handle.api}
  export CLOUDFLARE_API_TOKEN={handle.token}
  export CLOUDFLARE_ACCOUNT_ID={handle.account}

Where backstop finds Discord and its status page, for a target with a url that is served here:

  export DISCORD_API_BASE_URL={handle.discord}
  export DISCORD_STATUS_BASE_URL={handle.discord_status}
  export CLOUDFLARE_STATUS_BASE_URL={handle.cloudflare_status}

The bot's Discord application, to be set as its secrets:

  DISCORD_APPLICATION_ID  {handle.application_id}
  DISCORD_PUBLIC_KEY      {handle.public_key}
  DISCORD_TOKEN           {handle.discord_token}
"""
