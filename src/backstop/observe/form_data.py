"""A field of a form: so answers a bot that sends files with its reply."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser

from backstop.model.http import Answer

_FORM = "multipart/form-data"


def field_of(answer: Answer, name: str) -> bytes | None:
    """What a form has under a name; None where the answer is no form, or has no such field."""
    declared = answer.header("Content-Type") or ""
    if not declared.lower().startswith(_FORM):
        return None
    head = f"Content-Type: {declared}\r\n\r\n".encode(errors="replace")
    parts = BytesParser().parsebytes(head + answer.body).get_payload()
    found = (_text(part) for part in parts if isinstance(part, Message) and _name(part) == name)
    return next(found, None) if isinstance(parts, list) else None


def _name(part: Message) -> object:
    return part.get_param("name", header="Content-Disposition")


def _text(part: Message) -> bytes | None:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else None
