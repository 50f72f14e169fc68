"""The forms with which bots answer that send files with their reply."""

from __future__ import annotations

import email
from collections.abc import Mapping
from email.errors import MessageError

# What the parser raises for forms that nest a thousand deep, or whose headers contradict themselves.
_NO_FORM = (MessageError, RecursionError, AttributeError, LookupError, TypeError, ValueError)


def payload_of(headers: Mapping[str, str], body: str) -> str:
    """The JSON of an answer: its body, or the payload_json of the form that it is; else nothing."""
    declared = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if not declared.startswith("multipart/form-data"):
        return body
    try:
        parts = email.message_from_string(f"Content-Type: {declared}\r\n\r\n{body}").walk()
        named = {part.get_param("name", header="content-disposition"): part.get_payload() for part in parts}
    except _NO_FORM:
        return ""
    return str(named.get("payload_json", ""))
