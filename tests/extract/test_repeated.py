"""Lines that a host repeats from article to article are furniture; what a story repeats of itself is not."""

from __future__ import annotations

from monitor.extract.repeated import Repeated
from monitor.types import Article

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


def test_what_is_remembered_is_bounded() -> None:
    memory = Repeated()
    read(memory, [f"{TEXTS[0]} {n}\n{BOX} {n}" for n in range(50)])
    for n in range(2100):
        memory.without(article(BOX, f"https://h{n}.example/"))
    assert len(memory._hosts) == 2000
    assert max(map(len, memory._hosts.values())) <= 8
