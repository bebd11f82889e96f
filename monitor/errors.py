"""One family of errors, each with the fields a person needs. A class's docstring is its default message."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.types import Problem


class RasidError(Exception):
    """Something went wrong."""

    exit_code = 1

    def __init__(self, message: str = "", *, subject: str = "", hint: str = "") -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.subject = subject
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.subject}: {self.message}" if self.subject else self.message
        return f"{text} ({self.hint})" if self.hint else text


class ConfigError(RasidError):
    """The files in the rules folder have mistakes."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class StateLocked(RasidError):
    """Another daemon holds the state folder."""

    exit_code = 75


class StateBroken(RasidError):
    """The state folder cannot be used."""

    exit_code = 78


class StateBusy(RasidError):
    """The database cannot be written now; nothing was lost, the work will be tried again."""


class FetchError(RasidError):
    """An address could not be read."""


class AddressRefused(FetchError):
    """The address is private or not on the web."""


class TooBig(FetchError):
    """The answer is larger than allowed."""


class NotAFeed(RasidError):
    """The document is no feed."""


class MissingSecret(RasidError):
    """A secret that a channel refers to is not there."""
