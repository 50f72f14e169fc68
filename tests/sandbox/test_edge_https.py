"""A worker over https: served like the one without, under the conditions that somebody asks for."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from yarl import URL

from sandbox.authority import Certificate
from sandbox.edge.secured import Secured, TlsConditions, TlsVersion
from tests.sandbox.edge_stage import WORKER, Stage, on_stage, script

ROOT = Path(__file__).resolve().parents[2]


async def _secured(stage: Stage, **conditions: object) -> Secured:
    secured = await stage.edge.secure(WORKER, TlsConditions.parse(conditions))
    assert secured is not None
    return secured


def _trusting(secured: Secured) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=secured.authority)


async def _days_left(secured: Secured) -> float:
    """Days that the certificate is still good for. Raises ssl.SSLError when it is refused."""
    host, port = secured.url.removeprefix("https://").split(":")
    _, writer = await asyncio.open_connection(host, int(port), ssl=_trusting(secured))
    shown = writer.get_extra_info("peercert")
    writer.close()
    expires = datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    return (expires - datetime.now(UTC)) / timedelta(days=1)


def test_a_worker_over_https_is_the_same_worker() -> None:
    """It sees its public address and the scheme; the address without TLS stays as it was."""

    async def play(stage: Stage) -> None:
        secured = await _secured(stage)
        async with stage.client.post(f"{secured.url}/echo?a=1", data=b"hi", ssl=_trusting(secured)) as answer:
            found = await answer.json()
        headers = dict(found["headers"])
        async with stage.client.get(f"{stage.url}/echo", headers={"X-Sandbox-Scheme": "https"}) as answer:
            plain = await answer.json()

        assert ("POST", f"{secured.url}/echo?a=1", "hi") == (found["method"], found["url"], found["body"])
        assert ('{"scheme":"https"}', "https") == (headers["cf-visitor"], headers["x-forwarded-proto"])
        assert "x-sandbox-scheme" not in headers
        assert f"{stage.url}/echo" == plain["url"]
        assert "http" == dict(plain["headers"])["x-forwarded-proto"]

    on_stage(play, script("v1"))


def test_its_addresses_stay_across_deployments_and_conditions() -> None:
    """A rollback changes what answers, not where."""

    async def play(stage: Stage) -> None:
        before = await _secured(stage)
        await stage.edge.deploy(WORKER, [(script("v2"), 100)])
        after = await _secured(stage, redirects=False)
        async with stage.client.get(f"{after.url}/echo", ssl=_trusting(after)) as answer:
            served = (await answer.json())["version"]

        assert (before.url, before.plain_url) == (after.url, after.plain_url)
        assert "v2" == served

    on_stage(play, script("v1"))


def test_plain_http_beside_it_redirects_or_serves() -> None:
    """As Always Use HTTPS does when it is on and when it is off."""

    async def play(stage: Stage) -> None:
        secured = await _secured(stage)
        asked = f"{secured.plain_url}/echo?a=%2Fb"
        url = URL(asked, encoded=True)
        async with stage.client.get(url, allow_redirects=False) as answer:
            moved = (answer.status, answer.headers["Location"], answer.headers["Server"])
        await _secured(stage, redirects=False)
        async with stage.client.get(url, allow_redirects=False) as answer:
            served = (answer.status, (await answer.json())["url"])

        assert (301, f"{secured.url}/echo?a=%2Fb", "cloudflare") == moved
        assert (200, asked) == served

    on_stage(play, script("v1"))


@pytest.mark.parametrize(
    ("certificate", "problem"),
    [
        (Certificate.EXPIRED, "certificate has expired"),
        (Certificate.OTHER_HOST, "certificate is not valid for '127.0.0.1'"),
        (Certificate.UNKNOWN_AUTHORITY, "unable to get local issuer certificate"),
    ],
)
def test_a_bad_certificate_is_refused_until_it_is_a_good_one_again(
    certificate: Certificate, problem: str
) -> None:
    """For the reason that was asked for; the address stays."""

    async def play(stage: Stage) -> None:
        secured = await _secured(stage, certificate=certificate.value)
        with pytest.raises(ssl.SSLCertVerificationError, match=problem):
            await _days_left(secured)
        await _secured(stage)

        assert 89 < await _days_left(secured) <= 90

    on_stage(play, script("v1"))


def test_a_certificate_that_is_about_to_expire_is_still_good() -> None:
    """For three days."""

    async def play(stage: Stage) -> None:
        assert 2.9 < await _days_left(await _secured(stage, certificate="expiring")) <= 3

    on_stage(play, script("v1"))


async def _spoken(secured: Secured, newest: ssl.TLSVersion) -> str:
    """The version that a client agrees on that knows nothing newer, or nothing."""
    context = _trusting(secured)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    host, port = secured.url.removeprefix("https://").split(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port), ssl=context)
    except (ssl.SSLError, ConnectionResetError):
        return ""
    version = writer.get_extra_info("ssl_object").version()
    writer.close()
    return str(version)


@pytest.mark.parametrize(
    ("oldest", "newest", "expected"),
    [
        ("1.0", ssl.TLSVersion.TLSv1, "TLSv1"),
        ("1.1", ssl.TLSVersion.TLSv1, ""),
        ("1.1", ssl.TLSVersion.TLSv1_1, "TLSv1.1"),
        ("1.2", ssl.TLSVersion.TLSv1_1, ""),
        ("1.2", ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
        ("1.3", ssl.TLSVersion.TLSv1_2, ""),
        ("1.0", ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    ],
)
def test_the_oldest_tls_is_as_asked_for(oldest: str, newest: ssl.TLSVersion, expected: str) -> None:
    """And anything newer is spoken too."""

    async def play(stage: Stage) -> None:
        await _secured(stage, oldest="1.0")
        assert expected == await _spoken(await _secured(stage, oldest=oldest), newest)

    on_stage(play, script("v1"))


def test_what_is_not_deployed_is_not_served() -> None:
    """Neither is what nobody asked for."""

    async def play(stage: Stage) -> None:
        assert stage.edge.secured(WORKER) is None
        assert await stage.edge.secure("nobody", TlsConditions()) is None

    on_stage(play, script("v1"))


def test_a_sandbox_without_https_starts_without_its_library() -> None:
    """It would cost every start a seventh of a second."""
    program = "import sys, sandbox.cloud; sys.exit('trustme' in sys.modules)"

    assert 0 == subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60, check=False).returncode


def test_conditions_are_read_as_they_are_written() -> None:
    """What is not named is as usual."""
    odd = TlsConditions(Certificate.EXPIRED, TlsVersion.TLS_1_0, redirects=False)

    assert odd == TlsConditions.parse(odd.as_json())
    assert TlsConditions() == TlsConditions.parse({})
