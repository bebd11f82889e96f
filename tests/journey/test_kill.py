"""Killed at random under load: nothing that was recorded is lost, at most one message is doubled for each kill."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.journey.installation import SETTINGS, Installation, wait_until
from tests.journey.outlet import Outlet
from tests.servers.smtp import Mailbox
from tests.servers.telegram import FakeTelegram, Reply, error
from tests.servers.webhook import Answer, Webhook

_NOUNS = (
    "المدينة الوزير الساحل الشركة البلدية القرية الجسر الطريق الميناء السوق المصنع المدرسة النهر الجبل الحديقة المطار "
    "القطار السفينة المزرعة الجامعة المستشفى الملعب المتحف المكتبة البرلمان السفارة الحدود الصحراء الواحة الجزيرة"
)
WORDS = _NOUNS.split()
TOKEN = "7012345678:AAExampleExampleExampleExample_Token"
ITEM = re.compile(r"خبر رقم (\d+)")


def text(dice: random.Random, number: int) -> str:
    """A text that shares no three words in a row with another, and fires the rule."""
    body, more = (" ".join(dice.choice(WORDS) for _ in range(n)) for n in (40, 30))
    return f"{body}. وقال شهود إن طائرة مسيّرة سقطت قرب الموقع {number}. {more}."


@dataclass(frozen=True)
class Line:
    """A channel as its other end sees it: the items that arrived in order, each as (number, lasting id)."""

    name: str
    arrived: Callable[[], list[tuple[int, str]]]
    ambiguous: Callable[[], int] = lambda: 0  # answers that were lost after the message was taken


class World:
    """Seven channels: healthy, slow, failing, ambiguous and hanging webhooks, Telegram and e-mail with all of it."""

    def __init__(self, stack: ExitStack) -> None:
        names = ("good", "slow", "failing", "cutting", "hanging")
        self.hooks = {name: stack.enter_context(Webhook()) for name in names}
        self.hooks["slow"].always = Answer(delay=0.4)
        self.hooks["hanging"].always = Answer(manner="hang")
        self.telegram = stack.enter_context(FakeTelegram())
        self.mailbox = stack.enter_context(Mailbox())
        self.cuts = Counter[str]()
        hooks = [Line(n, lambda n=n: hooked(self.hooks[n]), lambda n=n: cut(self.hooks[n])) for n in names]  # type: ignore[misc]
        told = Line("telegram", lambda: chatted(self.telegram), lambda: self.cuts["telegram"])
        self.lines = [*hooks, told, Line("mail", lambda: mailed(self.mailbox), lambda: self.cuts["mail"])]

    def configure(self, rasid: Installation, outlet: Outlet) -> None:
        rasid.write("settings.yaml", f"{SETTINGS}telegram_api: {self.telegram.url}\noperator:\n  - good\n")
        rasid.feeds(manbar=outlet.feed)
        urls = {name: hook.address for name, hook in self.hooks.items()}
        urls["mail"] = f"mailto://127.0.0.1:{self.mailbox.port}?from=rasid@example.org&to=desk@example.org"
        urls["telegram"] = f"tgram://{TOKEN}/-1001"
        lines = "".join(f'  {name}:\n    url: "{url}"\n    limit: 9999/min\n' for name, url in urls.items())
        rasid.write("channels.yaml", f"rasid: 1\nchannels:\n{lines}")

    def trouble(self, dice: random.Random) -> None:
        """How the next messages will be answered."""
        late = Answer(status=429, headers={"Retry-After": "1"})
        self.hooks["failing"].script.append(dice.choice([Answer(), Answer(status=503), late]))
        self.hooks["cutting"].script.append(dice.choice([Answer(), Answer(manner="cut")]))
        reply = dice.choice([None, error(429, "Too Many Requests", retry_after=1), error(502, "Bad"), Reply(cut=True)])
        if reply is not None:
            self.telegram.script.append(reply)
            self.cuts["telegram"] += reply.cut
        if dice.random() < 0.2:
            self.mailbox.cut_after_data += 1
            self.cuts["mail"] += 1
        elif dice.random() < 0.3:
            self.mailbox.on_data.append("451 later")

    def calm(self) -> None:
        """From now on every channel takes everything."""
        for hook in self.hooks.values():
            hook.script.clear()
            hook.always = Answer()
        self.telegram.script.clear()
        self.mailbox.on_data.clear()
        self.mailbox.cut_after_data = 0


def hooked(hook: Webhook) -> list[tuple[int, str]]:
    taken = [r for r in hook.requests if r.answered == 204 and r.json["kind"] == "alert"]
    return [(int(found), r.headers["Idempotency-Key"]) for r in taken for found in ITEM.findall(r.body.decode())[:1]]


def cut(hook: Webhook) -> int:
    return sum(r.manner == "cut" for r in hook.requests)


def chatted(api: FakeTelegram) -> list[tuple[int, str]]:
    """Telegram knows no id of ours; the text is the same on every try."""
    return [(int(found), m["text"]) for m in list(api.messages) for found in ITEM.findall(m["text"])[:1]]


def mailed(box: Mailbox) -> list[tuple[int, str]]:
    return [(int(n), str(m["Message-ID"])) for m in list(box.messages) for n in ITEM.findall(str(m["Subject"]))[:1]]


def life(rasid: Installation, outlet: Outlet, world: World, kills: int, seed: int) -> None:
    """Starts, publishes, kills, again and again; then one calm life in which all that is left arrives."""
    dice, numbers = random.Random(seed), itertools.count()
    world.configure(rasid, outlet)
    outlet.window = 10_000
    for _ in range(kills):
        said = len(rasid.logged())
        rasid.start()
        if dice.random() < 0.8:  # most lives get as far as their work, however busy the machine is
            wait_until(lambda said=said: "channels 7" in rasid.logged()[said:], what="a start")  # type: ignore[misc]
        for number in itertools.islice(numbers, dice.randint(1, 6)):
            outlet.publish(f"p{number}", f"خبر رقم {number} {dice.choice(WORDS)}", text(dice, number))
            world.trouble(dice)
            time.sleep(dice.uniform(0.0, 0.6))
        time.sleep(dice.uniform(0.0, 2.0))
        rasid.kill()
    world.calm()
    rasid.start()
    wanted = set(range(len(outlet.pieces)))
    for line in world.lines:
        wait_until(lambda line=line: not missing(line, wanted), 90, f"all in {line.name}")  # type: ignore[misc]
    time.sleep(1.0)
    assert rasid.stop() == 0


def missing(line: Line, wanted: set[int]) -> set[int]:
    return wanted - {number for number, _ in line.arrived()}


def judge(rasid: Installation, outlet: Outlet, world: World, kills: int) -> Iterator[str]:
    """Checks what DESIGN promises of delivery, channel by channel; gives a line of figures for each."""
    hits = rasid.json("hits", "--limit", "0")
    assert Counter(hit["article"]["title"] for hit in hits) == Counter(piece.title for piece in outlet.pieces)
    titles = [hit["article"]["title"] for hit in sorted(hits, key=lambda hit: hit["id"])]
    detected = [int(ITEM.findall(title)[0]) for title in titles]
    for line in world.lines:
        arrived = line.arrived()
        doubled, ambiguous = len(arrived) - len(detected), line.ambiguous()
        assert doubled <= kills + ambiguous, f"{line.name}: {doubled} doubled, {kills} kills, {ambiguous} ambiguous"
        assert list(dict.fromkeys(n for n, _ in arrived)) == detected, f"{line.name}: lost, or out of order"
        assert len(set(arrived)) == len(detected), f"{line.name}: a message under a new id"
        yield f"{line.name}: {len(arrived)} sent, {doubled} doubled, {ambiguous} answers lost, 0 items lost, in order"
    assert not rasid.json("deliveries", "--dead")


def test_killed_four_times_under_load(rasid: Installation, outlet: Outlet) -> None:
    """X01, short: no hit without its delivery, no more doubles than kills and lost answers, the order kept."""
    with ExitStack() as stack:
        world = World(stack)
        life(rasid, outlet, world, kills=4, seed=11)
        assert len(list(judge(rasid, outlet, world, kills=4))) == 7


@pytest.mark.soak
def test_killed_a_hundred_times_under_load(rasid: Installation, outlet: Outlet) -> None:
    """X01: a hundred kills at random moments."""
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"\nseed {seed}")
    with ExitStack() as stack:
        world = World(stack)
        life(rasid, outlet, world, kills=100, seed=seed)
        print(f"{len(outlet.pieces)} items, 100 kills", *judge(rasid, outlet, world, kills=100), sep="\n")
