"""Signing as Discord does, the payloads, and the table of forgeries."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from backstop.discord import payloads
from backstop.discord.forgeries import FORGERIES, Forgery
from backstop.discord.forging import OVERSIZE, Forged
from backstop.discord.signer import SIGNATURE, TIMESTAMP, Signer
from backstop.model.errors import UsageError
from backstop.observe.genuine import AGENT

SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"  # RFC 8032, test 1
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
SIGNER = Signer(SEED)
BY_NAME = {forgery.name: forgery for forgery in FORGERIES}


def _verifies(forged: Forged, public_key: str = PUBLIC) -> bool:
    """What a strict bot does: one header each, exact hex, timestamp + body."""
    signatures = [value for name, value in forged.headers if name == SIGNATURE]
    timestamps = [value for name, value in forged.headers if name == TIMESTAMP]
    if len(signatures) != 1 or len(timestamps) != 1 or len(signatures[0]) != 128 or not timestamps[0]:
        return False
    try:
        signature = bytes.fromhex(signatures[0])
        VerifyKey(bytes.fromhex(public_key)).verify(timestamps[0].encode() + forged.body, signature)
    except (ValueError, BadSignatureError):
        return False
    return True


def _judged(forgery: Forgery, signer: Signer) -> Forged:
    """What a row is judged by: what it makes, or what follows that."""
    made = forgery.make(signer, payloads.encode(payloads.ping()))
    return forgery.sequel(made) if forgery.sequel else made


def test_a_signature_is_that_of_the_specification() -> None:
    """The key pair and the signature of the empty message from RFC 8032."""
    assert PUBLIC == SIGNER.public_key
    assert (
        SIGNER.signature(b"")
        .hex()
        .startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555")
    )


def test_headers_sign_timestamp_and_body() -> None:
    """The timestamp is now unless given."""
    (name, signature), (other_name, timestamp) = SIGNER.sign(b"{}")

    assert (SIGNATURE, TIMESTAMP) == (name, other_name)
    assert abs(time.time() - int(timestamp)) < 5
    assert SIGNER.signature(timestamp.encode() + b"{}").hex() == signature
    assert (TIMESTAMP, "17") == SIGNER.sign(b"{}", "17")[1]


def test_the_seed_is_never_shown() -> None:
    """A signer in a traceback gives nothing away."""
    assert SEED not in repr(SIGNER)
    assert PUBLIC in repr(SIGNER)


@pytest.mark.parametrize("seed", ["", "zz", SEED[:-2], f"{SEED}00"])
def test_what_is_no_seed_is_a_usage_error(seed: str) -> None:
    """The message does not repeat it."""
    with pytest.raises(UsageError, match="32 bytes") as caught:
        Signer(seed)
    assert not seed or seed not in str(caught.value)


def test_random_signers_differ() -> None:
    """Nobody's key is anybody's."""
    assert Signer.random().public_key != Signer.random().public_key


def test_names_are_unique() -> None:
    """They are the ends of ids."""
    assert len(FORGERIES) == len(BY_NAME)


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_only_what_is_genuine_verifies(forgery: Forgery) -> None:
    """A strict verifier refuses exactly the rows that want a 401 and may not be tolerated otherwise."""
    forged = _judged(forgery, SIGNER)
    of_others = forgery.right == {401} or forgery.name.startswith(("forged_", "oversize"))
    may_be_genuine = not of_others or forgery.name in {"stale", "future", "replay", "shifted_boundary"}

    assert may_be_genuine == _verifies(forged)


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_rows_that_need_no_key_are_refused_with_any(forgery: Forgery) -> None:
    """Against production any key will do for them: what is right stays right."""
    forged = _judged(forgery, Signer.random())

    assert not _verifies(forged)
    if not forgery.needs_key:
        assert 401 in forgery.right or 405 in forgery.right


def test_a_genuine_row_is_accepted_by_none_of_the_401_rows_by_accident() -> None:
    """Rows differ from the genuine request in the way that they say."""
    body = payloads.encode(payloads.ping())
    tampered = BY_NAME["tampered"].make(SIGNER, body)

    assert len(body) == len(tampered.body)
    assert 1 == sum(a != b for a, b in zip(body, tampered.body, strict=True))
    assert isinstance(json.loads(tampered.body), dict)


@pytest.mark.parametrize(
    ("name", "lenient"),
    [
        ("lenient_hex", lambda text: bytes.fromhex(text.removesuffix("zz"))),
        ("lenient_digit", lambda text: bytes(_parse_int(text[at : at + 2]) for at in range(0, 128, 2))),
    ],
)
def test_lenient_rows_deceive_lenient_parsers(name: str, lenient: Callable[[str], bytes]) -> None:
    """They decode to the genuine signature for those who do not look closely."""
    forged = BY_NAME[name].make(SIGNER, b"{}")
    headers = dict(forged.headers)

    decoded = lenient(headers[SIGNATURE])

    VerifyKey(bytes.fromhex(PUBLIC)).verify(headers[TIMESTAMP].encode() + b"{}", decoded)


def _parse_int(pair: str) -> int:
    """Like parseInt(pair, 16): reads as many digits as there are."""
    digits = pair if pair[1] in "0123456789abcdef" else pair[0]
    return int(digits, 16)


def test_the_malleable_signature_is_s_plus_the_group_order() -> None:
    """R is untouched, and the scalar is not below the order."""
    headers = dict(BY_NAME["malleable"].make(SIGNER, b"{}").headers)
    genuine = SIGNER.signature(headers[TIMESTAMP].encode() + b"{}")
    order = 2**252 + 27742317777372353535851937790883648493

    assert genuine[:32].hex() == headers[SIGNATURE][:64]
    scalar = int.from_bytes(bytes.fromhex(headers[SIGNATURE][64:]), "little")
    assert int.from_bytes(genuine[32:], "little") + order == scalar


def test_no_parser_reads_the_odd_row_as_genuine() -> None:
    """Not even one that takes a single digit for a byte, whatever the signature ends with."""
    headers = dict(BY_NAME["odd_hex"].make(SIGNER, b"{}").headers)
    odd = headers[SIGNATURE]
    genuine = SIGNER.signature(headers[TIMESTAMP].encode() + b"{}")

    read = bytes(int(odd[at : at + 2], 16) for at in range(0, len(odd), 2))

    assert (127, 64) == (len(odd), len(read))
    assert genuine[:-1] != read[:-1]


def test_every_type_of_interaction_is_forged() -> None:
    """A bot may verify one type and forget another; nothing that a bot has is named."""
    body = payloads.encode(payloads.ping("42"))
    forged = [
        json.loads(row.make(SIGNER, body).body)
        for row in FORGERIES
        if not row.needs_key and row.right == {401} and row.name.startswith(("forged_", "wrong_key"))
    ]

    assert set(payloads.Interaction) == {sent["type"] for sent in forged}
    assert {"42"} == {sent["application_id"] for sent in forged}


def test_the_last_digit_alone_is_another() -> None:
    """R and all but the end of S are genuine."""
    headers = dict(BY_NAME["last_digit"].make(SIGNER, b"{}").headers)
    genuine = SIGNER.signature(headers[TIMESTAMP].encode() + b"{}").hex()

    assert genuine[:-1] == headers[SIGNATURE][:-1]
    assert genuine[-1] != headers[SIGNATURE][-1]


def test_what_goes_under_discords_name_is_signed_as_discord_signs() -> None:
    """Only the user agent is another, and a tail would know it for one of Discord's but for our mark."""
    forged = BY_NAME["discords_name"].make(SIGNER, b"{}")

    assert _verifies(forged)
    assert dict(forged.headers)["User-Agent"].startswith(AGENT)


def test_shifted_rows_sign_the_same_bytes() -> None:
    """Timestamp and body together are those that were signed."""
    body = payloads.encode(payloads.ping())
    forged = BY_NAME["shifted_boundary"].make(SIGNER, body)

    assert forged.body.endswith(body)
    assert len(body) + 1 == len(forged.body)


def test_special_bodies() -> None:
    """Oversize is, UTF-8 stays JSON, unknown types are unknown."""
    body = payloads.encode(payloads.ping())
    made = {name: BY_NAME[name].make(SIGNER, body) for name in ("oversize", "emoji", "unknown_type")}

    assert len(made["oversize"].body) > OVERSIZE
    assert json.loads(made["oversize"].body)["type"] == 1
    assert "\U0001f6d1" in json.loads(made["emoji"].body)["locale"]
    assert 99 == json.loads(made["unknown_type"].body)["type"]


def test_what_follows_a_genuine_request_is_that_but_for_one_of_three() -> None:
    """Whatever a bot remembers it by without looking at one of them, a row shows."""
    rows = ("replay", "remembered_message", "remembered_body", "remembered_signature")
    taken = BY_NAME["replay"].make(SIGNER, payloads.encode(payloads.ping()))
    assert _verifies(taken)

    kept = [_kept(taken, sequel(taken)) for name in rows if (sequel := BY_NAME[name].sequel)]

    assert [
        {SIGNATURE, TIMESTAMP, "body"},
        {TIMESTAMP, "body"},
        {SIGNATURE, "body"},
        {SIGNATURE, TIMESTAMP},
    ] == kept


def _kept(taken: Forged, sequel: Forged) -> set[str]:
    """What is the same in both."""
    before, after = dict(taken.headers), dict(sequel.headers)
    same = {name for name in (SIGNATURE, TIMESTAMP) if before[name] == after[name]}
    return same | ({"body"} if taken.body == sequel.body else set())


def test_a_forged_request_says_that_it_is_anything_but_plain_json() -> None:
    """A bot may look at signatures only where it expects an interaction."""
    rows = ("as_text", "as_form", "untyped", "with_charset")

    said = [
        dict(BY_NAME[f"forged_{row}"].make(SIGNER, b"{}").headers).get("Content-Type", "") for row in rows
    ]

    assert [
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "application/json; charset=utf-8",
    ] == said


def test_a_ping_is_whole() -> None:
    """The members that Discord documents."""
    ping = payloads.ping("42")

    assert {"id", "application_id", "type", "token", "user", "version"} <= ping.keys()
    assert (1, "42") == (ping["type"], ping["application_id"])


def test_a_command_is_whole_and_typed() -> None:
    """Options get Discord's types, and the channel and application are those asked for."""
    options = {"text": "a", "count": 3, "ratio": 0.5, "yes": True}
    sent = payloads.command("register", options, application="42", where=payloads.Where("7"))

    assert {"guild_id", "member", "channel", "locale", "token", "app_permissions"} <= sent.keys()
    assert (2, "7", "7", "42") == (
        sent["type"],
        sent["channel_id"],
        sent["channel"]["id"],
        sent["application_id"],
    )
    assert [3, 4, 10, 5] == [option["type"] for option in sent["data"]["options"]]
    assert list(options.values()) == [option["value"] for option in sent["data"]["options"]]
    assert "options" not in payloads.command("help")["data"]


def test_subcommands_and_groups_nest() -> None:
    """A mapping is a subcommand, a mapping of mappings a group."""
    (group,) = payloads.command("admin", {"user": {"ban": {"id": "1"}}})["data"]["options"]

    assert (2, "user") == (group["type"], group["name"])
    assert (1, "ban") == (group["options"][0]["type"], group["options"][0]["name"])
    assert {"name": "id", "type": 3, "value": "1"} == group["options"][0]["options"][0]
    (sub,) = payloads.command("admin", {"status": {}})["data"]["options"]
    assert (1, []) == (sub["type"], sub["options"])


def test_an_option_of_no_type_is_an_error() -> None:
    """It can't be sent as anything."""
    with pytest.raises(TypeError, match="option"):
        payloads.command("x", {"a": [1]})


def test_a_command_in_a_direct_message_knows_no_server() -> None:
    """It has a user in place of a member."""
    sent = payloads.command("help", where=payloads.Where("7", ""))

    assert {"guild", "guild_id", "member"}.isdisjoint(sent)
    assert ("backstop", 1, 1) == (sent["user"]["username"], sent["channel"]["type"], sent["context"])


@pytest.mark.parametrize("kind", [3, 4, 5])
def test_other_interactions_are_whole(kind: int) -> None:
    """What a target gives of them wins, and what it leaves out is there."""
    given = {"type": kind, "data": {"custom_id": "ok"}, "locale": "de"}
    sent = payloads.around(given, "42")

    assert given == {name: sent[name] for name in given}
    assert {"member", "guild_id", "channel_id", "token", "application_id", "id"} <= sent.keys()
    assert (kind == 3) == ("message" in sent)
    assert sent == json.loads(payloads.encode(sent))


def test_an_interaction_that_names_a_user_is_a_direct_message() -> None:
    """So is what goes around it."""
    sent = payloads.around({"type": 3, "data": {"custom_id": "ok"}, "user": {"id": "5"}})

    assert {"guild", "guild_id", "member"}.isdisjoint(sent)
    assert {"id": "5"} == sent["user"]


def test_an_interaction_of_no_known_type_goes_as_it_is() -> None:
    """With what every interaction has."""
    sent = payloads.around({"type": 99, "x": 1})

    assert (99, 1) == (sent["type"], sent["x"])
    assert {"id", "token", "application_id"} <= sent.keys()


def test_ids_are_new_and_of_this_time() -> None:
    """Bots sort and deduplicate by them."""
    ids = {payloads.snowflake() for _ in range(100)}

    assert 100 == len(ids)
    created = (int(max(ids)) >> 22) / 1000 + 1_420_070_400
    assert abs(time.time() - created) < 5
