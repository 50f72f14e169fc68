"""What a look meets: a bot, Discord, its status page and Cloudflare, each well or hostile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tests.hostile import bots, services
from tests.hostile.wire import Odd, always, answer, as_json, keeping
from tests.unit.loopback import RawServer, Serve

ROOT = Path(__file__).resolve().parents[2]
WELL_BOT = keeping(lambda _: as_json(bots.health()))
_TARGET = """
[targets.hostile]
url = "{bot}"
control = "{control}"
worker = "hostile"
blocking = "low"
environment = "production"
required_secrets = ["DISCORD_TOKEN"]
health = {{ path = "/", json = {{ status = "healthy" }} }}
discord_application_id = "{application}"
discord_token = "a-token-that-is-made-up-for-this-look"
cloudflare_api_token = "another-token-that-is-made-up-for-it"
cloudflare_account_id = "0123456789abcdef0123456789abcdef"
{key}

[[targets.hostile.commands]]
name = "register"
channel = "{channel}"
options = {{ tracker1 = "https://example.com/" }}
expect = {{ type = 4, content = "Registration received", ephemeral = true }}

{posts}
[[targets.hostile.interactions]]
payload = "{payload}"
expect = {{ type = 4, ephemeral = true }}
"""
_POSTS = f"""
[[targets.hostile.commands]]
name = "post"
channel = "{services.CHANNEL}"
effects = "posts"
"""


@dataclass(frozen=True)
class Surroundings:
    """The servers that a look meets. Without ``key`` the bot is one whose key only Discord holds.

    ``posts``: a command that posts is declared as well; where one is answered, its message is awaited.
    ``tls``: the bot's address is an https one, though nothing there speaks TLS.
    """

    bot: Serve = WELL_BOT
    discord: Serve = services.WELL_DISCORD
    status: Serve = services.WELL_DISCORD
    cloudflare: Serve = services.WELL_CLOUDFLARE
    key: bool = True
    posts: bool = False
    tls: bool = False


@dataclass(frozen=True)
class Served:
    """Surroundings that listen: the text of a targets file, and the addresses of the services."""

    targets: str
    bot: str
    discord: str
    status: str
    cloudflare: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables that tell where the services are."""
        return {
            "DISCORD_API_BASE_URL": self.discord,
            "DISCORD_STATUS_BASE_URL": self.status,
            "CLOUDFLARE_STATUS_BASE_URL": self.status,
            "CLOUDFLARE_API_BASE_URL": self.cloudflare,
        }


@contextmanager
def serving(around: Surroundings) -> Iterator[Served]:
    """Listen for as long as the context lasts."""
    with ExitStack() as stack:

        def url(serve: Serve) -> str:
            return stack.enter_context(RawServer(serve)).url

        bot, control = url(around.bot), url(always(answer()))
        bot = bot.replace("http:", "https:") if around.tls else bot
        text = _TARGET.format(
            bot=bot,
            control=control,
            application=services.APPLICATION,
            channel=services.CHANNEL,
            key=f'signing_key = "{"5a" * 32}"' if around.key else "",
            posts=_POSTS if around.posts else "",
            payload=ROOT / "sandbox" / "bot" / "interactions" / "button.json",
        )
        yield Served(text, bot, url(around.discord), url(around.status), url(around.cloudflare))


_WELL = (
    Odd(services.WELL_DISCORD, "discord.token", "pass"),
    Odd(services.WELL_DISCORD, "discord.status", "pass"),
    Odd(services.WELL_CLOUDFLARE, "deployment.authenticated", "pass"),
)


@dataclass(frozen=True)
class Services:
    """Three hostile services at a time: what one says is no business of the others' checks."""

    discord: Odd
    status: Odd
    cloudflare: Odd

    @property
    def surroundings(self) -> Surroundings:
        """With a bot that is well, whose key only Discord holds."""
        return Surroundings(
            discord=self.discord.serve,
            status=self.status.serve,
            cloudflare=self.cloudflare.serve,
            key=False,
            posts=True,
        )


def _services() -> Iterator[tuple[str, Services]]:
    kinds = (services.DISCORDS, services.STATUS_PAGES, services.CLOUDFLARES)
    for names in zip_longest(*kinds):
        odd = (kind.get(name or "", well) for kind, name, well in zip(kinds, names, _WELL, strict=True))
        yield " | ".join(name or "well" for name in names), Services(*odd)


SERVICES = dict(_services())
