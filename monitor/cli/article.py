"""`article`: what Rasid reads of a page."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import Folders
from monitor.cli.show import iso, isolated, local
from monitor.cli.state import settings_of
from monitor.cli.usage import File
from monitor.errors import FetchError

if TYPE_CHECKING:
    from monitor.fetch import PageBytes
    from monitor.types import Article


@click.command()
@click.argument("page")
@click.option("--url", default="", help="The page's address, where PAGE is a file.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
@click.pass_obj
def article(folders: Folders, page: str, url: str, as_json: bool) -> None:
    """What Rasid reads of PAGE, an address or a file: title, date and where it stood, text, and what was left out.

    \b
    Examples:  rasid article https://example.org/news/1
               rasid article saved.html --url https://example.org/news/1 --json
    """
    from monitor.extract import page as extract_page

    if "://" not in page:
        page = str(File().convert(page, None, None))
        found = extract_page(Path(page).read_bytes(), url or Path(page).resolve().as_uri())
    else:
        fetched = asyncio.run(_fetch(folders, page))
        found = extract_page(fetched.data, fetched.url, content_type=fetched.content_type)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _print(found, settings_of(folders).locale.timezone)


async def _fetch(folders: Folders, url: str) -> PageBytes:
    from monitor.fetch import Client
    from monitor.watch.roomsettings import policy_of

    async with Client(policy_of(settings_of(folders))) as client:
        try:
            return await client.page(url, now=time.time())
        except FetchError as error:
            if not error.subject:
                error.subject = url
            raise


def _as_json(found: Article) -> dict[str, object]:
    return {
        "title": found.title,
        "text": found.text,
        "published": iso(found.published),
        "published_from": found.published_from,
        "author": found.author,
        "language": found.language,
        "text_from": found.text_from,
        "url": found.url,
        "dropped": [{"text": piece.text, "reason": piece.reason} for piece in found.dropped],
    }


def _print(found: Article, zone: str) -> None:
    click.echo(click.style(isolated(found.title) if found.title else "(no title)", bold=True))
    source = f"from {found.published_from}" if found.published_from else "no date that can be trusted"
    author = isolated(found.author) if found.author else ""
    click.echo("  ".join(filter(None, (f"{local(found.published, zone)} ({source})", author, found.language))))
    if found.text_from == "raw":
        click.echo("the page could not be read as an article: this is its raw text")
    for paragraph in found.text.splitlines():
        click.echo(f"\n{isolated(paragraph)}")
    if found.dropped:
        click.echo("\nleft out:")
    for piece in found.dropped:
        click.echo(f"  {piece.reason}: {isolated(piece.text[:100])}")
