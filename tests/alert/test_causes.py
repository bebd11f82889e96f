"""What the operator reads of causes, in Arabic."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.alert import Locale, operator
from monitor.alert.wording import telegram
from monitor.alert.wording.causes import KNOWN, arabic
from monitor.alert.wording.words import FSI, PDI, RLM

ROOT = Path(__file__).parents[2] / "monitor"
# Where the causes come from that reach the operator.
FILES = (
    *(f"fetch/{name}.py" for name in ("backend", "client", "inflate", "judge", "polling", "transport", "urls")),
    *(f"extract/{name}.py" for name in ("cleaning", "feeds", "jsonfeed", "sitemap", "watched")),
    *(f"alert/{name}.py" for name in ("address", "answers", "foreign", "lane", "send", "services", "smtp", "wire")),
    *(f"watch/{name}.py" for name in ("courier", "feedhealth", "listeners", "rounds", "upkeep")),
    "addresses.py", "config/secrets.py", "fetch/freshness.py",
)  # fmt: skip
RAISED = {
    "FetchError",
    "AddressRefused",
    "TooBig",
    "NotAFeed",
    "MissingSecret",
    "ConnectError",
    "Unusable",
    "WireError",
}
GIVEN = {"reason", "detail", "tell", "why", "doubt", "moved", "hint"}
TOLD_BY = {"_words", "silence", "_refusal", "_instead", "_parked", "_expired"}  # functions that return a cause
HOLE = "7"


def texts(node: ast.expr | None) -> Iterator[str]:
    """The strings that an expression may be, a hole where something is filled in."""
    if isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))
    elif isinstance(node, ast.Tuple):
        yield from (text for part in node.elts for text in texts(part))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)


def causes(file: str) -> Iterator[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            yield from (text for argument in node.args if name in RAISED for text in texts(argument))
            yield from (text for word in node.keywords if word.arg in GIVEN for text in texts(word.value))
        elif isinstance(node, ast.Assign) and GIVEN & {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}:
            yield from texts(node.value)
        elif isinstance(node, ast.FunctionDef) and node.name in TOLD_BY:
            returned = [part.value for part in ast.walk(node) if isinstance(part, ast.Return)]
            yield from (text for value in returned for text in texts(value))


FOUND = sorted({text for file in FILES for text in causes(file) if " " in text})


def test_all_places_are_looked_at() -> None:
    assert len(FOUND) > 90


@pytest.mark.parametrize("cause", FOUND)
def test_each_known_cause_is_told_in_arabic(cause: str) -> None:
    """Who adds one tells it in `alert/wording/causes.py` as well. One that only names who says it is told by parts."""
    whole = cause.replace(HOLE, "the answer is empty") if len(cause.split()) == 2 else cause.lstrip("; ")
    assert re.search("[ء-ي]", arabic(whole)), whole


def test_nothing_that_is_filled_in_gets_lost() -> None:
    for english, words in KNOWN.items():
        assert english.count("{}") == words.count("{}"), english
        assert re.search("[ء-ي]", words)


def test_causes_that_others_join_are_told_by_parts() -> None:
    assert arabic("given up after 72 h; last: Telegram: no connection: Connection refused") == (
        "تُركت بعد 72 ساعة؛ آخر سبب: Telegram: تعذّر الاتصال: رُفض الاتصال"
    )
    assert arabic("${TOKEN}: this secret is missing (set TOKEN in the environment)") == (
        "${TOKEN}: هذا السر غير موجود (عرّف TOKEN في بيئة التشغيل)"
    )


def test_an_arabic_line_runs_from_right_to_left_and_what_is_not_known_from_left_to_right() -> None:
    """Whatever it begins with; another program's words stay as they are."""
    causes = ["rasid.service: no complete answer within 30 s", "rules/x.yaml:3:2: `شاهد` is odd", "the answer is empty"]
    lines = telegram.plain(operator("desk", "feed:x", "المصدر لا يُقرأ", causes, 0.0), "full", Locale()).split("\n")
    assert lines[1] == f"{RLM}{FSI}{RLM}rasid.service: لم يصل جواب كامل خلال 30 ثانية{PDI}"
    assert lines[2] == f"{RLM}{FSI}rules/x.yaml:3:2: `شاهد` is odd{PDI}"
    assert lines[3] == f"{RLM}{FSI}الجواب فارغ{PDI}"


@pytest.mark.parametrize(
    "text", [": " * 500, "the name " * 110, "; (" * 330 + ")", "no connection: " * 70, "SMTP 1 (" * 120]
)
def test_another_programs_words_cost_no_time(text: str) -> None:
    began = time.perf_counter()
    arabic(text)
    assert time.perf_counter() - began < 1
