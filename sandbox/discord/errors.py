"""Discord's refusals, as it words them.

ApiError          any answer that is not a success, with its JSON body
└── FormError     400, code 50035: which member of the body is wrong, and how
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web


class ApiError(Exception):
    """Raised by a handler when Discord would refuse; ``answer`` makes the refusal."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        """The JSON body of the refusal."""
        return {"message": self.message, "code": self.code}

    def answer(self) -> web.Response:
        """The whole refusal."""
        return web.json_response(self.body(), status=self.status)


class FormError(ApiError):
    """Raised when the request's body is well-formed JSON with a wrong member."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(400, 50035, "Invalid Form Body")
        self.field = field
        self.reason = {"code": code, "message": message}

    def body(self) -> dict[str, Any]:
        """The refusal with the path to the member, each step a level deeper."""
        errors: Mapping[str, Any] = {"_errors": [self.reason]}
        for step in reversed(self.field.split(".")):
            errors = {step: errors}
        return {**super().body(), "errors": errors}


def unauthorized() -> ApiError:
    """The token is missing, malformed or wrong."""
    return ApiError(401, 0, "401: Unauthorized")


def blocked_by_firewall() -> ApiError:
    """Cloudflare, in front of Discord, turned the client away; there is nothing more specific."""
    return ApiError(403, 40333, "internal network error")


def unknown_channel() -> ApiError:
    """No channel with this id."""
    return ApiError(404, 10003, "Unknown Channel")


def unknown_message() -> ApiError:
    """No message with this id."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_webhook() -> ApiError:
    """No such webhook; no interaction with this token, or not any more, or not yet answered."""
    return ApiError(404, 10015, "Unknown Webhook")


def invalid_webhook_token() -> ApiError:
    """The webhook has another token."""
    return ApiError(401, 50027, "Invalid Webhook Token")


def unknown_interaction() -> ApiError:
    """No interaction with this id and token, or too late to answer it."""
    return ApiError(404, 10062, "Unknown interaction")


def unknown_command() -> ApiError:
    """No application command with this id."""
    return ApiError(404, 10063, "Unknown application command")


def already_acknowledged() -> ApiError:
    """The interaction has had its first answer."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def too_large() -> ApiError:
    """The body is bigger than Discord reads."""
    return ApiError(413, 40005, "Request entity too large")


def empty_message() -> ApiError:
    """A message needs at least one of content, embeds, components, files and a poll."""
    return ApiError(400, 50006, "Cannot send an empty message")


def invalid_json() -> ApiError:
    """The body is not JSON."""
    return ApiError(400, 50109, "The request body contains invalid JSON.")
