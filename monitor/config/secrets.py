"""References to secrets: `${NAME}` from the environment, `${file:NAME}` from the service's credentials folder."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import quote

from monitor.errors import MissingSecret

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"(?P<file>file:)?(?P<name>[A-Za-z0-9_.-]+)")
_USERINFO = re.compile(r"://[^/?#@]*:([^/?#]*)@")
_QUERY = re.compile(r"[?&](?:pass|password|pwd|token|key|apikey|api_key|secret)=([^&#]+)", re.IGNORECASE)
_BOT = re.compile(r"^tgram://(?:[^/?#]*@)?([^/?#]+)", re.IGNORECASE)
_SHORT = 4  # hiding shorter secrets would blot out plain words of a log


def references(text: str) -> tuple[str, ...]:
    """The references in `text` in their order, without `${` and `}`: "TOKEN", "file:token"."""
    return tuple(_REFERENCE.findall(text))


def resolve(text: str, environ: Mapping[str, str], credentials: Path | None) -> str:
    """`text` with each reference replaced by its secret; `credentials` is what $CREDENTIALS_DIRECTORY names.

    Raises MissingSecret that names the reference, never a secret, where one is absent, empty or unreadable.
    """

    def fill(found: re.Match[str]) -> str:
        value = secret(found[1], environ, credentials)
        return quote(value, safe="") if found.start() < login_end else value

    login_end = _login_end(text)
    return _REFERENCE.sub(fill, text)


def _login_end(url: str) -> int:
    """Where the name and password of a URL end; what stands there must not break the address with its own @ or /."""
    start = url.find("://")
    host = re.split(r"[/?#]", url[start + 3 :], maxsplit=1)[0] if start >= 0 else ""
    return start + 3 + host.rfind("@") if "@" in host else 0


def secret(reference: str, environ: Mapping[str, str], credentials: Path | None) -> str:
    """The secret behind one reference. Raises MissingSecret."""
    subject = "${" + reference + "}"
    name = _NAME.fullmatch(reference)
    if name is None or set(name["name"]) == {"."}:
        raise MissingSecret("a secret's name has only letters, digits, _, . and -", subject=subject)
    found = _from_file(subject, name["name"], credentials) if name["file"] else environ.get(name["name"], "").strip()
    if not found:
        hint = "put it into the credentials folder" if name["file"] else f"set {name['name']} in the environment"
        raise MissingSecret("this secret is missing", subject=subject, hint=hint)
    return found


def inline_secrets(url: str) -> set[str]:
    """What looks like a secret typed into an address: a login's password, a Telegram token, `?token=`."""
    blank = _REFERENCE.sub(lambda found: "\0" * len(found[0]), url)
    found = [*_USERINFO.findall(blank), *_QUERY.findall(blank), *_BOT.findall(blank)]
    return {value for value in found if value.strip("\0")}


def known_secrets(texts: Collection[str], environ: Mapping[str, str], credentials: Path | None) -> set[str]:
    """Every secret that `texts` hold or refer to, raw and as it stands in a URL: what no log may show."""
    found = {value for text in texts for value in inline_secrets(text)}
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
    for path in (credentials / name, credentials / f"rasid_{name}"):  # systemd loads a folder's files as ID_NAME
        try:
            return path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            continue
    raise MissingSecret("this secret is missing", subject=subject, hint=f"put it into {credentials}")
