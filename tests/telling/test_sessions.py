"""Rollbacks with people who are told: what the doubles of the services were sent, and what people saw."""

from __future__ import annotations

from pathlib import Path

from backstop.cli.main import main
from tests.ready.desk import Desk
from tests.rollback.incident import Incident
from tests.telling.audience import ROLL_BACK, Audience, answers, trail

HOSTILE = "<!channel> @everyone <@80351110224678912> [x](https://evil.example) {{ run }} `\n*Severity*: none"


def _shown_in(folder: Path, output: str, parts: list[str]) -> list[str]:
    """Which of the parts stand in what somebody can read afterwards."""
    written = [path for path in (folder / "reports").rglob("*") if path.is_file()]
    texts = [output, *(path.read_text(errors="replace") for path in written)]
    return [part for part in parts if any(part in text for text in texts)]


def _report(audience: Audience, name: str) -> str:
    return (audience.desk.folder / "reports" / "latest" / name).read_text()


def test_everybody_is_told_of_a_rollback(audience: Audience) -> None:
    """Before the act and once it is verified: two messages, one that changes, and one public incident."""
    ended = audience.roll_back(HOSTILE)

    assert 0 == ended.code, ended.output
    assert all(ok for _, _, ok in trail(ended)), trail(ended)
    assert "tells:    Slack, Discord, Statuspage" in ended.output
    assert ["🚨 mine: rollback initiated", "✅ mine: rolled back and verified"] == audience.headers()
    (notice,) = audience.discord()
    assert 2 == len(notice["said"])
    assert "**Bot Maintenance Notice**" in notice["said"][0]
    assert "is back" in notice["content"]
    assert ["investigating", "identified", "monitoring"] == audience.statuses()
    (incident,) = audience.incidents()
    assert ("operational", 2) == (incident["component"], incident["mails"])
    assert [] == [*notice["acts"], *(act for each in audience.slack() for act in each["acts"])]
    assert [] == _shown_in(audience.desk.folder, ended.output, audience.secrets())
    assert "Who was told" in _report(audience, "report.html")
    assert "Stakeholders notified" in _report(audience, "incident.md")


def test_the_next_session_goes_on_with_the_incident(audience: Audience) -> None:
    """A look that finds the bot well closes it: the same notice, the same incident."""
    first = audience.roll_back()
    look = audience.desk.session("-m", "post_rollback")

    assert [0, 0] == [first.code, look.code], look.output
    assert {"slack", "discord", "statuspage"} == {who for who, what, ok in trail(look) if ok}
    assert 1 == len(audience.discord())
    assert ["investigating", "identified", "monitoring", "resolved"] == audience.statuses()


def test_an_incident_that_is_closed_by_hand(audience: Audience) -> None:
    """Each service took it: resolved in public, one more message for the team; nothing in it acts."""
    first = audience.roll_back()
    targets = str(audience.desk.folder / "targets.toml")

    closed = [main(["tell", "mine", "resolved", HOSTILE, f"--targets-file={targets}"]) for _ in range(2)]

    assert [0, 0, 0] == [first.code, *closed]
    assert ["investigating", "identified", "monitoring", "resolved"] == audience.statuses()
    assert "✅ mine: resolved" == audience.headers()[-1]
    assert 3 == len(audience.headers())
    (notice,) = audience.discord()
    assert "is resolved." in notice["content"]
    assert [] == [*notice["acts"], *(act for each in audience.slack() for act in each["acts"])]


def test_a_bad_deploy_that_is_rolled_back(audience: Audience) -> None:
    """By the automation: told with the severity that it has found, and that the older version is verified."""
    live = f"--expect-live={audience.desk.incident.bad}"

    ended = audience.desk.session("-m", "post_deploy", "--rollback-on=critical", live)

    assert 24 == ended.code, ended.output
    assert ["🚨 mine: rollback initiated", "✅ mine: rolled back and verified"] == audience.headers()
    assert "*Severity*: critical" in audience.slack()[0]["text"]
    (incident,) = audience.incidents()
    assert ("critical", "operational") == (incident["impact"], incident["component"])
    assert ["investigating", "identified", "monitoring"] == audience.statuses()


def test_channels_that_answer_nonsense_change_nothing(audience: Audience) -> None:
    """A page of somebody else's, a redirect, a service out of order: one clear line each."""
    elsewhere = audience.desk.incident.sandbox.ready["control"].replace("/sandbox", "/elsewhere")
    audience.trouble(
        slack={"kind": "page"},
        discord={"kind": "redirecting", "location": elsewhere},
        statuspage={"kind": "broken"},
    )

    ended = audience.roll_back()

    assert 0 == ended.code, ended.output
    assert [] == [channel for channel, _, ok in trail(ended) if ok]
    assert "told:   ✗ Slack was not told (initiated, completed): something else answers" in ended.output
    assert "told:   ✗ Discord was not told (initiated): Discord redirects to 127.0.0.1 (307)" in ended.output
    assert "told:   ? Statuspage was perhaps told (initiated): Statuspage is out of order" in ended.output
    assert [] == [each for each in audience.desk.incident.sandbox.unknown_requests() if "elsewhere" in each]
    assert [] == _shown_in(audience.desk.folder, ended.output, audience.secrets())


def test_channels_that_take_for_ever_delay_nothing(audience: Audience) -> None:
    """One hangs, one sends ten megabytes, one cuts the line: the verdict is the rollback's own."""
    audience.trouble(slack={"kind": "hanging"}, discord={"kind": "huge"}, statuspage={"kind": "down"})

    ended = audience.roll_back()

    assert 0 == ended.code, ended.output
    assert [] == [channel for channel, _, ok in trail(ended) if ok]
    assert "no answer (timed out); it may have been posted all the same" in answers(ended, "slack")
    assert "more than 64 kB" in answers(ended, "discord")[0]
    assert "no answer (connection reset); it may have been posted all the same" in answers(
        ended, "statuspage"
    )
    assert "nothing waits for it" in ended.output


def _entries(audience: Audience) -> list[str]:
    """What readers of the status page see of the one incident, oldest first."""
    (incident,) = audience.incidents()
    return [each["status"] for each in reversed(incident["incident_updates"])]


def test_a_message_whose_answer_is_lost_is_posted_once(audience: Audience) -> None:
    """Of Slack nobody knows, and the trail says so; Statuspage is asked, so that its one incident goes on."""
    audience.trouble(slack={"kind": "losing", "times": 1}, statuspage={"kind": "losing", "times": 1})

    ended = audience.roll_back()

    assert 0 == ended.code, ended.output
    assert ["🚨 mine: rollback initiated", "✅ mine: rolled back and verified"] == audience.headers()
    assert 1 == len(audience.incidents())
    assert "told:   ? Slack was perhaps told (initiated): Slack is out of order (502)" in ended.output
    assert all(ok for channel, _, ok in trail(ended) if channel == "statuspage")
    assert ["investigating", "identified", "monitoring"] == _entries(audience)


def test_an_update_whose_answer_is_lost_is_one_entry(audience: Audience) -> None:
    """Everybody sees each entry of an incident: none is there twice."""
    audience.trouble(statuspage={"kind": "losing", "times": 5})

    ended = audience.roll_back()

    assert 0 == ended.code, ended.output
    assert ["investigating", "identified", "monitoring"] == _entries(audience)


def test_a_channel_that_is_busy_is_told_a_little_later(audience: Audience) -> None:
    """As soon as it says that it may be."""
    audience.trouble(statuspage={"kind": "busy", "seconds": 1.0, "times": 3})

    ended = audience.roll_back()

    assert all(ok for _, _, ok in trail(ended)), ended.output
    assert 1 == len(audience.incidents())


def test_webhooks_that_are_gone(deployed: Incident, tmp_path: Path) -> None:
    """Said before the rollback and after it, in the services' own terms, once asked and not again."""
    deployed.begin()
    audience = Audience(Desk(deployed, tmp_path))
    audience.made = audience.desk.give_channels(slack="channel_is_archived")
    webhook = str(audience.made["discord"]).replace(
        "https://discord.com/api", deployed.sandbox.ready["discord"]
    )
    assert 204 == deployed.sandbox.http.delete(webhook).status_code

    ended = audience.roll_back()

    assert 0 == ended.code, ended.output
    assert {"the webhook's channel is archived (410 channel_is_archived)"} == set(answers(ended, "slack"))
    assert {"the webhook is gone (404, code 10015)"} == set(answers(ended, "discord"))
    assert {1} == {x["attempts"] for x in ended.lines("notification-sent") if not x["ok"]}
    assert "Slack: the webhook would not take a message: its channel is archived" in ended.output
    assert "Discord: the webhook is gone" in ended.output
    assert ["investigating", "identified", "monitoring"] == audience.statuses()


def test_a_refused_rollback_is_the_team_s_to_know(audience: Audience) -> None:
    """Users were told nothing, and are not told that it failed either."""
    ended = audience.desk.session(*ROLL_BACK, "--reason=x", f"--expect-live={audience.desk.incident.good}")

    assert 21 == ended.code, ended.output
    assert [("slack", "failed", True)] == trail(ended)
    assert ["❌ mine: the rollback was refused, nothing was changed"] == audience.headers()
    assert ([], []) == (audience.discord(), audience.incidents())


def test_nobody_is_told_who_is_not_to_be(audience: Audience) -> None:
    """With --no-notify nothing is even looked at."""
    ended = audience.roll_back("x", "--no-notify")

    assert 0 == ended.code, ended.output
    assert "tells:    nobody: --no-notify" in ended.output
    assert ([], [], []) == (audience.slack(), audience.discord(), audience.incidents())
    assert [] == trail(ended)


def test_a_plain_look_tells_nobody(audience: Audience) -> None:
    """However bad it is."""
    ended = audience.desk.session("-m", "health")

    assert 1 == ended.code, ended.output
    assert "tells:" not in ended.output
    assert ([], []) == (audience.slack(), trail(ended))


def test_a_plan_says_who_would_be_told(audience: Audience) -> None:
    """And tells nobody."""
    ended = audience.roll_back("x", "--plan")

    assert "would tell: Slack, Discord, Statuspage" in ended.output
    assert [] == audience.slack()


def test_a_team_s_own_words(audience: Audience) -> None:
    """From the folder that the targets file names; one that is broken is said, and ours is sent."""
    folder = audience.desk.folder / "words"
    folder.mkdir()
    (folder / "slack-initiated.j2").write_text("We roll {{ worker }} back\n\n{{ reason }}")
    (folder / "slack-completed.j2").write_text("{{ nothing")
    audience.desk.target += '\n[notify]\ntemplates = "words"\n'

    ended = audience.roll_back()

    assert 0 == ended.code, ended.output
    assert ["We roll reference-bot back", "✅ mine: rolled back and verified"] == audience.headers()
    assert "words/slack-completed.j2, line 1: this template can't be used" in ended.output


def test_a_drill_tells_nobody_but_its_own_channel(audience: Audience) -> None:
    """As it begins and as it ends, marked as one; users and the status page hear nothing of it."""
    own = '[targets.mine.channels.drills]\nslack = "env:SLACK_WEBHOOK"\n'

    ended = audience.desk.session_in_sandbox("-m", "drill", "--scenario=health-check-failure", more=own)

    assert 0 == ended.code, ended.output
    assert ["drill begun", "drill ended"] == [what for _, what, _ in trail(ended)]
    assert 2 == len([each for each in audience.headers() if each.startswith("DRILL, nothing is wrong · ")])
    assert "tells:    Slack (marked as a drill)" in ended.output
    assert ([], []) == (audience.discord(), audience.incidents())


def test_practice_without_such_a_channel_tells_nobody(audience: Audience) -> None:
    """And says why: the target does name channels."""
    practice = ("--fault=health-503", "--reason=practice")

    ended = audience.desk.session_in_sandbox(*ROLL_BACK, *practice)

    assert 0 == ended.code, ended.output
    assert "tells:    nobody: drills and practice have channels of their own" in ended.output
    assert ([], [], [], []) == (
        trail(ended),
        audience.slack(),
        audience.discord(),
        audience.incidents(),
    )
