"""The words that make like-worded texts different news: numbers in words, tolls, denials. All in folded spelling."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from monitor.arabic import fold

_CARDINALS = {
    "1": "واحد واحدة",
    "2": "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي",
    "3": "ثلاث ثلاثة",
    "4": "أربع أربعة",
    "5": "خمس خمسة",
    "6": "ستة ست",
    "7": "سبع سبعة",
    "8": "ثمان ثماني ثمانية",
    "9": "تسع تسعة",
    "10": "عشر عشرة",
    "20": "عشرون عشرين",
    "30": "ثلاثون ثلاثين",
    "40": "أربعون أربعين",
    "50": "خمسون خمسين",
    "60": "ستون ستين",
    "70": "سبعون سبعين",
    "80": "ثمانون ثمانين",
    "90": "تسعون تسعين",
    "100": "مئة مائة",
    "200": "مئتان مئتين مائتان مائتين",
}
_ORDINALS = {
    "#1": "أول أولى الأول الأولى حادي الحادي حادية الحادية",
    "#2": "ثان ثاني ثانية الثاني الثانية",
    "#3": "ثالث ثالثة الثالث الثالثة",
    "#4": "رابع رابعة الرابع الرابعة",
    "#5": "خامس خامسة الخامس الخامسة",
    "#6": "سادس سادسة السادس السادسة",
    "#7": "سابع سابعة السابع السابعة",
    "#8": "ثامن ثامنة الثامن الثامنة",
    "#9": "تاسع تاسعة التاسع التاسعة",
    "#10": "عاشر عاشرة العاشر العاشرة",
}
_DEAD = "قتيل قتيلا قتلى قتلوا قتل مقتل شهيد شهيدا شهداء استشهاد استشهد ضحية ضحايا وفاة وفيات توفي مصرع لقوا"
_WOUNDED = "جريح جريحا جرحى جرح مصاب مصابا مصابين مصابون إصابة إصابات أصيب أصيبوا"
_DENIALS = (
    "نفى نفت ينفي تنفي نفيا نفي ينفون نفوا كذب كذبت يكذب تكذب تكذيب تراجع تراجعت يتراجع تتراجع أنكر أنكرت ينكر تنكر "
    "دحض دحضت يدحض تدحض"
)
_EMPTY = "في من على إلى عن نحو حوالي قرابة أكثر أقل ما لا بين منذ خلال بعد قبل مع أن كان هو هي هذا هذه تم قد"
_PLACES = (
    "جمهورية مملكة سلطنة دولة مدينة محافظة بلدة قرية منطقة ولاية قضاء ناحية حي مخيم مطار ميناء قطاع خليج جبل جزيرة ريف "
    "ضاحية معبر إقليم منفذ طريق شارع ساحة سجن حقل شمال جنوب شرق غرب شمالي جنوبي شرقي غربي وسط"
)
_PREPOSITIONS = "في من إلى على قرب نحو بحق ضد مع بين عن تجاه قبالة"
_TIMES = (
    "اليوم أمس الأول غد غدا مساء صباح ظهر فجر ليل عصر الماضي الجاري المقبل الحالي الأحد الاثنين الثلاثاء الأربعاء "
    "الخميس الجمعة السبت أخيرا مؤخرا حاليا الآن قبل قليل يوم"
)
_PARTICLES = ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ك", "ل")
_NOT_TRUE = frozenset({("لا", "صحه"), ("عار", "عن"), ("عاريه", "عن"), ("غير", "صحيح"), ("غير", "صحيحه")})
_NOT_STARTS = frozenset(pair[0] for pair in _NOT_TRUE)


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


_VALUES = {fold(w): value for names in (_CARDINALS, _ORDINALS) for value, words in names.items() for w in words.split()}
DEAD, WOUNDED, EMPTY, PREPOSITIONS = map(_folded, (_DEAD, _WOUNDED, _EMPTY, _PREPOSITIONS))
DENIALS = frozenset(particle + word for word in _folded(_DENIALS) for particle in ("", "و", "ف"))
_TEN = _folded("عشر عشرة")
_TENS = {"20", "30", "40", "50", "60", "70", "80", "90"}
_MONDAY = fold("الاثنين")


@lru_cache(maxsize=8_192)
def number(word: str) -> str:
    """The number that a folded word stands for: digits as they are, `#3` for the third, "" for no number."""
    if word[:1].isdigit():
        return word
    if word.endswith(_MONDAY):
        return ""
    bare = next(
        (word[len(p) :] for p in ("و", "ب", "ل", "ف", "ال") if word.startswith(p) and word[len(p) :] in _VALUES), ""
    )
    return _VALUES.get(word) or _VALUES.get(bare, "")


def values(words: Sequence[str]) -> dict[int, str]:
    """The numbers in a text by their place; what is said in two words (خمسة عشر، خمس وعشرون) stands at the second."""
    found: dict[int, str] = {}
    for at, word in enumerate(words):
        value = number(word)
        if not value:
            continue
        before = found.get(at - 1, "")
        if _completes(before, value, word) and not words[at - 1][:1].isdigit():
            del found[at - 1]
            value = f"{'#' * before.startswith('#')}{int(before.strip('#')) + int(value)}"
        found[at] = value
    return found


def _completes(before: str, value: str, word: str) -> bool:
    """Whether a number word goes on with the one before it: five and ten, five and twenty."""
    if word[:1].isdigit() or not before or not 1 <= int(before.strip("#")) <= 9:
        return False
    return value == "10" if word in _TEN else value in _TENS and word.startswith("و")


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """A folded word without the particles in front, as long as three letters stay."""
    for particle in _PARTICLES:
        if word.startswith(particle) and len(word) - len(particle) >= 3:
            return word[len(particle) :]
    return word


def denies(words: Sequence[str]) -> bool:
    """Whether a text denies something."""
    if not DENIALS.isdisjoint(words):
        return True
    return not _NOT_STARTS.isdisjoint(words) and not _NOT_TRUE.isdisjoint(pairwise(words))


PLACES, TIMES = (frozenset(map(stem, _folded(words))) for words in (_PLACES, _TIMES))
