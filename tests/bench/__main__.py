"""`./run bench NAME [ARGUMENTS]` runs the benchmark NAME; without a name it lists them."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main(arguments: list[str]) -> int:
    """Each benchmark is a module with `main(arguments) -> int | None`, 0 or nothing where all its targets are met."""
    if not arguments or arguments[0] not in NAMES:
        print("benchmarks:", *(name for name in NAMES))
        return 2 if arguments else 0
    return import_module(f"tests.bench.{arguments[0]}").main(arguments[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
