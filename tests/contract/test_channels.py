"""Channels of the running sandbox: made by a control endpoint, and answered by it under real addresses."""

from __future__ import annotations

from tests.contract.support import Sandbox


def test_channels_are_made_as_their_owner_has_them(sandbox: Sandbox) -> None:
    """The variables lead to the doubles; what those were sent can be seen."""
    made = sandbox.control("POST", "channels", json={}).json()
    bases = made["environment"]
    hook = str(made["slack"]).replace("https://hooks.slack.com", bases["SLACK_WEBHOOK_BASE_URL"])
    webhook = str(made["discord"]).replace("https://discord.com/api", sandbox.ready["discord"])
    page = made["statuspage"]
    paths = (f"/pages/{page['page']}", f"/pages/{page['page']}/components/{page['component']}")

    refused = sandbox.http.post(hook, json={})
    read = [
        sandbox.http.get(
            bases["STATUSPAGE_API_BASE_URL"] + path, headers={"Authorization": f"OAuth {page['token']}"}
        )
        for path in paths
    ]
    kept = sandbox.control("GET", "channels").json()

    assert (400, "no_text") == (refused.status_code, refused.text)
    assert [200, 200] == [each.status_code for each in read]
    assert 200 == sandbox.http.get(webhook).status_code
    assert "no_text" == kept["slack"][-1]["answer"]
    assert {"GET"} == {each["asked"].split()[0] for each in kept["statuspage"]}


def test_a_hook_that_takes_nothing(sandbox: Sandbox) -> None:
    """It can be had as well; what there is not is refused with what there is."""
    made = sandbox.control("POST", "channels", json={"slack": "channel_is_archived"}).json()
    hook = str(made["slack"]).replace(
        "https://hooks.slack.com", made["environment"]["SLACK_WEBHOOK_BASE_URL"]
    )
    odd = sandbox.control("POST", "channels", json={"slack": "tired"})

    assert 410 == sandbox.http.post(hook, json={"text": "hello"}).status_code
    assert 400 == odd.status_code
    assert "channel_is_archived" in odd.json()["error"]


def test_what_goes_wrong_at_a_service_and_what_people_saw(sandbox: Sandbox) -> None:
    """Trouble comes and goes by a control endpoint; messages and incidents are shown as they are now."""
    made = sandbox.control("POST", "channels", json={}).json()
    hook = str(made["slack"]).replace(
        "https://hooks.slack.com", made["environment"]["SLACK_WEBHOOK_BASE_URL"]
    )
    webhook = str(made["discord"]).replace("https://discord.com/api", sandbox.ready["discord"])
    busy = {"slack": {"kind": "busy", "seconds": 7, "times": 1}}

    assert {"trouble": ["slack"]} == sandbox.control("PUT", "channels/trouble", json=busy).json()
    refused, taken = (sandbox.http.post(hook, json={"text": "<!here> hello"}) for _ in range(2))
    posted = sandbox.http.post(f"{webhook}?wait=true", json={"content": "@everyone hello"})
    kept = sandbox.control("GET", "channels").json()

    assert (429, "7") == (refused.status_code, refused.headers["retry-after"])
    assert (200, 200) == (taken.status_code, posted.status_code)
    assert ["!here"] == kept["slack"][-1]["acts"]
    assert (posted.json()["id"], ["@everyone"]) == (kept["discord"][-1]["id"], kept["discord"][-1]["acts"])
    assert 1 == kept["trouble"]["slack"]
    assert 400 == sandbox.control("PUT", "channels/trouble", json={"slack": {"kind": "tired"}}).status_code
    assert 400 == sandbox.control("PUT", "channels/trouble", json={"email": {"kind": "slow"}}).status_code
    assert {"trouble": []} == sandbox.control("PUT", "channels/trouble", json={}).json()
