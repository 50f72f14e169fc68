"""Which hostnames lead to workers: those that workers recorded, and those that the account was told of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.support import Sandbox, code_of


def domains(sandbox: Sandbox, query: str = "") -> dict[str, str]:
    """Where hostnames lead."""
    found: list[dict[str, Any]] = sandbox.result("GET", f"workers/domains{query}")
    return {each["hostname"]: each["service"] for each in found}


def test_domains_lead_to_workers(sandbox: Sandbox, worker: str) -> None:
    """Those that a worker recorded beside those that the sandbox was told of; every filter narrows them."""
    sandbox.put(worker)
    recorded, told = f"{worker}.example.com", f"{worker}.example.org"
    origins = {"origins": [{"hostname": recorded}]}
    sandbox.result("PUT", f"{sandbox.script(worker)}/domains/records", json=origins)
    sandbox.control("PUT", "domains", json=[{"hostname": told, "service": "other"}])

    assert {recorded: worker, told: "other"}.items() <= domains(sandbox).items()
    assert {recorded: worker} == domains(sandbox, f"?hostname={recorded}")
    assert {told: "other"} == domains(sandbox, "?service=other")
    assert {} == domains(sandbox, f"?service=other&hostname={recorded}")
    assert {told: "other"} == domains(sandbox, "?zone_name=example.org")


def test_a_domain_is_shown_with_its_zone(sandbox: Sandbox) -> None:
    """The zone is the one that a client finds by its name."""
    sandbox.control("PUT", "domains", json=[{"hostname": "bot.example.com", "service": "bot"}])

    (domain,) = sandbox.result("GET", "workers/domains?hostname=bot.example.com")
    (zone,) = sandbox.result("GET", "/zones?name=example.com")

    assert ("bot", "production") == (domain["service"], domain["environment"])
    assert (zone["id"], zone["name"]) == (domain["zone_id"], domain["zone_name"])
    assert {"id", "cert_id", "hostname", "service", "environment", "zone_id", "zone_name"} == domain.keys()


def test_a_hostname_leads_to_one_worker(sandbox: Sandbox, worker: str) -> None:
    """What the sandbox is told counts more than what the worker recorded, until it is told otherwise."""
    sandbox.put(worker)
    hostname = f"{worker}.example.com"
    origins = {"origins": [{"hostname": hostname}]}
    sandbox.result("PUT", f"{sandbox.script(worker)}/domains/records", json=origins)
    sandbox.control("PUT", "domains", json=[{"hostname": hostname, "service": "thief"}])
    stolen = domains(sandbox, f"?hostname={hostname}")
    sandbox.control("PUT", "domains", json=[])

    assert {hostname: "thief"} == stolen
    assert {hostname: worker} == domains(sandbox, f"?hostname={hostname}")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([{"hostname": "a.example.com"}], "wanted a domain as {hostname, service}, both texts"),
        ([{"hostname": "a.example.com", "service": ""}], "'service': ''"),
        ([{"hostname": "a.example.com", "service": "a", "zone": "b"}], "'zone': 'b'"),
        (["a.example.com"], "found 'a.example.com'"),
        ({}, "not a JSON list"),
    ],
)
def test_wrong_domains_are_refused(sandbox: Sandbox, body: object, said: str) -> None:
    """With a sentence, and what was told before stays."""
    sandbox.control("PUT", "domains", json=[{"hostname": "stays.example.net", "service": "bot"}])

    refused = sandbox.control("PUT", "domains", json=body)

    assert 400 == refused.status_code
    assert said in refused.json()["error"]
    assert {"stays.example.net": "bot"} == domains(sandbox, "?zone_name=example.net")


def test_a_recorded_domain_needs_a_hostname(sandbox: Sandbox, worker: str) -> None:
    """Also where the worker records it itself."""
    sandbox.put(worker)

    refused = sandbox.api("PUT", f"{sandbox.script(worker)}/domains/records", json={"origins": [{}]})

    assert (400, 10001) == code_of(refused)
    assert {} == domains(sandbox, f"?service={worker}")


def test_a_zone_shows_the_routes_of_its_workers(sandbox: Sandbox, worker: str) -> None:
    """By the zone's name, its id, or the host of the pattern; those of another zone are not among them."""
    sandbox.put(worker)
    (zone,) = sandbox.result("GET", "/zones?name=example.com")
    patterns = (f"{worker}.example.com/*", f"https://{worker}.example.com/x", "*/y", "*/z")
    more: tuple[dict[str, str], ...] = ({}, {}, {"zone_name": "example.com"}, {"zone_id": zone["id"]})
    routes = [{"pattern": pattern} | each for pattern, each in zip(patterns, more, strict=True)]
    elsewhere = {"pattern": f"{worker}.example.net/*"}

    sandbox.result("PUT", f"{sandbox.script(worker)}/routes", json=[*routes, elsewhere])
    found = sandbox.result("GET", f"/zones/{zone['id']}/workers/routes")

    assert set(patterns) == {each["pattern"] for each in found if each["script"] == worker}
