"""What the daemon and its readers hand each other."""

from __future__ import annotations

from dataclasses import fields
from inspect import signature

from monitor.extract.pages import page
from monitor.types import Article, Dropped, Entry


def shape() -> list[str]:
    """The parts of a question and its answer, by which two versions of the program know whether they fit."""
    return [*signature(page).parameters, *(part.name for noun in (Entry, Article, Dropped) for part in fields(noun))]
