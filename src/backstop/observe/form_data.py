"""A field of a form: so answers a bot that sends files with its reply."""

from __future__ import annotations

from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser

from backstop.model.http import Answer

_FORM = "multipart/form-data"
# What the parser raises for forms that nest a thousand deep, or whose headers contradict themselves.
_NO_FORM = (MessageError, RecursionError, AttributeError, LookupError, TypeError, ValueError)


def field_of(answer: Answer, name: str) -> bytes | None:
    """What a form has under a name; None where the answer is no form, or has no such field.

    Any answer is accepted: it is a bot's, and what can't be read is no form.
    """
    declared = answer.header("Content-Type") or ""
    if not declared.lower().startswith(_FORM):
        return None
    head = f"Content-Type: {declared}\r\n\r\n".encode(errors="replace")
    try:
        return _field(BytesParser().parsebytes(head + answer.body).get_payload(), name)
    except _NO_FORM:
        return None


def _field(parts: object, name: str) -> bytes | None:
    listed = parts if isinstance(parts, list) else []
    return next((_text(part) for part in listed if isinstance(part, Message) and _name(part) == name), None)


def _name(part: Message) -> object:
    return part.get_param("name", header="Content-Disposition")


def _text(part: Message) -> bytes | None:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else None
