"""Lines that a host repeats, and titles of its other stories, are furniture; what a story repeats of itself is not."""

from __future__ import annotations

from dataclasses import replace

from monitor.extract.repeated import Repeated
from monitor.types import Article, Entry

BOX = "حمّل تطبيقنا ليصلك كل جديد من قلب الحدث"
TEXTS = [
    "افتتح الوزير صباح أمس جسرا جديدا فوق النهر بعد ثلاثة أعوام من العمل المتواصل.\nويخفف الجسر الزحام في وسط المدينة.",
    "أعلنت الشركة عن أرباح قياسية في الربع الثالث بفضل ارتفاع الطلب على منتجاتها.\nوتوزع الأرباح على المساهمين قريبا.",
    "سجلت محطات الرصد هزة أرضية خفيفة شرق البلاد ولم ترد أنباء عن إصابات أو أضرار.\nوشعر بها سكان القرى القريبة.",
    "فاز فريق المدينة على ضيفه بهدفين دون رد في مباراة الأمس وصعد إلى المركز الثاني.\nوتقام المباراة المقبلة الجمعة.",
]


def article(text: str, url: str = "https://a.example/1") -> Article:
    return Article(url=url, title="عنوان", text=text)


def read(memory: Repeated, texts: list[str], host: str = "a.example") -> list[Article]:
    return [memory.without(article(text, f"https://{host}/{n}")) for n, text in enumerate(texts)]


def test_a_line_that_stood_in_two_other_articles_goes_and_is_named() -> None:
    found = read(Repeated(), [f"{text}\n{BOX}" for text in TEXTS])
    assert [BOX in a.text for a in found] == [True, True, False, False]
    assert found[2].text == TEXTS[2]
    assert [d.text for d in found[2].dropped] == [BOX]


def test_other_hosts_are_no_witnesses() -> None:
    memory = Repeated()
    for n, text in enumerate(TEXTS):
        assert memory.without(article(f"{text}\n{BOX}", f"https://host{n}.example/1")).text.endswith(BOX)


def test_a_story_told_again_keeps_its_paragraphs() -> None:
    """A flash that grows, under three addresses; and one page read again and again."""
    grown = [TEXTS[0], f"{TEXTS[0]}\nوحضر الافتتاح نواب المنطقة.", f"{TEXTS[0]}\nوكلف الجسر مئة مليون."]
    assert [a.text for a in read(Repeated(), grown)] == grown
    memory = Repeated()
    again = [f"{text}\n{BOX}" for text in TEXTS[:1] * 4]
    assert [memory.without(article(text)).text for text in again] == again


def test_never_more_than_two_fifths_of_a_text() -> None:
    long = " ".join([BOX] * 3)
    memory = Repeated()
    read(memory, [f"{text}\n{text[::-1]}\n{long}" for text in TEXTS])
    short = f"خبر قصير جدا.\n{long}"
    assert memory.without(article(short, "https://a.example/short")).text == short


OTHERS = ["انطلاق مهرجان التمور في القصيم غدا", "ارتفاع أسعار النفط بعد قرار أوبك", "تقرير خاص"]


def heard(*titles: str, feed: str = "a") -> Repeated:
    memory = Repeated()
    memory.hear(feed, [Entry(key=title, url="https://a.example/x", title=title) for title in titles])
    return memory


def test_a_line_that_is_another_storys_title_in_the_feed_goes() -> None:
    """In whatever spelling; and no label of fewer words, no sentence that only begins with it."""
    sentence = "ارتفاع أسعار النفط بعد قرار أوبك يضغط على الأسواق الناشئة."
    text = "\n".join([TEXTS[0], OTHERS[0], "إرتفاع أسعار النفط، بعد قرار أوبك", OTHERS[2], sentence])
    found = heard(*OTHERS).without(replace(article(text), feed="a"))
    assert found.text == "\n".join([TEXTS[0], OTHERS[2], sentence])
    assert [(d.text, d.reason) for d in found.dropped] == [
        (OTHERS[0], "another story's title"),
        ("إرتفاع أسعار النفط، بعد قرار أوبك", "another story's title"),
    ]


def test_the_storys_own_title_and_another_feeds_titles_take_nothing_out() -> None:
    text, own = f"{TEXTS[0]}\n{OTHERS[0]}", Entry(key="1", url="https://a.example/1", title=OTHERS[0])
    assert heard(*OTHERS).without(replace(article(text), feed="a"), own).text == text
    assert heard(*OTHERS, feed="b").without(replace(article(text), feed="a")).text == text


def test_what_is_remembered_is_bounded() -> None:
    memory = Repeated()
    read(memory, [f"{TEXTS[0]} {n}\n{BOX} {n}" for n in range(50)])
    for n in range(2100):
        memory.without(article(BOX, f"https://h{n}.example/"))
    assert len(memory._hosts) == 2000
    assert max(map(len, memory._hosts.values())) <= 8
    memory.hear("a", [Entry(key=str(n), url="", title=f"عنوان طويل من كلمات {n}") for n in range(900)])
    assert len(memory._titles["a"]) == 200
