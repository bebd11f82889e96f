"""What a channel's URL says, without sending anything: recipients, a description without secrets, what is wrong."""

from __future__ import annotations


def recipients(url: str) -> list[str]:
    """The recipients of a channel, a delivery each: Telegram chats, e-mail addresses; `[""]` where the service has one.

    Works on URLs whose secrets are still references; a recipient that is itself a reference is resolved first.
    """
    raise NotImplementedError


def describe(url: str) -> str:
    """For `rasid channels`: the service and whom it reaches, never a secret."""
    raise NotImplementedError


def problem(url: str) -> str:
    """Why a (resolved) URL cannot be used, in words for a person and without secrets; "" where it can."""
    raise NotImplementedError


def throttle_key(url: str) -> str:
    """Lanes with the same key are paused together (all chats of a Telegram bot); holds no secret."""
    raise NotImplementedError


def secrets_of(url: str) -> frozenset[str]:
    """Every part of a URL that must not be shown: tokens, passwords, keys, paths of webhooks, raw and decoded."""
    raise NotImplementedError


def redact(text: str, secrets: frozenset[str]) -> str:
    """The text with every secret of four characters or more replaced by `•••`, in whatever quoting it stands."""
    raise NotImplementedError
