"""Small boxes in and beside a text: what asks, offers, captions or rates goes; what a text consists of stays."""

from __future__ import annotations

import pytest

from monitor.extract import page

TITLE = "المكتبة العامة تعير الآلات الموسيقية لروادها"
TEXT = [
    "بدأت المكتبة العامة في المدينة إعارة الآلات الموسيقية لروادها، من العود إلى الكمان، لمدة شهر كامل في كل مرة.",
    "وقالت مديرة المكتبة إن الفكرة جاءت من رسالة طفلة كتبت أنها تحب الناي ولا تستطيع أسرتها شراءه.",
    "وجمعت المكتبة مئتي آلة تبرع بها موسيقيون ومدارس أغلقت فرقها، وأصلحها حرفيان متقاعدان.",
    "ويحتاج المستعير إلى بطاقة عضوية وتوقيع ولي أمره إن كان دون الثامنة عشرة.",
]
SIDE = "<div class='w'><ul><li><a href='/n/1'>البلدية ترصف شارع المحطة القديم</a></li></ul></div>"


def lines(body: str) -> list[str]:
    head = f"<meta charset='utf-8'><title>{TITLE}</title>"
    return page(
        f"<html lang='ar'><head>{head}</head><body>{body}{SIDE}</body></html>".encode(), "https://x.example/1"
    ).text.split("\n")


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


FURNITURE = {
    "an offer below the price": "<div class='mod'><div><p><em>اشتراك عائلي بنصف القيمة حتى العيد</em></p></div></div>",
    "an offer with a button": "<div class='k'><h4>بريد الأحد</h4><p>حكاية قبل الفطور.</p><button>اشترك</button></div>",
    "an offer with a link like a button": "<div><p>نكتب لك كل يوم.</p><a class='btn' href='/s'>سجّل الآن</a></div>",
    "a poll with its results": "<div><p>هل تقرأ ليلا؟</p><ul><li>نعم <b>31%</b></li><li>لا <b>69%</b></li></ul></div>",
    "rates": "<div class='x'><h4>أسعار المعادن</h4><table><tr><th>المعدن</th><th>سعره</th></tr>"
    "<tr><td>ذهب</td><td>312.5</td></tr><tr><td>فضة</td><td>3.9</td></tr></table></div>",
    "stories that a script leads to": "<div><h3>في البلد</h3><div>"
    + "".join(
        f"<div class='c' role='link' tabindex='0'><div>{head}</div><div>{text}</div></div>"
        for head, text in (
            ("سقوط جسر خشبي فوق نهر الحاصباني", "انهار الجسر ليلا بعد أمطار غزيرة، ولم يكن أحد فوقه وقت الحادث."),
            ("توقيف شبكة لتهريب الوقود برا", "أوقف الدرك سبعة أشخاص وصادر ثلاث شاحنات محملة بالمازوت."),
        )
    )
    + "</div></div>",
    "a component called related": "<app-related-news><div><p>سقوط جسر خشبي فوق النهر</p></div></app-related-news>",
    "a comment by its kind": "<div itemscope itemtype='https://schema.org/Comment'><p>كان جدي عازفا، وبعنا عوده"
    " في سنة الجفاف، ليت هذه المكتبة كانت يومها في بلدتنا الصغيرة.</p></div>",
    "a complementary part": "<div role='complementary'><p>أوقف الدرك سبعة أشخاص وصادر ثلاث شاحنات محملة بالمازوت "
    " كانت تعبر الحدود البرية ليلا من طريق ترابي.</p></div>",
    "what Tailwind's prose leaves out": "<div class='not-prose'><p>المجلة بلس</p><p>اقرأ بلا حدود.</p></div>",
    "a caption in slanting letters": "<p><img src='1.jpg'><br><em>قاعة الآلات في الطابق الثاني - عدسة ناجي</em></p>",
    "a caption in a paragraph of its own": "<p><img src='1.jpg'></p><p><em>قاعة الآلات في الطابق الثاني</em></p>",
    "a caption below a linked picture": "<p><a href='/1.jpg'><img src='1.jpg'></a><i>عازف يجرب عودا. (رويترز)</i></p>",
    "a caption in a box": "<div><picture><img src='1.jpg'></picture><p>قاعة الآلات في الطابق الثاني</p></div>",
    "a caption as the system wrote it": "[caption id='a_7' width='600']<img src='1.jpg'> قاعة الآلات[/caption]",
    "what the system would have replaced": "<p>[gallery ids='1,2']</p><p>{loadposition ad}</p><p>[/vc_column]</p>",
}


@pytest.mark.parametrize("box", FURNITURE.values(), ids=FURNITURE)
def test_what_asks_offers_or_captions_goes_from_between_paragraphs_and_from_the_end(box: str) -> None:
    for before in (2, 4):
        text = f"{paragraphs(TEXT[:before])}{box}{paragraphs(TEXT[before:])}"
        assert lines(f"<div><h1>{TITLE}</h1><div class='t'>{text}</div></div>") == TEXT


QUESTION, ANSWER = "هل تعار الآلات النادرة أيضا؟", "لا تعار الآلات النادرة، لكن يمكن العزف عليها في القاعة يوم السبت."
STAYS = {
    "a question that opens its answer": f"<div><h4><a href='#'>{QUESTION}</a></h4><div>{ANSWER}</div></div>",
    "a question with its own place": f"<h3><a href='#q1'>{QUESTION}</a></h3><div id='q1'>{ANSWER}</div>",
    "a question in a button": f"<h3><button aria-expanded='false'>{QUESTION}</button></h3><div>{ANSWER}</div>",
    "a question in details": f"<details><summary>{QUESTION}</summary><p>{ANSWER}</p></details>",
    "a question in a list of terms": f"<dl><dt>{QUESTION}</dt><dd>{ANSWER}</dd></dl>",
}


@pytest.mark.parametrize("box", STAYS.values(), ids=STAYS)
def test_questions_and_answers_stay(box: str) -> None:
    body = f"<div><h1>{TITLE}</h1><div class='t'>{paragraphs(TEXT)}<div class='faq'>{box}</div></div></div>"
    assert lines(body) == [*TEXT, QUESTION, ANSWER]


def test_a_sub_heading_that_leads_to_its_own_place_stays() -> None:
    heading = "<h2 id='s'><a href='#s'>من أين جاءت الآلات الأولى</a></h2>"
    body = f"<div><h1>{TITLE}</h1><div>{paragraphs(TEXT[:2])}{heading}{paragraphs(TEXT[2:])}</div></div>"
    assert lines(body) == [*TEXT[:2], "من أين جاءت الآلات الأولى", *TEXT[2:]]


STANDFIRST = "مئتا آلة من العود إلى الكمان تنتظر من يستعيرها بلا مقابل"


@pytest.mark.parametrize(
    "form",
    [
        "<h2>{}</h2>",
        "<h3 class='s-tagline'>{}</h3>",
        "<div class='nt'>{}</div>",
        "<strong>{}</strong>",
        "<ul><li>{}</li></ul>",
    ],
)
def test_a_standfirst_without_an_end_stays(form: str) -> None:
    head = f"<div class='hd'><h1>{TITLE}</h1>{form.format(STANDFIRST)}</div>"
    assert lines(f"<div>{head}<div class='im'><img></div><div>{paragraphs(TEXT)}</div></div>") == [STANDFIRST, *TEXT]


@pytest.mark.parametrize(
    "byline",
    [
        "<div>المدينة - خاص بالموقع - مراسلتنا في دار الكتب سلمى</div>",
        "<div>آخر تعديل السبت 21 نوفمبر 2026 الساعة 14:05 بتوقيت الرياض</div>",
        "<div><span>سلمى نجار</span><span>محررة الشؤون الثقافية في الجريدة</span><span>أربع دقائق</span></div>",
        "<div><img src='1.jpg'><span>قاعة الآلات كما بدت صباح الافتتاح في الطابق الثاني</span></div>",
    ],
)
def test_what_else_stands_behind_a_headline_is_no_standfirst(byline: str) -> None:
    assert lines(f"<div><h1>{TITLE}</h1>{byline}<div>{paragraphs(TEXT)}</div></div>") == TEXT


def test_sections_of_a_text_stay_though_they_speak_of_something_else() -> None:
    """Profiles, explanations and round-ups name other people and things in each part."""
    parts = {
        "حداد يعلم ابنه العزف": "يغلق سامر دكانه عند الغروب ويجلس مع ابنه أمام الفرن، يعدان النغمات على الأصابع.",
        "ممرضة تعود إلى الكمان": "كانت رباب في السابعة حين تركت دروسها، وهي اليوم تتدرب بين مناوبتين في غرفة الغسيل.",
        "جار يشكو من الطبول": "كتب الأستاذ حليم ثلاث شكاوى إلى الشرطة، ثم صار يجلس على الشرفة ويطلب أغنيات بعينها.",
    }
    own = [line for pair in parts.items() for line in pair]
    flat = "".join(f"<h3>{head}</h3><p>{text}</p>" for head, text in parts.items())
    boxed = "".join(f"<div class='pf'><h3>{head}</h3><p>{text}</p></div>" for head, text in parts.items())
    for text in (flat, boxed):
        assert lines(f"<div><h1>{TITLE}</h1><div class='t'>{paragraphs(TEXT)}{text}</div></div>") == [*TEXT, *own]


def test_two_stories_without_a_link_below_a_label_behind_the_text_go() -> None:
    stories = "".join(
        f"<div class='s1'><h3>{head}</h3><p>{text}</p></div>"
        for head, text in (
            (
                "سقوط جسر خشبي فوق نهر الحاصباني",
                "انهار الجسر ليلا بعد أمطار غزيرة، ولم يكن أحد فوقه وقت الحادث كما أفاد الدفاع المدني.",
            ),
            (
                "توقيف شبكة لتهريب الوقود برا",
                "أوقف الدرك سبعة أشخاص وصادر ثلاث شاحنات محملة بالمازوت كانت تعبر الحدود ليلا.",
            ),
        )
    )
    text, press = f"<div class='t'>{paragraphs(TEXT)}</div>", f"<div class='s'><h2>من الصحف</h2>{stories}</div>"
    assert lines(f"<div><h1>{TITLE}</h1>{text}{press}</div>") == TEXT


def test_tables_and_shares_that_the_text_speaks_of_stay() -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{count}</td></tr>" for name, count in (("عود", 61), ("كمان", 40)))
    table = f"<table><tr><th>الآلة</th><th>عدد</th></tr>{rows}</table>"
    shares = "<p>وتوزعت الإعارات كما يلي:</p><ul><li>للأطفال 61%</li><li>للكبار 39%</li></ul>"
    read = lines(f"<div><h1>{TITLE}</h1><div>{paragraphs(TEXT)}{shares}<div class='x'>{table}</div></div></div>")
    told = ["وتوزعت الإعارات كما يلي:", "للأطفال 61%", "للكبار 39%"]
    assert read == [*TEXT, *told, "الآلة | عدد", "عود | 61", "كمان | 40"]


def test_lines_beside_pictures_stay_where_paragraphs_have_no_ends() -> None:
    text = [line.rstrip(".") for line in TEXT]
    rows = "".join(f"<div class='r'><img src='{n}.jpg'><p>{line}</p></div>" for n, line in enumerate(text))
    assert lines(f"<div><h1>{TITLE}</h1><div>{rows}</div></div>") == text
    alone = f"<div><h1>{TITLE}</h1><div><img src='1.jpg'><p>{text[-1]}</p></div></div>"
    assert lines(alone) == text[-1:]


READERS = (
    (
        "أبو ليلى",
        "قبل ساعتين",
        "كان في بيتنا عود جدي، وبعناه في سنة الجفاف، ليت هذه الفكرة جاءت يومها إلى بلدتنا الصغيرة.",
    ),
    ("Nour", "أمس", "ومتى تصل الفكرة إلى مدارس القرى البعيدة التي لم تر في حياتها كمانا ولا معلم موسيقى؟"),
    ("هند م", "قبل دقيقة", "جميل"),
)


def comments(above: str, below: str = "", *, dated: bool = True) -> str:
    boxes = "".join(
        f"<div class='c1'><b>{name}</b>{f'<span>{ago}</span>' if dated else ''}<p>{text}</p>{below}</div>"
        for name, ago, text in READERS
    )
    return f"<div class='cz'>{above}{boxes}</div>"


COMMENTS = {
    "their ages tell them": comments("<h3>حكايات من عندكم</h3>"),
    "their answers tell them": comments("", "<a href='#'>رد</a>", dated=False),
    "their heading tells them": comments("<h4>ماذا يقول القراء؟</h4>", dated=False),
    "their heading counts them": comments("<h4>تعقيبات (3)</h4>", dated=False),
}


@pytest.mark.parametrize("box", COMMENTS.values(), ids=COMMENTS)
def test_comments_go_under_whatever_heading(box: str) -> None:
    text = paragraphs(TEXT)
    for body in (f"<div class='t'>{text}</div>{box}", f"<div class='t'>{text}{box}</div>"):
        assert lines(f"<div><h1>{TITLE}</h1>{body}</div>") == TEXT


@pytest.mark.parametrize("heading", ["ردود الفعل الدولية", "تعليقات المسؤولين", "آراء الخبراء"])
def test_what_people_in_the_news_said_is_no_comment(heading: str) -> None:
    said = [
        ("نقابة الموسيقيين", "رحبت النقابة بالفكرة وعرضت أن يصلح أعضاؤها الآلات القديمة بلا مقابل طوال السنة."),
        ("وزارة الثقافة", "قالت الوزارة إنها ستدرس تعميم التجربة على ست مكتبات في المحافظات إذا نجحت."),
    ]
    boxes = "".join(f"<div class='q'><b>{name}</b><p>{text}</p></div>" for name, text in said)
    read = lines(f"<div><h1>{TITLE}</h1><div class='t'>{paragraphs(TEXT)}<h3>{heading}</h3>{boxes}</div></div>")
    assert read == [*TEXT, heading, *(line for pair in said for line in pair)]


def test_posts_of_a_running_report_are_no_comments() -> None:
    posts = "".join(f"<div class='p'><span>سلمى</span> <span>قبل ساعة</span><p>{text}</p></div>" for text in TEXT)
    assert lines(f"<div><h1>{TITLE}</h1><div class='live'>{posts}</div></div>") == TEXT
