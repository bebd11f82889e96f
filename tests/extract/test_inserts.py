"""Lines that share no word with a text go where they look put in; whatever a text consists of stays."""

from __future__ import annotations

import pytest

from monitor.extract import page

TITLE = "جزيرة الصيادين تستقبل أول عبارة كهربائية"
TEXT = [
    "رست أول عبارة كهربائية في مرفأ جزيرة الصيادين صباح الأحد، بعد رحلة استغرقت أربعين دقيقة من الساحل.",
    "وتحمل العبارة مئتي راكب وثلاثين سيارة، وتشحن بطارياتها من ألواح شمسية نصبت فوق سقف المرفأ.",
    "وقال ربان العبارة نبيل الشامي إن الركاب لم يسمعوا صوت محرك، وإن الرحلة كلفت ثلث ما كانت تكلفه بالمازوت.",
    "ويعيش في الجزيرة أربعة آلاف من الصيادين وعائلاتهم، وكانت العبارة القديمة تتعطل كلما اشتدت الريح.",
    "وتنوي شركة النقل البحري شراء عبارة كهربائية ثانية في الربيع، إذا أثبتت البطاريات قدرتها على تحمل الملوحة.",
    "وطالب مجلس الجزيرة بخفض ثمن التذكرة للطلاب والمرضى الذين يعبرون إلى الساحل كل يوم.",
]
SIDE = "<div class='w'><ul><li><a href='/n/1'>البلدية ترصف شارع المحطة القديم</a></li></ul></div>"


def read(body: str) -> list[str]:
    head = f"<meta charset='utf-8'><title>{TITLE}</title>"
    source = f"<html lang='ar'><head>{head}</head><body><main><h1>{TITLE}</h1>{body}</main>{SIDE}</body></html>"
    return page(source.encode(), "https://x.example/1").text.split("\n")


def written(style: str, place: int, what: str) -> str:
    """A text with something put in, in paragraphs or in one piece with breaks."""
    if style == "paragraphs":
        paragraphs = [f"<p>{text}</p>" for text in TEXT]
        return f"<div class='t'>{''.join([*paragraphs[:place], what, *paragraphs[place:]])}</div>"
    parts = [*TEXT[:place], what, *TEXT[place:]]
    return f"<div class='t'>{'<br><br>'.join(parts)}</div>"


LINES = {
    "in brackets": "(انظر ص 9: قطار بضائع يخرج عن سكته قرب المنجم)",
    "between stars": "*** خبر منفصل: مزارعو الزعفران يحتجون على رسوم التصدير ***",
    "behind a label": "من أوراق العدد: موسيقي أعمى يعيد تسجيل موشحات حلب",
    "between strokes": "حكايات | امرأة ترمم ساعات الجوامع في إسطنبول | ثقافة",
    "a list of offers": "روابط خفيفة: مواعيد قطارات رمضان، أسعار الذهب عيار 18، نتائج القرعة الأميركية",
    "what the system counts": "رقم المادة 7734 | القسم الثقافي | المطالعات 911",
    "to the next page": "— مرر إصبعك صعودا لفتح الحكاية الموالية —",
}


@pytest.mark.parametrize("place", [3, 6])
@pytest.mark.parametrize("style", ["paragraphs", "breaks"])
@pytest.mark.parametrize("name", LINES)
def test_a_line_without_an_end_and_without_a_common_word_goes(name: str, style: str, place: int) -> None:
    line = LINES[name] if style == "breaks" else f"<p>{LINES[name]}</p>"
    assert read(written(style, place, line)) == TEXT


BOXES = {
    "a headline and its author": "<p style='font-weight:700'>قناص الحي العتيق يخرج من سجنه</p>"
    "<p style='font-size:12px'>لمى ناصيف | بيروت | 3/11/2026</p>",
    "a headline and how long ago": "<p><strong>قناص الحي العتيق يخرج من سجنه</strong></p>"
    "<p><em>حوادث – قبل ساعتين</em></p>",
    "a card without a link": "<article class='sc-a'><span class='sc-b'>انفراد</span>"
    "<h3>كيف اختفت لوحة من قصر بعبدا</h3>"
    "<p>تكشف رسائل لم تنشر أن اللوحة خرجت في سجادة ملفوفة.</p></article>",
    "a card with a picture only": "<article class='st'><img src='1.jpg'><div><span class='k'>عدالة</span>"
    "<h3>قاض يفرج عن خباز لم يسرق</h3></div></article>",
    "a list of headlines": "<ul><li>قناص الحي العتيق يخرج من سجنه</li><li>زلزال خفيف يوقظ سكان أنطاليا</li></ul>",
    "numbered headlines below a label": "<p>دقيقة وخبر</p><p>1) قناص الحي العتيق يخرج من سجنه</p>"
    "<p>2) زلزال خفيف يوقظ سكان أنطاليا</p>",
    "a headline behind an arrow": "<p>◄ زلزال خفيف يوقظ سكان أنطاليا</p>",
    "topics": "<p>زلازل، أنطاليا، طوارئ</p>",
    "a box with a border": "<div style='border:1px solid #ddd'><strong>قهوة الخميس</strong><br><span>رسالة يكتبها"
    " محررونا عما ضاق عنه العدد، ولا تزعج أحدا.</span></div>",
    "a sentence and where it leads": "<p>تسعة أسئلة عن عاداتك، ولن نبيع أجوبتك لأحد. "
    "<a href='/q'>افتح الاستمارة الآن</a></p>",
    "a label and two headings": "<p>كمان لنفس المحرر</p><h4>حلاق يعمل فوق سطح بناية</h4><h4>ليلة في باص مهجور</h4>",
}


@pytest.mark.parametrize("name", BOXES)
def test_a_box_without_a_common_word_goes(name: str) -> None:
    assert read(written("paragraphs", 6, BOXES[name])) == TEXT


OWN = {
    "a sub-heading": ["<h3>بحر بلا ضجيج</h3>"],
    "a sub-heading in bold": ["<p><strong>بحر بلا ضجيج</strong></p>"],
    "a sub-heading in a box": ["<div class='sub'>بحر بلا ضجيج</div>"],
    "a quotation": ["<blockquote><p>لم أصدق عيني ولا أذني</p></blockquote>"],
    "a question": ["<p><strong>ألا يخيفك انقطاع الكهرباء ليلا؟</strong></p>"],
    "what a colon announces": ["<p>وكتب أحدهم على الجدار:</p>", "<p>وداعا أيها الدخان الأسود القديم</p>"],
    "verses": [
        "<p>يا موج خذ عنا غبار السفر</p>",
        "<p>واحمل سلام الغائبين لمن حضر</p>",
        "<p>ما عاد في القلب متسع للحذر</p>",
    ],
    "a list": ["<ul><li>سترات النجاة لكل طفل</li><li>كراسي للمقعدين مجانا</li></ul>"],
    "a list below a sub-heading": [
        "<h3>ما يحمله المسافر</h3><ul><li>سترات نجاة بمقاس الأطفال</li><li>دواء الدوار لمن يشتكي معدته</li></ul>"
    ],
    "an announced list": [
        "<p>ويوصي الطبيب بما يأتي:</p><ul><li>سترات نجاة بمقاس الأطفال</li><li>دواء الدوار لمن يشتكي معدته</li></ul>"
    ],
    "a formula": ["<p>بسم الله الرحمن الرحيم</p>"],
    "an aside in a sentence of its own": ["<p>لكن البحارة القدامى يضحكون حين يسألهم أحد عن الطقس.</p>"],
    "one side of two columns": [
        "<div class='cols'><div class='col'><p>يتذكر الشيخ إبراهيم زمنا كان الناس يجدفون فيه ليلة كاملة كي يبيعوا سلة"
        " واحدة من السردين في سوق المدينة.</p></div></div>"
    ],
    "a table": ["<table><tr><td>الموسم</td><td>ثمن التذكرة</td></tr><tr><td>صيف</td><td>12</td></tr></table>"],
}


@pytest.mark.parametrize("name", OWN)
def test_what_a_text_consists_of_stays(name: str) -> None:
    """Even without a common word."""
    shown = read(written("paragraphs", 3, "".join(OWN[name])))
    assert (shown[:3], shown[-3:]) == (TEXT[:3], TEXT[3:])
    assert len(shown) > len(TEXT)


def test_a_short_text_vouches_for_nothing() -> None:
    line = "موكب العروس يعود غدا إلى القلعة"
    assert line in read(f"<div class='t'><p>{TEXT[0]}</p><p>{line}</p><p>{TEXT[5]}</p></div>")


@pytest.mark.parametrize("letters", ["<b>{}</b>", "<a href='/tag/1'>{}</a>"])
def test_what_all_of_a_text_looks_like_tells_nothing(letters: str) -> None:
    strange = "ويضحك الشيوخ حين يتذكرون كيف باع أجدادهم الملح مقابل التمر وسافروا شهرا."
    body = "".join(f"<p>{letters.format(text)}</p>" for text in [*TEXT[:3], strange, *TEXT[3:]])
    assert strange in read(f"<div class='t'>{body}</div>")


@pytest.mark.parametrize(
    "choices",
    ["( ) كل يوم<br>( ) نادرا", "<input type=radio> كل يوم<br><input type=radio> نادرا", "☐ كل يوم<br>☐ نادرا"],
)
def test_a_poll_between_the_lines_of_a_text_goes(choices: str) -> None:
    poll = f"كم مرة تركب العبارة إلى الساحل؟<br>{choices}<br>سجل صوتك"
    assert read(written("breaks", 3, poll)) == TEXT
