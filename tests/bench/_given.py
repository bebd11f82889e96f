"""What a benchmark is given."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path


def holding(*names: str) -> Callable[[str], Path]:
    """The `type` of an argument that is a folder with these files in it; without names what is there at all."""

    def existing(text: str) -> Path:
        for path in (Path(text), *(Path(text, name) for name in names)):
            if not path.exists():
                raise ArgumentTypeError(f"there is no {path}")
        return Path(text)

    return existing
