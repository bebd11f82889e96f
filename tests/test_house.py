"""The rules of the house: who may import whom, who owns which library, how long a function may be."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GROUND = {"types", "errors", "addresses", "emphasis"}
DOORS = {"cli", "web", "__main__"}
PURE = (
    "arabic",
    "rules",
    "match",
    "story",
    "types",
    "errors",
    "addresses",
    "emphasis",
    "fetch.freshness",
    "fetch.hints",
    "fetch.judge",
    "fetch.secrecy",
    "fetch.stamps",
    "fetch.websub",
    "alert.answers",
    "alert.compose",
    "alert.decide",
    "alert.lane",
    "alert.redact",
    "alert.wording",
)
IMPURE = {
    "time", "asyncio", "logging", "socket", "http", "urllib.request", "sqlite3", "threading", "subprocess",
    "httpx", "sqlalchemy", "alembic", "structlog", "apscheduler", "apprise", "random",
}  # fmt: skip
# Rooms below others. `rules` asks config to read files; `fetch` asks extract whether a body is a feed.
EDGES = {
    "rules": {"arabic", "config"},
    "match": {"arabic", "rules"},
    "story": {"arabic"},
    "fetch": {"extract"},
}
OWNERS = {
    "yaml": {"config"},
    "httpx": {"fetch"},
    "httpcore": {"fetch"},
    "protego": {"fetch"},
    "courlan": {"fetch"},
    "feedparser": {"extract"},
    "trafilatura": {"extract"},
    "lxml": {"extract"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "sqlite3": {"store"},
    "apprise": {"alert"},
    "certifi": {"alert"},
    "smtplib": {"alert"},
    "jinja2": {"alert"},
    "re2": {"match", "rules"},
    "apscheduler": {"watch"},
    "prometheus_client": {"watch"},
    "structlog": {"watch"},
    "click": {"cli"},
}
CLOCKS = {"time", "monotonic", "now", "utcnow", "today", "perf_counter"}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of monitor/ by its dotted name."""
    found = {}
    for path in sorted((ROOT / "monitor").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text("utf-8"))
    return found


def imports(name: str) -> set[str]:
    """What a module imports at runtime, lazily or not; imports for type checking only are left out."""
    tree = modules()[name]
    hidden = {
        id(n)
        for top in ast.walk(tree)
        if isinstance(top, ast.If) and "TYPE_CHECKING" in ast.unparse(top.test)
        for n in ast.walk(top)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import at line {node.lineno}"
            base = node.module or ""
            found |= {base} | {f"{base}.{a.name}" for a in node.names if f"{base}.{a.name}" in modules()}
    return found


def room(name: str) -> str:
    return [*name.split("."), "", ""][1]


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_run_one_way(name: str) -> None:
    """Doors may import everything, the hall every room, a room the ground and the rooms declared below it."""
    here = room(name)
    for target in (t for t in imports(name) if t.startswith("monitor.")):
        there = room(target)
        if there in ("", here) or there in GROUND or here in DOORS:
            continue
        assert there not in DOORS, f"{name} imports the door {target}"
        assert here not in GROUND, f"{name} is ground and imports {target}"
        assert here == "watch" or there in EDGES.get(here, set()), (
            f"room {here} imports room {there}: {name} -> {target}"
        )


def test_no_circles() -> None:
    """No module reaches itself through its imports, lazy ones counted."""
    edges = {n: {t for t in imports(n) if t in modules() and t != n} for n in modules()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, "circle: " + " -> ".join((*path[path.index(name) :], name))
        if name not in done:
            for target in edges[name]:
                visit(target, (*path, name))
            done.add(name)

    for name in edges:
        visit(name, ())


@pytest.mark.parametrize("name", sorted(modules()))
def test_every_library_has_one_owner(name: str) -> None:
    """An outside library is imported by the room that owns it, and by no other."""
    for target in imports(name):
        owners = OWNERS.get(target.split(".")[0])
        assert owners is None or room(name) in owners, f"{name} imports {target}, which belongs to {owners}"


@pytest.mark.parametrize("name", sorted(n for n in modules() if n.removeprefix("monitor.").startswith(PURE)))
def test_pure_rooms_have_no_clock_network_or_log(name: str) -> None:
    """A decision gets the clock as an argument."""
    assert not {t for t in imports(name) if t in IMPURE or t.split(".")[0] in IMPURE}
    calls = (n.func for n in ast.walk(modules()[name]) if isinstance(n, ast.Call))
    read = [f for f in calls if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.attr in CLOCKS]
    assert not [f"{ast.unparse(f)} at line {f.lineno}" for f in read]


def functions() -> Iterator[tuple[int, str]]:
    """Lines of each function's body, its docstring left out."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) is not None else node.body
                yield (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0, f"{name}.{node.name}"


def test_functions_are_short() -> None:
    """Median at most 7 lines, nine in ten at most 30, none over 60."""
    found = sorted(functions())
    assert found[-1][0] <= 60, found[-1]
    assert statistics.median(n for n, _ in found) <= 7
    assert found[int(0.9 * len(found))][0] <= 30


def test_modules_are_short() -> None:
    """At most 420 lines."""
    long = {n: len((ROOT / p).read_text("utf-8").splitlines()) for n in modules() for p in [path_of(n)]}
    assert {n: lines for n, lines in long.items() if lines > 420} == {}


def path_of(name: str) -> Path:
    path = Path(*name.split("."))
    return path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")
