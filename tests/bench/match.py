"""What matching costs, as ratios in one run: `./run bench match [--quick] [FOLDER OF .txt ARTICLES]`.

The articles are made of the vocabulary below after Zipf, with attached particles, and of words coined after
Arabic patterns; a folder of texts stands in for them. Absolute times depend on the machine: only ratios are targets.
`--quick` stops at 10,000 rules.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate, product
from pathlib import Path
from typing import cast

from monitor.arabic import fold, tokens
from monitor.match import Matcher, check_tests
from monitor.rules import load_rules
from tests.bench._given import holding

FREQUENT = """
في من على إلى عن أن إن التي الذي هذا هذه ذلك بعد قبل خلال مع بين كما حيث عند منذ حتى لكن أو ثم قد لم لن ما لا كل
بعض غير قال أكد أعلن أضاف ذكر أوضح أشار كشف دعا طالب وصل بدأ شهد عقد بحث الرئيس الحكومة الوزير رئيس وزير وزارة
الخارجية الدفاع الداخلية مجلس الأمن النواب البرلمان الدولة الدول دولة العالم المنطقة الشرق الأوسط العربية
المتحدة الولايات الأمم الاتحاد الأوروبي الجيش القوات قوات الشرطة الأمن هجوم غارة ضربة صاروخ صواريخ طائرة طائرات
مسيرة مدينة العاصمة محافظة قرية حدود معبر ميناء مطار سفينة ناقلة نفط غاز طاقة سوق أسعار اقتصاد شركة بنك دولار
مليون مليار عام يوم أسبوع شهر ساعة أمس اليوم غدا الجمعة السبت الأحد الاثنين الثلاثاء الأربعاء الخميس اتفاق
اتفاقية معاهدة مفاوضات محادثات لقاء زيارة قمة مؤتمر بيان تصريح تقرير صحيفة وكالة قناة مصدر مصادر مسؤول مسؤولون
خبير سفير سفارة وفد حزب حركة جماعة فصيل زعيم قائد جندي مدني مدنيون قتيل جريح ضحايا أزمة حرب سلام هدنة وقف إطلاق
النار حصار عقوبات برنامج نووي مفاعل تخصيب وقود منشأة مختبر جامعة مدرسة طالب معلم مستشفى طبيب مرض لقاح علاج مريض
ماء كهرباء طريق جسر مشروع خطة قانون محكمة قاض محام قضية حكم سجن متهم جريمة تحقيق لجنة عضو انتخابات مرشح صوت حملة
مباراة فريق لاعب مدرب دوري كأس بطولة هدف فوز خسارة إيران روسيا الصين العراق سوريا لبنان مصر السعودية تركيا فرنسا
بريطانيا ألمانيا إسرائيل فلسطين غزة اليمن ليبيا السودان تونس المغرب الجزائر قطر الكويت البحرين عمان الأردن
أوكرانيا أفغانستان باكستان الهند اليابان طهران موسكو بغداد دمشق بيروت القاهرة الرياض أنقرة
""".split()  # noqa: SIM905
LETTERS = "بتجحخدرزسشصضطعغفقكلمنهو"
PATTERNS = (
    *("{0}{1}ي{2}", "{0}ا{1}{2}", "م{0}{1}و{2}", "ت{0}{1}ي{2}", "م{0}ا{1}{2}ة", "ا{0}ت{1}ا{2}"),
    *("{0}{1}ا{2}ين", "ا{0}{1}و{2}ي", "{0}و{1}ا{2}", "ا{0}{1}ا{2}", "{0}ي{1}و{2}", "م{0}{1}{2}ان"),
)
PARTICLES = ("", "", "", "", "", "و", "ب", "ل", "ال", "ال", "وال", "بال", "ف")
WORDS = 400  # of an article
ROUNDS = 7
LUCENE = 24_079e-6  # seconds an article for 100,000 stored queries in Luwak on Lucene
TARGETS = {
    "rare terms, 100 -> 100,000 rules": 3.0,
    "mixed rules, 100 -> 100,000 rules": 4.5,
    "1,000 mixed rules / folding and tokenising": 6.0,
    "100,000 mixed rules / Lucene's 24 ms": 0.1,
    "2,000 rules with tests: load, compile, test (s)": 2.0,
    "100,000 rules: load and compile (s)": 20.0,
    "100,000 rules: memory (MB)": 600.0,
}


def coined() -> list[str]:
    """Words that look Arabic, about 145,000, most of which nobody ever wrote, in an order that is always the same."""
    roots = [r for r in product(LETTERS, repeat=3) if len(set(r)) == 3]
    found = sorted({pattern.format(*root) for root in roots for pattern in PATTERNS})
    random.Random(1).shuffle(found)
    return found


COINED = coined()
IN_TEXTS = 20_000  # so many of them are the rare words of the articles
UNSEEN = COINED[IN_TEXTS:]


def rare(n: int) -> str:
    """The term of a rule: one of 100 is a word of the articles, so that each article fires some rules."""
    return COINED[n // 100 * 7 % IN_TEXTS] if n % 100 == 0 else UNSEEN[n * 7 % len(UNSEEN)]


def articles(count: int, rand: random.Random) -> list[str]:
    """Texts of frequent and rarer words after Zipf, in sentences and paragraphs."""
    words = FREQUENT + COINED[:IN_TEXTS]
    weights = list(accumulate(1 / (n + 5) for n in range(len(words))))
    return [_article(rand.choices(words, cum_weights=weights, k=WORDS), rand) for _ in range(count)]


def _article(words: list[str], rand: random.Random) -> str:
    pieces = []
    for n, word in enumerate(words, 1):
        particle = "" if word.startswith("ال") else rand.choice(PARTICLES)
        end = ".\n" if n % 60 == 0 else ". " if n % 20 == 0 else "، " if n % 7 == 0 else " "
        pieces.append(particle + word + end)
    return "".join(pieces)


def rare_rules(count: int) -> Iterator[list[str]]:
    """Single words of which few occur in an article."""
    for n in range(count):
        yield ["any:", f"  - {rare(n)}"]


def mixed_rules(count: int, rand: random.Random) -> Iterator[list[str]]:
    """Words, phrases, lists, near, all with conditions, over frequent and rare words."""
    names = [w for w in FREQUENT[60:] if len(w) > 3]
    for n in range(count):
        common, second = rand.sample(names, 2)
        yield _mixed(rand.randrange(10), rare(n), rand.choice(UNSEEN), common, second)


def _mixed(kind: int, rare: str, other: str, common: str, second: str) -> list[str]:
    if kind < 4:
        return ["any:", f"  - {rare}", f"  - {other}"]
    if kind < 6:
        return ["any:", f"  - {common} {rare}", f"  - {rare} {other}"]
    if kind == 6:
        return ["phrase:", f"  - {common}", "  - any:", f"      - {rare}", f"      - {other}"]
    if kind == 7:
        return [
            "near:",
            "  within: 8",
            "  of:",
            f"    - {common}",
            "    - any:",
            f"        - {rare}",
            f"        - {other}",
        ]
    if kind == 8:
        return ["all:", f"  - {common}", f"  - {second}", f"  - {rare}", "not:", f"  - {other}"]
    return ["word: " + rare, "unless:", "  next:", f"    - {other}", "  previous:", f"    - {common}"]


def write(folder: Path, rules: Iterator[list[str]], *, tested: bool = False) -> Path:
    """A rules folder, 5,000 rules a file."""
    folder.mkdir(parents=True)
    lines: list[str] = []
    for n, match in enumerate(rules):
        if n % 5_000 == 0:
            _flush(folder, n, lines)
        lines += [f"  r{n}:", f"    name: r{n}", "    match:", *("      " + line for line in match)]
        if tested:
            words = [line.split("- ")[-1].split(": ")[-1] for line in match if "- " in line or "word:" in line]
            lines += ["    tests:", "      miss:", f"        - {FREQUENT[n % 50]} قق{words[-1]} {FREQUENT[n % 70]}"]
            lines += [
                f"        - {FREQUENT[n % 90]} في بيان",
                "        - لا شيء هنا",
                f"        - خبر {FREQUENT[n % 30]}",
            ]
    _flush(folder, -1, lines)
    return folder


def _flush(folder: Path, n: int, lines: list[str]) -> None:
    if lines:
        (folder / f"rules{n:07}.yaml").write_text("\n".join(["rasid: 1", "rules:", *lines]) + "\n", "utf-8")
        lines.clear()


def _alternately(works: list[Callable[[str], object]], texts: list[str]) -> list[float]:
    """The middle processor time an article of each work; they take turns: the machine's moods hit all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS + 1):
        for taken, work in zip(times, works, strict=True):
            start = time.process_time()
            for text in texts:
                work(text)
            taken.append((time.process_time() - start) / len(texts))
    return [statistics.median(taken[1:]) for taken in times]


def matcher(folder: Path) -> Callable[[str], object]:
    compiled = Matcher(load_rules(folder))
    return lambda text: compiled.match("", text)


def hits(work: Callable[[str], object], texts: list[str]) -> float:
    return statistics.mean(len(cast(list[object], work(text))) for text in texts)


def floor(text: str) -> object:
    return fold(text), tokens(text)


def hyperscan(terms: list[str], texts: list[str]) -> str:
    """Hyperscan's scan for bare literals in text that is folded before, where the library is installed."""
    if importlib.util.find_spec("hyperscan") is None:
        return "Hyperscan is not installed (pip install hyperscan), so its bare literal scan is left out"
    library = importlib.import_module("hyperscan")
    database = library.Database(mode=library.HS_MODE_BLOCK)
    database.compile(expressions=[fold(term).encode() for term in terms], ids=list(range(len(terms))))
    folded = {text: fold(text).encode() for text in texts}
    took = _alternately([lambda text: database.scan(folded[text], match_event_handler=lambda *_: None)], texts)[0]
    return f"Hyperscan, {len(terms):,} bare literals in folded text, no particles, no word borders: {_us(took)}"


def measured(texts: list[str], most: int) -> dict[str, float]:
    """The ratios, with the times behind them printed as they come."""
    with tempfile.TemporaryDirectory() as name:
        root, found = Path(name), dict[str, float]()
        single = {n: write(root / f"rare{n}", rare_rules(n)) for n in (100, most)}
        mixed = {n: write(root / f"mixed{n}", mixed_rules(n, random.Random(2))) for n in (100, 1_000, most)}
        tested = write(root / "tested", mixed_rules(2_000, random.Random(3)), tested=True)
        start = time.process_time()
        ruleset = load_rules(tested)
        problems = check_tests(ruleset)
        found["2,000 rules with tests: load, compile, test (s)"] = time.process_time() - start
        assert not problems, problems[:3]
        works = [matcher(folder) for folder in single.values()]
        small, large = _alternately(works, texts)
        fired = hits(works[1], texts)
        print(f"  rare terms: {_us(small)} with 100, {_us(large)} with {most:,} rules, {fired:.0f} fire")
        found["rare terms, 100 -> 100,000 rules"] = large / small
        works = [floor, *(matcher(folder) for folder in mixed.values())]
        base, low, middle, high = _alternately(works, texts)
        print(f"  mixed: {_us(low)} with 100, {_us(middle)} with 1,000, {_us(high)} with {most:,} rules", end="")
        print(f", {hits(works[3], texts):.0f} fire; folding and tokenising alone: {_us(base)}")
        print(f"  {hyperscan([rare(n) for n in range(1_000)], texts)}")
        found["mixed rules, 100 -> 100,000 rules"] = high / low
        found["1,000 mixed rules / folding and tokenising"] = middle / base
        found["100,000 mixed rules / Lucene's 24 ms"] = high / LUCENE
        found |= _cost_of_loading(mixed[most])
    return found


def _us(value: float) -> str:
    return f"{value * 1e6:,.0f} us"


def _cost_of_loading(folder: Path) -> dict[str, float]:
    """Time and memory of a process that does nothing else."""
    command = [sys.executable, "-m", "tests.bench.match", "--load", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    took, memory = json.loads(done.stdout)
    return {"100,000 rules: load and compile (s)": took, "100,000 rules: memory (MB)": memory}


def memory() -> float:
    """The most megabytes that this process held; `ru_maxrss` would count those of the process that started it."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def load(folder: Path) -> None:
    """Prints the processor seconds to load and compile a folder, and the most megabytes that the process held."""
    start = time.process_time()
    Matcher(load_rules(folder))
    print(json.dumps([time.process_time() - start, memory()]))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="match")
    parser.add_argument("folders", nargs="*", type=holding(), help="of .txt articles")
    parser.add_argument("--quick", action="store_true", help="stop at 10,000 rules")
    parser.add_argument("--load", type=holding(), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.load:
        load(options.load)
        return 0
    most = 10_000 if options.quick else 100_000
    texts = [p.read_text("utf-8") for f in options.folders for p in sorted(f.glob("*.txt"))]
    texts = texts or articles(60, random.Random(4))
    print(f"{len(texts)} articles of {statistics.mean(len(t.split()) for t in texts):.0f} words, up to {most:,} rules")
    found = measured(texts, most)
    for name, target in TARGETS.items():
        print(f"  {'ok  ' if found[name] <= target else 'MISS'} {name}: {found[name]:.2f} (at most {target:g})")
    return int(any(found[name] > target for name, target in TARGETS.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
