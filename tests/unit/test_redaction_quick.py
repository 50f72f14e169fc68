"""What makes the redactor quick hides nothing less: its patterns and its sieve against plain ones."""

from __future__ import annotations

import re
from itertools import chain, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backstop.redaction import SHAPES, Redactor

_TOKEN = r"[A-Za-z0-9._~+/=-]"
_PLAIN = (
    (
        r"\b([MNO][A-Za-z0-9_-]{16,29})\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45}",
        r"\1.[redacted Discord token]",
    ),
    (r"(/webhooks/\d{15,20}/)[A-Za-z0-9_-]{16,}", r"\1[redacted webhook token]"),
    (r"(/interactions/\d{15,20}/)[A-Za-z0-9_-]{16,}", r"\1[redacted interaction token]"),
    (r"(hooks\.slack\.com/services/)[A-Za-z0-9/]{16,}", r"\1[redacted webhook token]"),
    (
        rf"(?i:(authorization[\"'\\]*\s*[:=]\s*[\"'\\]*(?:bearer|bot|basic)\s+)){_TOKEN}+",
        r"\1[redacted credential]",
    ),
    (rf"\b(Bearer) (?=[A-Za-z._~+/=-]*\d){_TOKEN}{{20,}}", r"\1 [redacted credential]"),
    (r"\bcf(?:ut|at|k)_[A-Za-z0-9_-]{30,}", "[redacted Cloudflare token]"),
    (
        r"(?i:(\bC(?:LOUDFLARE|F)_API_(?:TOKEN|KEY)[\"'\\]*\s*[:=]\s*[\"'\\]*))[A-Za-z0-9_-]{30,}",
        r"\1[redacted Cloudflare token]",
    ),
    (
        r"-----BEGIN ([A-Z ]*)PRIVATE KEY-----(?:[^-]|-(?!----)){1,8000}+-----END \1PRIVATE KEY-----",
        "[redacted private key]",
    ),
)
"""The shapes as they are written down at first, without a thought for speed."""

_ALIKE = {"i": "iI\u0130\u0131", "s": "sS\u017f", "k": "kK\u212a"}
_WORDS = ("authorization", "bearer", "basic", "bot", "cloudflare_api_token", "cf_api_key", "author", "_api_")


def _spelled(word: str) -> st.SearchStrategy[str]:
    """A word in capitals and small letters as they come, and all letters that count as the same."""
    letters = (st.sampled_from(_ALIKE.get(letter, letter + letter.upper())) for letter in word)
    return st.tuples(*letters).map("".join)


_LETTERS = "MNO0x9AZaz_-./=~+"
_PARTS = st.one_of(
    st.sampled_from(_WORDS).flatmap(_spelled),
    st.sampled_from(_WORDS),
    st.sampled_from(
        (
            "Bearer ",
            "Authorization: Bot ",
            "CF_API_TOKEN=",
            "cfut_",
            "cfat_",
            "cfk_",
            "https://discord.com/api/webhooks/100000000000000001/",
            "/interactions/100000000000000001/",
            "hooks.slack.com/services/",
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----",
            "MTAwMDAwMDAwMDAwMDAwMDAx.GhT7Yx.q3-ZtR8vLw0NcJ5sKd2Xb9aQmE6uVf1HyPoI7g",
            ".GhT7Yx.",
        )
    ),
    st.text("abcXYZ0189_-", min_size=16, max_size=40),
    st.text(_LETTERS, max_size=32),
    st.sampled_from(tuple("\"' \\:=\n.é·→Ω٣_a")),
)
_TEXTS = st.lists(_PARTS, max_size=9).map("".join)


def _plainly(text: str) -> str:
    for pattern, shown in _PLAIN:
        text = re.sub(pattern, shown, text)
    return text


@given(_TEXTS)
@example("éMTAwMDAwMDAwMDAwMDAwMDAx.GhT7Yx.q3-ZtR8vLw0NcJ5sKd2Xb9aQmE6uVf1HyPoI7g")
@example("xcfut_0123456789012345678901234567890123")
@example("xBearer 0123456789abcdefABCDEF")
@example("author\u0130zat\u0131on = ba\u017fic dXNlcg")
def test_as_much_is_hidden_as_by_plain_patterns(text: str) -> None:
    """Whatever stands before a credential, and however its name is spelled."""
    assert _plainly(text) == Redactor().redact(text)


@given(_TEXTS)
def test_the_sieve_lets_everything_through_that_a_pattern_finds(text: str) -> None:
    """A text without a sign has nothing in it that its pattern would have hidden."""
    for shape in SHAPES:
        assert shape.pattern.sub(shape.shown, text) == shape.hide(text)


@pytest.mark.parametrize(
    ("before", "word", "after"),
    [
        ("", "authorization", ": Bearer abc.def"),
        ("C", "f_api_token", "=Zx0_Zx1-Zx2Zx3Zx4Zx5Zx6Zx7Zx8Zx9Zx0Zx1Zx"),
        ("CLOUDFLARE", "_api_ke", "y=Zx0_Zx1-Zx2Zx3Zx4Zx5Zx6Zx7Zx8Zx9Zx0Zx1Zx"),
    ],
)
def test_every_spelling_of_a_name_is_found(before: str, word: str, after: str) -> None:
    """Each letter of a name, large or small, in all ways beside its neighbour's."""
    pairs = (
        word[:at] + "".join(two) + word[at + 2 :]
        for at in range(len(word) - 1)
        for two in product(*(_ALIKE.get(c, c + c.upper()) for c in word[at : at + 2]))
    )

    for spelled in chain(pairs, (word.upper(), word.title(), word.swapcase())):
        assert "[redacted" in Redactor().redact(f"{before}{spelled}{after}"), spelled
