"""Other stories on an article's page go by their shape, whatever their boxes are called; the article stays whole."""

from __future__ import annotations

import time

import pytest

from monitor.extract import page

TITLE = "البلدية تفتح حديقة الميناء للزوار"
FIRST = "<p>فتحت البلدية صباح اليوم حديقة الميناء أمام الزوار بعد أعمال استمرت عاما ونصف العام على الواجهة البحرية.</p>"
SECOND = "<p>وقال مدير الحدائق إن الدخول سيبقى مجانيا حتى نهاية الصيف، وإن المقاهي ستفتح أبوابها في الشهر المقبل.</p>"
THIRD = "<p>وتضم الحديقة ألفي شجرة ومسارا للدراجات طوله ثلاثة كيلومترات، وملعبا للأطفال قرب البوابة الشمالية.</p>"
OTHER = "حريق في مصنع للأخشاب شرق المدينة"
SUMMARY = "اندلع حريق في مصنع للأخشاب وتصاعد منه دخان كثيف شوهد من أحياء بعيدة قبل أن تخمده فرق الإطفاء."
WHOLE = [part.removeprefix("<p>").removesuffix("</p>") for part in (FIRST, SECOND, THIRD)]


def lines(body: str) -> list[str]:
    return page(
        f"<html lang='ar'><head><meta charset='utf-8'><title>{TITLE}</title></head><body>{body}</body></html>".encode(),
        "https://x.example/1",
    ).text.split("\n")


CARDS = {
    "a link that holds blocks": f"<a href='/2'><div>{OTHER}</div><div>{SUMMARY}</div></a>",
    "a heading that is a link": f"<div><h4><a href='/2'>{OTHER}</a></h4><p>{SUMMARY}</p></div>",
    "a picture in the link": f"<div><a href='/2'><img src='2.jpg'><span>{OTHER}</span></a><p>{SUMMARY}</p></div>",
    "a twin link": f"<div><a href='/2'><img></a><div><a href='/2'>{OTHER}</a></div><p>{SUMMARY}</p></div>",
    "boxes of one shape": "".join(
        f"<div class='k'><div><a href='/{n}'>{OTHER} {n}</a></div><div>{SUMMARY}</div></div>" for n in (2, 3)
    ),
    "a label and a list without links": f"<div>قد يعجبك أيضا</div><div><div><b>{OTHER}</b><p>{SUMMARY}</p></div>"
    f"<div><b>{OTHER}</b><p>{SUMMARY}</p></div></div>",
    "a whole other article": f"<article><h1>{OTHER}</h1><p>{SUMMARY}</p><p>{SUMMARY}</p></article>",
    "a label and a whole story": f"<h2>إقرأ أيضا:</h2><h3>{OTHER}</h3><p>{SUMMARY}</p><p>{SUMMARY}</p>",
    "a few words and a colon": f"<p>وفي سياق متصل، طالع: <a href='/2'>{OTHER}</a></p>",
}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_another_story_behind_the_text_goes_with_its_summary(card: str) -> None:
    assert lines(f"<h1>{TITLE}</h1><div class='x'>{FIRST}{SECOND}{THIRD}{card}</div>") == WHOLE


@pytest.mark.parametrize("card", [card for name, card in CARDS.items() if "whole" not in name])
def test_another_story_between_paragraphs_goes_alone(card: str) -> None:
    assert lines(f"<h1>{TITLE}</h1><div class='x'>{FIRST}{card}{SECOND}{THIRD}</div>") == WHOLE


STAYS = {
    "sub-headings of the headline's rank": f"{FIRST}<h1>مسار للدراجات وملعب للأطفال</h1>{SECOND}{THIRD}",
    "sub-headings of that rank between blocks": "".join(
        part.replace("<p>", "<div>").replace("</p>", "</div>")
        for part in (FIRST, "<h1>مسار للدراجات وملعب للأطفال</h1>", SECOND, THIRD)
    ),
    "a paragraph that is a link": FIRST + SECOND.replace("<p>", "<p><a href='/2'>").replace("</p>", "</a></p>") + THIRD,
    "the second part behind a label": f"<div>{FIRST}</div><div><h3>اقرأ أيضا</h3>{SECOND}{THIRD}</div>",
    "the last paragraph in a box of its own": f"<div>{FIRST}{SECOND}</div><div class='end'>{THIRD}</div>",
    "paragraphs around a picture": f"{FIRST}<div><a href='/full.jpg'><img></a></div>{SECOND}{THIRD}",
}


@pytest.mark.parametrize("body", STAYS.values(), ids=STAYS)
def test_what_only_looks_like_another_story_stays(body: str) -> None:
    found = lines(f"<h1>{TITLE}</h1><div class='x'>{body}</div>")
    assert [line for line in found if line in WHOLE] == WHOLE


def test_a_text_in_a_box_that_is_named_as_furniture_stays() -> None:
    other = f"<div class='news'><p>{SUMMARY} {SUMMARY}</p><p>{SUMMARY} {SUMMARY}</p></div>"
    body = f"<h1>{TITLE}</h1><aside class='related-news'>{FIRST}{SECOND}{THIRD}</aside>"
    assert lines(f"<div>{body}</div><footer>{other}</footer>") == WHOLE


def test_the_text_is_kept_where_other_paragraphs_stand_far_from_the_headline() -> None:
    """The text is taken apart from the page, and read where it then is."""
    rates = "يوضح الجدول أسعار العملات كما أعلنتها المصارف هذا الصباح قبل افتتاح السوق بقليل في العاصمة."
    article = f"<div><h1>{TITLE}</h1><section><div>{FIRST}{SECOND}{THIRD}</div></section></div>"
    assert lines(f"<div>{article}<div><b>أسعار اليوم</b></div><div><p>{rates}</p></div></div>")[:3] == WHOLE


def test_a_last_paragraph_with_a_link_in_it_stays() -> None:
    parts = "".join(f"<div>{line}</div>" for line in (*WHOLE, *WHOLE[:1]))
    last = (
        "<div>ومن المقرر أن تقام في <a href='/tag'>الحديقة الجديدة مساء الجمعة</a> أمسية موسيقية مفتوحة للجميع.</div>"
    )
    assert lines(f"<h1>{TITLE}</h1><div>{parts}{last}</div>")[-1].startswith("ومن المقرر")


def test_paragraphs_in_boxes_of_their_own_are_one_text() -> None:
    """Systems that put texts together out of blocks give each paragraph a box; what stands beside them is text too."""
    last = THIRD.replace("ألفي شجرة ومسارا للدراجات", "<a href='/tag/5'>ألفي شجرة ومسارا للدراجات</a>")
    boxes = [f"<div class='para'>{part}</div>" for part in (FIRST, SECOND, last)]
    question = "ماذا في الحديقة من الداخل؟"
    text = f"<section><div>{boxes[0]}{boxes[1]}<p><strong>{question}</strong></p>{boxes[2]}</div></section>"
    notice = "<p>تخضع آراء الزوار لمراجعة قبل ظهورها في هذا المكان، ولا ننشر ما فيه تجريح بأحد أو دعاية تجارية.</p>"
    read = lines(f"<main><div><h1>{TITLE}</h1></div><ul><li>عدد القراء</li></ul>{text}<div>{notice}</div></main>")
    assert read[-4:] == [*WHOLE[:2], question, WHOLE[2]]


def test_comments_side_by_side_below_a_text_in_one_piece_are_not_the_text() -> None:
    """A text whose lines only breaks part is the first thing behind the headline, and the heaviest."""
    comments = "".join(f"<div class='comment'><p>{SUMMARY} {n}</p></div>" for n in range(3))
    text = "<br><br>".join(WHOLE)
    read = lines(f"<main><h1>{TITLE}</h1><div>{text}</div><div class='comments'>{comments}</div></main>")
    assert read == WHOLE


def test_another_article_in_a_box_of_the_same_shape_goes_though_its_headline_is_of_lower_rank() -> None:
    """Pages that load the next article while one scrolls give it an h2 in the manner of the first one's h1."""
    first = f"<div class='col'><h1 class='big'>{TITLE}</h1><div>{FIRST}{SECOND}{THIRD}</div></div>"
    second = f"<div class='col'><h2 class='big'>{OTHER}</h2><div><p>{SUMMARY}</p><p>{SUMMARY}</p></div></div>"
    assert lines(f"<main>{first}{second}</main>") == WHOLE
    section = f"<section><h2 class='big'>ملعب الأطفال والمقاهي</h2>{SECOND}{THIRD}</section>"
    own = lines(f"<main><h1 class='big'>{TITLE}</h1>{FIRST}{section}</main>")
    assert own == [WHOLE[0], "ملعب الأطفال والمقاهي", *WHOLE[1:]]


@pytest.mark.parametrize(
    "box",
    [
        "<div><div>من خزانة الصحيفة</div><a href='/2'>الميناء قبل قرن</a></div>",
        "<div><span>صفحة الساحل على الشبكة</span><a href='/s'>زرها</a></div>",
    ],
)
def test_a_box_among_paragraphs_that_leads_elsewhere_goes(box: str) -> None:
    points = "<h2>ما الذي يتغير للزوار؟</h2><ul><li>موعد الإغلاق منتصف الليل.</li><li>موقف مجاني للحافلات.</li></ul>"
    text = [WHOLE[0], "ما الذي يتغير للزوار؟", "موعد الإغلاق منتصف الليل.", "موقف مجاني للحافلات.", *WHOLE[1:]]
    assert lines(f"<h1>{TITLE}</h1><div>{FIRST}{box}{points}{SECOND}{THIRD}</div>") == text


def test_a_box_behind_the_text_with_a_heading_and_no_sentence_goes() -> None:
    programme = "<section><h2>برامج المساء</h2><p>حكايات البحر: جولة أسبوعية بين موانئ الساحل القديمة</p></section>"
    assert lines(f"<h1>{TITLE}</h1><main>{FIRST}{SECOND}{THIRD}{programme}</main>") == WHOLE


@pytest.mark.parametrize(
    "told", ["<p>وتقام في الحديقة عروض موسيقية كل خميس.</p>", "<ul><li>عروض موسيقية كل خميس</li></ul>"]
)
def test_a_last_section_with_a_sentence_or_a_list_stays(told: str) -> None:
    section = f"<section><h2>برامج المساء</h2>{told}</section>"
    read = lines(f"<h1>{TITLE}</h1><main>{FIRST}{SECOND}{THIRD}{section}</main>")
    assert read[:4] == [*WHOLE, "برامج المساء"]
    assert "كل خميس" in read[4]


def test_captions_tell_a_story_without_full_stops_but_each_once() -> None:
    """Albums number their pictures; a caption that stands under every picture, or is a link, tells nothing."""
    told = ["صيادون يفرغون حمولة القوارب على الرصيف قبل طلوع الشمس", "أطفال يلعبون بين أشجار الحديقة في يومها الأول"]
    told.append("باعة الشاي يعودون إلى الواجهة البحرية بعد غياب عام ونصف العام")
    captions = [f"<span>{number}/3</span> <span>{text}</span>" for number, text in enumerate(told, 1)]
    album = "".join(f"<figure><figcaption>{caption}</figcaption></figure>" for caption in captions)
    intro = f"<h1>{TITLE}</h1><div>{FIRST}</div>"
    assert lines(f"{intro}<div>{album}</div>") == [WHOLE[0], *told]
    same = f"<figure><figcaption>{told[0]}</figcaption></figure>" * 4
    assert lines(f"{intro}<div>{same}</div>") == WHOLE[:1]


def test_paragraphs_side_by_side_in_a_link_are_another_story() -> None:
    assert (
        lines(f"<h1>{TITLE}</h1><a href='/2'><p>{SUMMARY}</p><p>{SUMMARY}</p></a><div>{FIRST}{SECOND}</div>")
        == WHOLE[:2]
    )


def test_polls_and_rows_of_topics_are_not_text() -> None:
    poll = "<div><p>هل ستزور الحديقة؟</p><label><input type='radio'>نعم</label><button>صوت</button></div>"
    topics = "<div><a href='/t/1'>حدائق المدينة</a> <a href='/t/2'>الواجهة البحرية</a></div>"
    assert lines(f"<h1>{TITLE}</h1><div>{FIRST}{poll}{SECOND}{THIRD}{topics}</div>") == WHOLE


def test_a_box_with_a_lone_paragraph_beside_the_text_is_not_the_text() -> None:
    about = "موقع الميناء منصة مستقلة تأسست قبل عشرة أعوام لتنقل أخبار الساحل بمهنية وحياد إلى قرائها في كل مكان."
    article = f"<div class='a'><h1>{TITLE}</h1><div>{FIRST}{SECOND}</div></div>"
    assert lines(f"<main>{article}<div class='b'><p>{about}</p></div></main>") == WHOLE[:2]


@pytest.mark.parametrize(
    "closing",
    [
        "إذا كان في المقال خطأ فأرسل/أرسلي تصحيحا إلى هيئة التحرير",
        "تابع أسعار العملات لحظة بلحظة من هنا",
        "للمزيد Facebook",
        "كاتب من مدينة الساحل",
        "م ع/س ن/ر ح",
        "كانت هذه تفاصيل الخبر لزوارنا الكرام",
    ],
)
def test_what_closes_a_text_is_not_text(closing: str) -> None:
    assert lines(f"<h1>{TITLE}</h1><div class='x'>{FIRST}{SECOND}{THIRD}<p>{closing}</p></div>") == WHOLE


@pytest.mark.parametrize(
    "body",
    [
        "<p>" + "<span hidden>خفي</span> نص" * 9_000 + "</p>",
        "<div>" * 300 + f"<a href='/2'>{OTHER}</a>" * 5_000 + "</div>" * 300,
        "<h2>اقرأ أيضا</h2>" * 4_000 + f"<h3>{OTHER}</h3>" * 8_000,
        f"<h1>{OTHER}</h1><p>{SUMMARY}</p>" * 3_000,
    ],
    ids=["hidden", "links", "labels", "headlines"],
)
def test_thousands_of_other_stories_cost_no_seconds(body: str) -> None:
    """Well under a worker's deadline of 5 s, in processor time."""
    start = time.process_time()
    lines(f"<h1>{TITLE}</h1>{FIRST}{body}")
    assert time.process_time() - start < 3


OTHERS = [(f"{OTHER} للمرة {time}", SUMMARY) for time in ("الثانية", "الثالثة", "الرابعة")]


def test_a_list_of_stories_beside_the_text_goes_without_link_and_label() -> None:
    """Boxes of one shape, each a headline and a few words, beside what holds headline and text."""
    boxes = "".join(f"<div class='b'><h5>{head}</h5><p>{text}</p></div>" for head, text in OTHERS)
    assert lines(f"<div><div><h1>{TITLE}</h1>{FIRST}{SECOND}{THIRD}</div><div>{boxes}</div></div>") == WHOLE


def test_headlines_in_bold_behind_the_text_go() -> None:
    """A sub-heading has text behind it; three headlines at the end are other stories'."""
    bold = "".join(f"<p><b>{head}</b></p>" for head, _ in OTHERS)
    assert lines(f"<h1>{TITLE}</h1><div>{FIRST}{SECOND}{THIRD}{bold}</div>") == WHOLE
    inside = f"<h1>{TITLE}</h1><div>{FIRST}<p><b>{OTHER}</b></p>{SECOND}{THIRD}</div>"
    assert lines(inside) == [WHOLE[0], OTHER, *WHOLE[1:]]


HEADS = [f"<a href='/{n}'>{head}</a>" for n, (head, _) in enumerate(OTHERS)]
LABELLED = {
    "in a box with its stories": "<div><p>لا تفوتك</p><div>"
    + "".join(f"<h4>{head}</h4>" for head in HEADS)
    + "</div></div>",
    "before cards": "<h3>لا تفوتك</h3><div>" + "".join(f"<h4>{head}</h4>" for head in HEADS) + "</div>",
    "before a list of links": "<p><b>لا تفوتك</b></p><ul>" + "".join(f"<li>{head}</li>" for head in HEADS) + "</ul>",
    "that points down": f"<p>لا تفوتك 👇</p><p>{HEADS[0]}</p>",
    "in a quote": f"<blockquote><p>لا تفوتك</p><p>{HEADS[0]}</p></blockquote>",
}


@pytest.mark.parametrize("box", LABELLED.values(), ids=LABELLED)
def test_a_label_in_any_words_goes_with_the_stories_below_it(box: str) -> None:
    assert lines(f"<h1>{TITLE}</h1><div>{FIRST}{SECOND}{box}{THIRD}</div>") == WHOLE


def test_a_sub_heading_before_one_card_stays() -> None:
    """A card is put in wherever a paragraph ends."""
    body = f"<h1>{TITLE}</h1><div>{FIRST}<h3>مسار للدراجات</h3><h4>{HEADS[0]}</h4>{SECOND}{THIRD}</div>"
    assert lines(body) == [WHOLE[0], "مسار للدراجات", *WHOLE[1:]]


ASKS = {
    "a question with answers": "<div class='b'><p>هل تثق بلجان التحقيق؟</p><span>نعم</span><span>لا أدري</span></div>",
    "an offer": "<div class='b'><h4>فنجان الصباح</h4><p>خلاصة ما جرى أمس قبل قهوتك</p></div>",
    "a score": "<div class='b'><span>الوحدة</span> <b>2 - 1</b> <span>الاتحاد</span></div>",
}


@pytest.mark.parametrize("box", ASKS.values(), ids=ASKS)
def test_a_box_of_short_parts_without_a_sentence_goes(box: str) -> None:
    """Between paragraphs, and in a text of lines with breaks between them."""
    assert lines(f"<h1>{TITLE}</h1><div>{FIRST}{SECOND}{box}{THIRD}</div>") == WHOLE
    assert lines(f"<h1>{TITLE}</h1><div>{WHOLE[0]}<br>{WHOLE[1]}<br>{box}<br>{WHOLE[2]}</div>") == WHOLE


@pytest.mark.parametrize(
    "box",
    [
        "<div class='b'><p>الأول: سالم الطويل</p><p>الثاني: ليلى حداد</p></div>",
        "<div class='b'><h3>ما الخطوة التالية؟</h3></div>",
        "<div class='b'><p>قال أحد الزوار</p><p>«لم نر مثلها من قبل»</p></div>",
        "<blockquote><p>يا موج بلغ أهلنا السلاما</p><p>وقل لهم لا نبتغي خصاما</p></blockquote>",
    ],
)
def test_a_box_of_the_texts_own_stays(box: str) -> None:
    """Names with what they are, a sub-heading by itself, a quotation, verses."""
    assert len(lines(f"<h1>{TITLE}</h1><div>{FIRST}{SECOND}{box}{THIRD}</div>")) > len(WHOLE)


ADDRESSES = {
    "of a script": "<a href='#'>{0}</a>",
    "in a script": "<a href='javascript:;'>{0}</a>",
    "of the whole box": "{0}",
}


@pytest.mark.parametrize("link", ADDRESSES.values(), ids=ADDRESSES)
def test_a_story_without_an_address_goes_with_those_in_its_row(link: str) -> None:
    """Of four boxes of one shape behind the text two lead elsewhere, the others where a script says."""
    heads = [link, link, "<a href='/3'>{0}</a>", "<a href='/4'>{0}</a>"]
    row = "".join(
        f"<div class='k'><h3>{head.format(f'{OTHER} {n}')}</h3><p>{SUMMARY}</p></div>" for n, head in enumerate(heads)
    )
    body = f"<h1>{TITLE}</h1><div class='x'>{FIRST}{SECOND}{THIRD}</div><h2>حول هذه القصة</h2>{row}"
    assert lines(f"<main>{body}</main>") == WHOLE


def test_questions_that_unfold_their_answers_are_no_stories() -> None:
    told = [
        (
            "متى تفتح المقاهي مع بداية الموسم المقبل؟",
            "تفتح المقاهي أبوابها عند السابعة صباحا، وتغلق قبل منتصف الليل بساعة واحدة.",
        ),
        (
            "كم شجرة في الحديقة مع بداية الموسم المقبل؟",
            "زرع العمال ألفا وتسعمئة شجرة حتى الآن، وتبقى مئة نخلة تنتظر الربيع.",
        ),
    ]
    faq = "".join(f"<div class='k'><h3><a href='#'>{head}</a></h3><p>{answer}</p></div>" for head, answer in told)
    read = lines(f"<h1>{TITLE}</h1><div>{FIRST}{SECOND}{THIRD}{faq}</div>")
    assert read == [*WHOLE, *(line for pair in told for line in pair)]


def test_what_the_texts_last_words_announce_is_its_own() -> None:
    """In a box of another kind, in a few words."""
    box = "<div class='c'><ul><li>من الميناء القديم</li><li>بالحافلة البحرية</li></ul></div>"
    body = f"<div class='t'>{FIRST}{SECOND}{THIRD}<p>ويصل الزوار إليها هكذا:</p></div>{box}"
    read = lines(f"<main><h1>{TITLE}</h1>{body}</main>")
    assert read == [*WHOLE, "ويصل الزوار إليها هكذا:", "من الميناء القديم", "بالحافلة البحرية"]


def test_what_asks_for_an_address_goes_with_its_offer() -> None:
    """Whatever the box is called, and though the offer is a sentence."""
    offer = "<div class='k'><p>نشرة المساء</p><p>خمس قصص كل يوم.</p><form><input type='email'></form></div>"
    assert lines(f"<h1>{TITLE}</h1><div>{FIRST}{SECOND}{offer}{THIRD}</div>") == WHOLE
