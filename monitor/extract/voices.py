"""The words by which the voices of a page are told: the reader who is addressed, the outlet that speaks, its trade.

Words are written in ordinary spelling and folded like the lines that they meet (`plain.spelling`); their forms, those
of the dialects too, are made here once, so that a line is read by looking its words up.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from monitor.extract.plain import spelling

Voice = tuple[float, float, float]  # how much a word tells of the reader addressed, the outlet speaking, the trade


def _words(text: str) -> list[str]:
    return spelling(text).split()


# Nouns of the web and the press. The first are rare in the news, the last usual there.
_NOUNS = {
    2.0: _words("""
    ستوري ريلز ثريدز بلوسكاي باتريون كروم مزعجة تدوينة ممولة برعاية مستمعينا مشاهدينا متصفحك سبام إشعار
    إشعارات تنبيهات كوكيز إيميل نيوزليتر باركود متصفح حاجب مانع تطبيق أبلكيشن أندرويد آيفون ستور بلاي زر
    لينك رابط روابط جروب جروبات قروب قروبات كروب واتساب واتس تلغرام تليغرام تلكرام تيليجرام تيليغرام
    تلجرام فايسبوك إنستغرام إنستا يوتيوب بودكاست سبوتيفاي سناب لايك شير هاشتاغ أبوني قراء قرائ قراؤ زوار
    زائر متابعي متابعو اشتراك اشتراكات عضوية مشتركين مشتركي مشتركو مشتركون ممول ممولي ممولين ممولون معلن
    معلنين إعلاني إعلانية دعائي منبثقة بايبال كوبون عمولة محرر محررة محرري محررو محررون محررين تحرير
    تحريري تحريرية مطبعي إملائي إملائية مسيئة استبيان استمارة أرشيف نطق pdf app google disqus qr
    newsletter whatsapp telegram store
    """),
    1.0: _words("""
    ملحق مفضلة مدونة تدقيق منهجية مدفوع مدفوعة تخفيض كوبونات شكوى شكاوى إعجاب مستمعين مشاهدين إعلامي
    إعلامية طبعة مطبوعة متطوعين فيسبوك تويتر إكس تيك توك غوغل جوجل نيوز نبض رمز نشرة نشرات بريد بريدي
    بريدية رسالة رسائل وارد عنوان موجز مختارات أسبوعية قناة قنوات موقع صفحة صفحات منشور بايو تطبيقات
    نسخة إصدار متجر هاتف جوال موبايل تلفون شاشة حساب حسابات نت إنترنت رقمي رقمية جرس نقرة تحميل تنزيل
    صيغة صيانة إعلان إعلانات فاصل نافذة نوافذ تسويق تسويقية تعليق تعليقات نقاش ردود مشرف مسجلين موافقة
    عبارات شكاوى بلاغ تبرع تبرعات مساهمة مساهمات مجاني مجانية مجانا قهوة ائتمان بطاقة ربحي ربحية مستقل
    مستقلة مستقلين باقة خصم قسيمة كود تجربة تجريبية أخبار قصة قصص مادة مقال مقالات مقالة نص ملخص ملفات
    محتوى ورقي ورقية كشك باعة توصيل مكتبات مكتبة غلاف صندوق صحيفة جريدة جرنال مجلة منصة بوابة صحافة
    صحافي صحافيين صحفيين صحافيات صحافية مراسل مراسلو مراسلي مراسلين مراسلون مصورين قارئ قارئة زاوية
    استطلاع نموذج مسابقة سحب جائزة جوائز شحن ترجمة مترجم مترجمة أصلي أصلية بالإنجليزية بالفرنسية ناشر
    صوت صوتي صوتية استماع آليا الآلي الآلية حاسوبيا اصطناعي ذكاء مولد مولدة روبوت أداة مجموعات صور فيديو
    فيديوهات بث تغطية تحديث تحديثات تباعا تلقائيا باستمرار لحظة خصوصية ارتباط تفضيلات ميثاق معايير مهنية
    خطأ أخطاء غلط غلطة معلومة معلومات تصحيح ملاحظة ملاحظات تعديل وظائف متدربين تدريب مقعد مقاعد تذكرة
    آراء اقتراح اقتراحات أسئلة سؤال إجابة إجابات استقصائي زيارات ضيوف أصدقاء طاقم غرفة شغف ترشح لقاءات
    شغل بالضرورة يلزم تلزم مسؤولية محفوظة مهتمين تحقيقات نافذتك
    """),
    0.5: _words("""
    استفتاء قرعة تصويت موضوع قائمة شفافية شراكة نقاط مكافأة جمهور تمويل لاحقا نشر نشرها ينشر تنشر نشرت
    منشورة منشورات قراءة كتابة متابعة مشاهدة تصوير عدد فريق مجتمع دعم أعضاء عضو مصدر تقرير تقارير حد عرض
    مساعد تسجيل استقبال مال شبكة صورة كتاب خط قسم طرح بيانات جهاز كاتب دخل عادة عادات باي أعداد مواد خبر
    بحث مجموعة ملف رأي سيرة ذاتية أصل دقيقة دقيقتان دقيقتين فرصة تقديم مباشرة يعبر تعبر يمثل مسؤول شرط
    شروط سياسة حقوق إلكتروني إلكترونية إشراف
    """),
}
# What readers are asked to do and outlets do, as stems of the present: hardly ever reported, at times, often.
_VERBS = {
    2.0: _words("ضغط نقر كبس تصفح شترك راسل صيفط بعت دز سيب حط شوف جاوب ستمع نسى تفوت فوت نضم تواصل سحب مرر"),
    1.0: _words("""
    ضبط كتشف ستفد نتظر نبه ستعرض ستثن تفقد نصح سجل ثبت تابع تبع شارك دعم ساهم تبرع كتب رسل بعث زور طلع
    تعرف طالع قرا قرؤ شاهد حجز نسخ فعل عطل نزل سمع جرب ختار ختر صوت جب جيب خبر كلم تصل حفظ سال شتري شتر
    مسح راجع كمل ضيف علق قيم رشح وافق جدد ربح ملا صحح عاون ساعد عط بحث لتحق نس قترح حدد وقف عيش دير تعال
    خصص ستعمل ختصر تولى حتاج خل
    """),
    0.6: _words("دفع حمل فتح دخل ترك طلب وصل بلغ نشر حدث عرف"),
}
# What for: "to follow", "to subscribe".
_PURPOSES = _words("متابعة اطلاع اشتراك تحميل تنزيل قراءة مشاهدة استماع معرفة تسجيل تصفح تواصل مراسلة انضمام استفسار")
_WE = _words("""
    نحن إحنا نحنا حنا عنا عندنا إلينا لنا معنا معانا بنا لدينا لينا منا إيانا بتاعتنا بتاعنا ديالنا
    تبعنا تبعتنا مالتنا نلتزم نعتمد نستخدم نستعين نعتذر نعد نرحب نشكر نتلقى نستقبل نغطي نقدم نجمع نقيس
    نتذكر نود نريد نأمل نسعى نعمل نحترم نقدر نلاحظ نكسب نحصل نأسف نسمع نحرص نوصل نترجم نتحقق ندقق نوضح
    نستمر نبقى نصلح نجيب نحتاج نتكفل نتكلف نعتز نعيش نرد نضمن نعيد نحذف نمنع نتيح نمنح نوفر نبقي نواصل
    نخفي نشير نبيع نضع نطالب ندعو ندعوكم نرفض نؤكد نحمل نعلن نهيب نناشد ندين نستنكر نؤمن نقف نرى نعرف
    نملك سنبقى أبقينا جمعنا اخترنا راجعنا استعنا ترجمنا نشرنا كتبنا أطلقنا تلقينا صححنا دققنا سكرنا
    قفلنا عملنا يصلنا تصلنا وصلنا وصلتنا يهمنا يدعمنا تبقينا يبقينا خلينا
""")
_YOU = _words("""
    أنت أنتم إنتو لك لكم ليك إليك إليكم عليك معك منك منكم مثلك مثلكم نفسك لديك لديكم عندك عندكم عندكن
    فيك فيكم فيكن يمكنك يمكنكم بإمكانك بإمكانكم تستطيع تستطيعون تقدر تقدرو تقدروا تنجم تنجمو تريد تريدون
    ترغب ترغبون تود تودون تجد تجدون بدك بدكم بدكن تحب تحبون بتحب بتحبوا حاب حابب حابين عايز عايزة عايزين
    تبي تبون تبغى تبغون بغيت بغيتي بغيتو عزيزي عزيزتي أعزائي أعزاءنا فضلك لاحظت لاحظتم لاحظتي وجدت وجدتم
    شفت لقيت دفعت دفعتوا دخلتوا يهمك يهمكم يعجبك عجبك عجبكم أعجبك أعجبتك يصلك يصلكم تصلك تصلكم توصلك
    توصلكم يوصلك يوصلكم
""")
THIS = frozenset(_words("هذا هذه هذي هادي هاد هيدا هيدي هاي لهذا لهذه بهذا بهذه وهذا وهذه"))
OF_THE_PAGE = frozenset(  # behind "this": the page itself
    _words("""
    الموقع الصفحة المادة النص المقال المقالة الخبر التقرير التحقيق القصة الملخص المحتوى النشرة الترجمة
    الزاوية القسم الملف التطبيق القناة الباب الرابط المجلة الجريدة الصحيفة المنصة الحلقة المشروع
    """)
)
WHO_WE_ARE = frozenset(product(_words("من مين منو شكون"), _words("نحن نحنا إحنا حنا")))
OUTLETS = {  # known to the reader, though nothing was said of them before
    **dict.fromkeys(_words("الجريدة المجلة الصحيفة التحرير محررون محررو المحرر المحررة"), 1.5),
    **dict.fromkeys(_words("الصفحة الموقع المنصة المحتوى النسخة القناة"), 1.0),
}
TOLD = frozenset(  # somebody's words are reported, or how the outlet learnt of something
    _words("""
    قال قالت قالوا يقول يقولون قلت قلنا أكد أكدت يؤكد أضاف أضافت أعلنت أعلنوا أفاد أفادت أوضح أوضحت شرح
    دعا دعت حذر حذرت شدد شددت طالبت رأت ذكر ذكرت أشار أشارت لفت كشف كشفت نقلت نقلا اعتبر اعتبرت قررت
    أطلقت نفى نفت اتهم اتهمت رفض رفضت صرح زعم زعمت أبلغ تعهد انتقد بحسب وفقا قائلا مضيفا مؤكدا مشيرا
    موضحا سألناه سألته تحدث تحدثت التقى التقت التقينا سألنا أرسلنا اعتمدنا تحققنا شاهدنا قابلنا زرنا
    علمت حصل حصلت اطلع اطلعت اطلعنا أجرى أجراه أجرته
    """)
)
NEWS = frozenset(  # who and what is in the news, what is told as past, and one who says "I"
    _words("""
    الرئيس رئيس الوزير وزير الوزارة وزارة الحكومة حكومة الشرطة الجيش القوات الأمن المحكمة محكمة النيابة
    البرلمان الملك الأمير القتلى قتلى جرحى مقتل السلطات الأمم الدولة الدول الحرب الهجوم الانتخابات
    القانون البنك مليون مليار الشركة شركة شركات البلدية المنتخب الدوري المباراة المدرسة المستشفى الأطباء
    الطلاب الجامعة المواطنين المدينة الشعب شعبنا الله كان كانت كانوا كنا لم لقد أمس يومها يومئذ تقول
    أعلن أطلق قرر رأى طالب أنا إني لي عندي أحاول أظن أعرف أريد أقول أرى كتبت رأيت سمعت أبي أمي جدي يا
    وثائق مصادر شهود رد ردا جواب جوابا لتعليق مكتب اسمه
    """)
)
NOT_YOURS = frozenset(  # words that end like "your"
    _words("""
    ذلك تلك هناك هنالك أولئك ملك أملاك ملاك مالك بنك بنوك مبارك شارك يشارك تشارك مشارك مشترك ترك يترك
    تترك تحرك يتحرك تتحرك محرك حراك يدرك تدرك إدراك ندرك استهلاك مستهلك يستهلك تستهلك سلوك شكوك شك شيك
    شرك شريك شباك شبكك ملوك أسماك سمك تمسك يتمسك يمتلك تمتلك امتلاك نمتلك نملك يملك تملك فلك أسلاك أتراك
    تفكيك انتهاك ينتهك تنتهك معارك تحريك تشكيك يضحك مضحك اشتباك ارتباك احتكاك صكوك يهلك فرنك بطريرك سفك
    يسفك ذاك آنذاك مسك يمسك تماسك جمارك جمرك كركوك تبوك أوبك سابك فيسبوك مكسيك نيويورك حاكم محاكم تراكم
    تحكم يحكم حكم يتحكم تتحكم تمكن يتمكن تتمكن يمكن ممكن أماكن مساكن سكن مسكن تسكن ركن أمكن متحرك زمالك
    عبدالملك ديك بلجيك يورك بوك باك مارك ستوك
    """)
)


def _of_nouns(nouns: Iterable[str], weight: float) -> Iterator[tuple[str, Voice]]:
    """A noun alone and with particles, with "your" and with "our"."""
    for noun in nouns:
        stem = noun[:-1] + "ت" if noun.endswith("ه") else noun
        for before in ("", "ال", "ب", "بال", "ل", "لل", "عال"):
            yield before + noun, (0, 0, weight)
        for after in ("ا", "ان", "ين", "ها", "هم", "ه"):
            yield stem + after, (0, 0, weight)
        for before in ("", "ب", "ل"):
            yield f"{before}{stem}نا", (0, 2, max(weight, 1))
            for after in ("ك", "كم", "كن", "كو"):
                yield before + stem + after, (1.5, 0, max(weight, 1))


def _of_verbs(stems: Iterable[str], weight: float) -> Iterator[tuple[str, Voice]]:
    for stem in stems:
        yield from _imperatives(stem, weight)
        for before, after in product(("ت", "لت", "ست", "بت", "تت"), ("", "ي", "ون", "وا", "و", "ين")):
            yield before + stem + after, (weight * (0.75 if after else 0.25), 0, 0)
        for before in ("ن", "سن", "لن", "بن", "من", "هن", "حن", "كن", "غن", "دن"):
            for after in ("", "و", "ه", "ها", "هم"):
                yield before + stem + after, (0, 1, 0)
            for after in ("ك", "كم", "لك", "لكم", "كن", "لكن", "ولك", "ولكم"):
                yield before + stem + after, (1, 1, 0)


def _imperatives(stem: str, weight: float) -> Iterator[tuple[str, Voice]]:
    """A bare stem is a past too, and so is one with an object; with a dialect's ending or both it is no past."""
    for before, part in (("", 0.5), ("ا", 0.75)):
        yield before + stem, (weight * part, 0, 0)
        yield before + stem + "نا", (weight * (1 if before else 0.4), 0.5, 0)
        for object_ in ("ها", "لنا", "لينا"):
            yield before + stem + object_, (weight / 2, 0.5 if "نا" in object_ else 0, 0)
        for person, object_ in product(("ي", "وا", "و"), ("", "نا", "ها", "ه", "وه", "لنا", "لينا")):
            sure = weight + 0.5 if object_ else weight * 0.75
            yield before + stem + person + object_, (sure, 0.5 if "نا" in object_ else 0, 0)


class Lexicon:
    """Some 30,000 forms by their hashes, at nine bytes each: every process that reads pages has them."""

    def __init__(self, forms: Iterable[tuple[str, Voice]]) -> None:
        found: dict[int, Voice] = {}
        for form, voice in forms:
            before = found.setdefault(hash(form), voice)
            found[hash(form)] = (max(voice[0], before[0]), max(voice[1], before[1]), max(voice[2], before[2]))
        self._hashes = array("q", sorted(found))
        self._voices = sorted(set(found.values()))
        number = {voice: n for n, voice in enumerate(self._voices)}
        self._numbers = bytes(number[found[form]] for form in self._hashes)

    def get(self, word: str) -> Voice | None:
        """The most that any reading of a form tells; None where it is no such form."""
        mark = hash(word)
        at = bisect_left(self._hashes, mark)
        known = at < len(self._hashes) and self._hashes[at] == mark
        return self._voices[self._numbers[at]] if known else None


def _forms() -> Iterator[tuple[str, Voice]]:
    for weight, nouns in _NOUNS.items():
        yield from _of_nouns(nouns, weight)
    for weight, stems in _VERBS.items():
        yield from _of_verbs(stems, weight)
    yield from ((article + word, (0.75, 0, 0.5)) for word in _PURPOSES for article in ("ل", "لل"))
    yield from ((word, (0, 1, 0)) for word in _WE)
    yield from ((word, (1, 0, 0)) for word in _YOU)


LEXICON = Lexicon(_forms())
voice_of = lru_cache(maxsize=4096)(LEXICON.get)  # the words of texts are few
