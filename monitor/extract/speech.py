"""Lines in which an outlet speaks to its readers or about itself, told by how they speak, not by phrases.

Three voices are heard word by word (`voices`): the reader is addressed (imperatives and second persons of reading,
joining, paying; "your mail"), the outlet speaks (first persons plural, "our readers", "this page"), the trade is named
(app, channel, newsletter, donation, comments). A line in which a voice and the trade meet often enough for its length
is no text. What the text itself does (advice, sermons, statements, reports about apps) proves nothing in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from monitor.extract.voices import NEWS, NOT_YOURS, OF_THE_PAGE, OUTLETS, THIS, TOLD, WHO_WE_ARE, voice_of

LONGEST = 300  # characters of such a line
LONG = 120  # characters of one that may have run into another
BASE, PACE = 2.5, 0.16  # evidence that a line needs, and how much more with every word
CAP = 2.5  # how much more the trade may tell than the voices
EDGE = 0.8  # how much less the first line and the last need
NEAR = 1.5  # how much less one needs beside another
SOME = 12  # words of a line from which on one word of the trade is chance
SURE = 4  # evidence of a voice with which it is not
MANNER = 1  # evidence of a voice in a line of the text itself
OWN = 0.25  # of a text's other lines in one voice: the text's own
SHARE = 0.5  # of a text's characters that may be such lines; more is the text's own manner too
_WORD = re.compile(r"[^\W\d_]+")
_FIRST = re.compile(r"(?:^|[؟!:])[^\w؟!:]*([^\W\d_]+)")
_QUOTED = re.compile('«[^»]*(?:»|$)|“[^”]*(?:”|$)|"[^"]*"')
_YOURS = re.compile("\\w{3,}ك[من]?")
_OURS = re.compile("\\w{2,}[^اوي]نا")
_PARTICLES = re.compile("[وفبلك]{0,2}(?:ال)?")
_NOTHING = (0.0, 0.0, 0.0)
_PAST = re.compile("[وف]?\\w{3,}ت")


class Line(NamedTuple):
    """What a line tells."""

    you: float  # the reader is addressed
    we: float  # the outlet speaks
    outlet: dict[str, float]  # its names
    trade: dict[str, float]  # words of the trade
    news: float  # against it: what only news say
    told: bool  # somebody's words are reported
    words: int


def furniture(lines: Sequence[str], title: str) -> set[int]:
    """The numbers of the folded lines that the outlet speaks, not the text."""
    short = {number: _heard(line) for number, line in enumerate(lines) if len(line) <= LONGEST}
    found = {number for number, said in short.items() if _enough(said, _edge(number, lines))}
    if not found:
        return found
    others = [short.get(number) or _heard(line) for number, line in enumerate(lines) if number not in found]
    own = _own_manner(others, _heard(title))
    short = {number: own(said) for number, said in short.items()}
    found = {number for number in found if _enough(short[number], _edge(number, lines)) and _to_its_end(lines[number])}
    beside = {near for number in found for near in (number - 1, number + 1)} & short.keys()
    found |= {near for near in beside if _enough(short[near], NEAR)}
    return found if sum(len(lines[number]) for number in found) <= SHARE * sum(map(len, lines)) else set()


def _to_its_end(line: str) -> bool:
    """Whether a long line speaks so in its second half too, or has run into what stands behind it."""
    rest = _heard(line[len(line) // 2 :])
    return len(line) < LONG or rest.you + rest.we + sum(rest.trade.values()) >= 1


def _edge(number: int, lines: Sequence[str]) -> float:
    return EDGE if number in (0, len(lines) - 1) else 0


def _enough(said: Line, less: float) -> bool:
    """Whether a voice and the trade meet often enough for the line's length."""
    trade, voice = sum(said.trade.values()), said.you + said.we
    less = 0 if less == EDGE and (trade < 2 or voice < 1) else less
    voice += sum(said.outlet.values()) - said.news
    if said.told or voice < 1 - less or trade < (2 if said.words > SOME and voice < SURE else 1) - (less > EDGE):
        return False
    return voice + min(trade, voice + CAP) >= BASE + PACE * said.words - less


def _heard(line: str) -> Line:
    """The voices in a folded line, outside what it quotes."""
    said = _QUOTED.sub(" ", line)
    words = _WORD.findall(said)
    you = we = 0.0
    ours = False
    trade: dict[str, float] = {}
    for word in words:
        known = voice_of(word) or (voice_of(word[1:]) if word[0] in "وف" else None)
        if known:
            you, we = you + known[0], we + known[1]
            if known[2]:
                trade[word] = known[2]
        elif word[-1] in "كم":
            you += 0.75 * _is_yours(word)
        elif word[-1] == "ا":
            ours = ours or bool(_OURS.fullmatch(word))
    we += 0.5 * ours + 2 * sum(map(_of_itself, pairwise(words)))
    outlet = {word: OUTLETS[word] for word in (word.removeprefix("و") for word in words) if word in OUTLETS}
    length = len(words) if said == line else len(_WORD.findall(line))
    return Line(you + _begins_asking(said), we, outlet, trade, _news(words), not TOLD.isdisjoint(words), length)


def _of_itself(pair: tuple[str, str]) -> bool:
    """This page, this site; who we are."""
    return (pair[0] in THIS and pair[1] in OF_THE_PAGE) or pair in WHO_WE_ARE


def _is_yours(word: str) -> bool:
    """Whether a word that isn't known ends in "your", or in "you"."""
    return bool(_YOURS.fullmatch(word)) and _PARTICLES.sub("", word, count=1) not in NOT_YOURS and word not in NOT_YOURS


def _begins_asking(said: str) -> float:
    """More for an imperative where one mostly stands: first, or behind a question."""
    return 0.5 * sum((voice_of(word) or _NOTHING)[0] >= 0.5 for word in _FIRST.findall(said))


def _news(words: list[str]) -> float:
    """Words of the news, and a verb of the past with its subject behind it."""
    past = len(words) > 1 and words[1].startswith("ال") and bool(_PAST.fullmatch(words[0]))
    return 1.5 * len(NEWS.intersection(words)) + past


def _own_manner(others: list[Line], title: Line) -> Callable[[Line], Line]:
    """What a line tells without the voices in which the other lines speak, and the trade that they are about."""
    some = max(3, OWN * len(others))
    asks = sum(line.you >= MANNER for line in others) >= some
    speaks = sum(line.we >= MANNER for line in others) >= some
    named = Counter(word for line in (*others, title, title) for word in line.trade)
    known = {word.removeprefix("ال") for line in (*others, title) for word in (*line.trade, *line.outlet)}

    def without(line: Line) -> Line:
        trade = {word: weight for word, weight in line.trade.items() if named[word] < 2}
        outlet = {word: weight for word, weight in line.outlet.items() if word.removeprefix("ال") not in known}
        return line._replace(you=0 if asks else line.you, we=0 if speaks else line.we, trade=trade, outlet=outlet)

    return without
