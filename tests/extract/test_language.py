"""Arabic is told from the languages that share its script."""

from __future__ import annotations

import pytest

from monitor.extract.language import language

SENTENCES = {
    "ar": """قال الوزير إن الاتفاق النووي مع إيران دخل مرحلة جديدة بعد اجتماع فيينا.
انفجار في طهران
پوتين يلتقي گوتيريش في جنيڤ
چيلسي يفوز على ليڤرپول في الدوري الانكليزي الممتاز
عبدالله اوجلان دعا حزب العمال الكردستاني الى القاء السلاح
الکویت تدین الهجوم علی السفارة""",
    "fa": """وزیر امور خارجه گفت که مذاکرات هسته‌ای از سر گرفته شده است.
انفجار در كابل
سخنگوي وزارت خارجه گفت اين خبر درست نيست
قیمت دلار امروز
باران در شمال کشور""",
    "ur": """وزیر اعظم نے کہا ہے کہ حکومت مہنگائی پر قابو پانے کے لیے اقدامات کر رہی ہے۔
کراچی میں بارش
سونے کی قیمت میں اضافہ
ایران اور روس کے درمیان معاہدہ""",
    "ckb": """سەرۆکی حکوومەتی هەرێم لەگەڵ باڵیۆزی ئەمریکا کۆبووەوە.
تەقینەوەیەک لە کەرکووک
نرخی دراوی بیانی ئەمڕۆ""",
    "ps": """د بهرنیو چارو وزیر وویل چې خبرې به دوام ولري.
د امریکا ولسمشر نن له خبریالانو سره وغږېد
په کابل کې چاودنه""",
    "sd": """سنڌ حڪومت نئين پاليسي جو اعلان ڪيو آهي.""",
    "ug": """ئۇيغۇر ئاپتونوم رايونى ھۆكۈمىتى بۈگۈن يىغىن ئاچتى.""",
}


@pytest.mark.parametrize(
    ("text", "code"), [(text, code) for code, texts in SENTENCES.items() for text in texts.split("\n")]
)
def test_a_sentence_tells_its_language(text: str, code: str) -> None:
    """By letters and small words that its neighbours lack; foreign letters in a name do not count."""
    assert language(text) == code


def test_what_is_not_in_arabic_script_is_what_the_page_says() -> None:
    assert (language("Prices rise again", "en-GB"), language("", ""), language("12:30", "")) == ("en", "und", "und")
