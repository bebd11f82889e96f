"""References to secrets: `${NAME}` from the environment, `${file:NAME}` from the service's credentials folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from monitor.errors import MissingSecret

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"(?P<file>file:)?(?P<name>[A-Za-z0-9_.-]+)")
_SHORT = 4  # hiding shorter secrets would blot out plain words of a log


def references(text: str) -> tuple[str, ...]:
    """The references in `text` in their order, without `${` and `}`: "TOKEN", "file:token"."""
    return tuple(_REFERENCE.findall(text))


def resolve(text: str, environ: Mapping[str, str], credentials: Path | None) -> str:
    """`text` with each reference replaced by its secret; `credentials` is what $CREDENTIALS_DIRECTORY names.

    Raises MissingSecret that names the reference, never a secret, where one is absent, empty or unreadable.
    """
    return _REFERENCE.sub(lambda found: secret(found[1], environ, credentials), text)


def secret(reference: str, environ: Mapping[str, str], credentials: Path | None) -> str:
    """The secret behind one reference. Raises MissingSecret."""
    subject = "${" + reference + "}"
    name = _NAME.fullmatch(reference)
    if name is None or set(name["name"]) == {"."}:
        raise MissingSecret("a secret's name has only letters, digits, _, . and -", subject=subject)
    found = _from_file(subject, name["name"], credentials) if name["file"] else environ.get(name["name"], "").strip()
    if not found:
        hint = "put it into the credentials folder" if name["file"] else f"set {name['name']} in the environment"
        raise MissingSecret(subject=subject, hint=hint)
    return found


def known_secrets(texts: Iterable[str], environ: Mapping[str, str], credentials: Path | None) -> set[str]:
    """Every secret that `texts` refer to and that is there, raw and as it stands in a URL: what no log may show."""
    found: set[str] = set()
    for reference in {r for text in texts for r in references(text)}:
        try:
            value = secret(reference, environ, credentials)
        except MissingSecret:
            continue
        found |= {value, quote(value, safe="")}
    return {value for value in found if len(value) >= _SHORT}


def _from_file(subject: str, name: str, credentials: Path | None) -> str:
    if credentials is None:
        raise MissingSecret("no credentials folder", subject=subject, hint="systemd sets $CREDENTIALS_DIRECTORY")
    try:
        return (credentials / name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MissingSecret(subject=subject, hint=f"put it into {credentials}") from error
