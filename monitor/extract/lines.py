"""Lines of an article's text that aren't its text: labels, other stories' headlines, calls to share, policies."""

from __future__ import annotations

import re

from monitor.extract.dates import fold, parse
from monitor.extract.titles import norm
from monitor.types import Dropped

_MARKS = re.compile("[\u064b-\u0652\u0640]")
_ALSO = (
    r"(?:[إا]?قر[أائ]و?ا?|شاهدو?ا?|طالعو?ا?|تابعو?ا?|انظر|[إا]?ستمعو?ا?|تصفحو?ا?)\s+(?:أيضا|ايضا|أيضًا|أيضاً"
    r"|ايضاً|المزيد|كذلك)"
)
_RELATED = (
    rf"{_ALSO}|ل?لمزيد(?: من (?:ال)?(?:تفاصيل|أخبار|معلومات))?(?: (?:[إا]قر[أا]|شاهد|طالع)\w*)?"
    r"|(?:أخبار|مواضيع|مقالات|مواد|موضوعات|قصص|تقارير|روابط"
    rf"|أخبار أخرى|عناوين|فيديوهات)\s+(?:ذات\s+(?:ال)?صلة|متعلقة|مرتبطة|مشابهة|قد تهمك|أخرى|مقترحة)"
    r"|(?:ال)?(?:أخبار|مواضيع|مقالات|موضوعات)\s+(?:ال)?(?:متعلقة|مرتبطة|مشابهة|مقترحة)|ذات صلة|ذو صلة"
    r"|قد (?:يهمك|يعجبك|تهمك)(?: أيضا| أيضًا| أيضاً)?|ربما يعجبك|نرشح لك|اخترنا لك(?:م)?|موضوعات قد تهمك"
    r"|المزيد من (?:الأخبار|المواضيع)"
    r"|الأكثر (?:قراءة|مشاهدة|تداولا|تداولًا|تداولاً|شيوعا|تعليقا|رواجا)|آخر الأخبار|أحدث الأخبار"
    r"|أهم الأخبار|الخبر السابق|الخبر التالي|المقال السابق|المقال التالي|التالي|السابق"
    r"|اقر[أا](?:/ي)? (?:أكثر|في هذا الملف)|[إا]?قر[أا]/ي (?:أيضا|ايضا)|لقراءة المزيد|لمزيد من المعلومات|فيديو قد يعجبك"
    r"|فيديو(?:هات)? ذ(?:ات|و) صلة|شاهد (?:ال|بال)فيديو|[إا]خترنا ل(?:ك|كم)|قد يعجبك[م]? [أا]يضا"
    r"|(?:مقالات|أخبار|مواضيع|قصص|تقارير|فيديوهات) (?:مختارة(?: لكم?)?|منوعة|قد (?:تهمك|تعجبك)م?)"
    r"|الأكثر (?:تفاعلا|مشاركة|تعليقا)"
    r"|أبرز (?:الأخبار|العناوين)|مزيد من (?:الأخبار|المواضيع|المقالات)|المزيد (?:من أخبار \S+|في \S+)"
    r"|read (?:also|more)|see also|related (?:articles|news|posts|topics)|related|you may (?:also )?like"
)
_TAGS = (
    r"(?:ال)?كلمات (?:ال)?(?:دلالية|دالة|مفتاحية|البحث)|(?:ال)?(?:أ|و)?وسوم|الأوسمة|الوسوم|تاغ|تاق|tags|هاشتا[غج]"
    r"|هذا (?:الخبر|المقال|الموضوع) يتحدث عن|الهاشتاغ(?:ات)?|مواضيع الساعة|اقرأ عن"
)
_TOOLS = (
    r"شارك(?:\s+(?:القصة|المقال|المقالة|الخبر|الموضوع|هذا(?:\s+\S+)?|على(?:\s+\S+)?|عبر(?:\s+\S+)?"
    r"|هذه الصفحة|الصفحة|مع أصدقائك|معنا))?|شاركها?|شاركنا(?: رأيك)?|مشاركة(?:\s+(?:المقال|الخبر|القصة"
    r"|عبر \S+|على \S+))?|انشر(?:\s+\S+)?"
    r"|تابع القراءة|تابعوا القراءة|متابعة القراءة|أكمل القراءة|اقرأ المزيد|إقرأ المزيد|المزيد|عرض المزيد"
    r"|إظهار المزيد|شاهد المزيد|التفاصيل"
    r"|زر الذهاب إلى الأعلى|العودة (?:إلى|الى|ل)?\s?(?:ال)?أعلى|إلى الأعلى|طباعة|طباعة المقال|اطبع"
    r"|نسخ الرابط|نسخ|تم النسخ|تم نسخ الرابط|الرابط المختصر|رابط مختصر|حفظ|احفظ|إغلاق|أغلق|بحث|القائمة"
    r"|الرئيسية|تسجيل الدخول|استمع|استمع للمقال|استمع إلى المقال|حجم الخط|تكبير الخط|تصغير الخط"
    r"|فيس ?بوك|تويتر|تيليجرام|تلغرام|تلجرام|تيليغرام|واتس ?[اآ]ب|انستغرام|إنستغرام|إنستجرام|انستجرام"
    r"|لينكد ?[إا]ن|لينكدين|يوتيوب|بنترست|بينتيريست|ماسنجر|سناب شات|تيك توك|ريديت|بريد إلكتروني"
    r"|البريد الإلكتروني|إيميل|facebook|twitter|whatsapp|telegram|linkedin|email|pinterest|reddit|messenger"
    r"|instagram|youtube|viber|print|share|copy link|x"
    r"|تعليقات|التعليقات|تعليقات فيسبوك|تعليقات الفيسبوك|تعليقات الزوار|اترك تعليقا?ً?|اترك ردا?ً?"
    r"|أضف تعليقا?ً?|إضافة تعليق|إضافة تعليق جديد|اضف تعليق|أضف تعليق|اكتب تعليقك|علق|لا توجد تعليقات"
    r"|لا يوجد تعليقات|إلغاء الرد"
    r"|صورة|الصورة|فيديو|بالفيديو|صور|إعلان|إعلانات|advertisement|ads?|جاري? (?:ال)?تحميل.{0,30}|تحميل"
    r"|ساهم في هذا التقرير|شارك في (?:إعداد|هذا) التقرير|المصادر|المصدر|عن الكاتب|نبذة عن الكاتب|كاتب|الكاتب"
    r"|حول الكاتب|[إا]علان مدفوع(?: الأجر)?|محتو[ىي] (?:مدفوع|إعلاني|ممول|دعائي)|مادة إعلانية"
    r"|(?:ال)?إعلان أدناه.{0,80}|[إا]ضافة [إا]علان"
    r"|مساحة إعلانية|(?:تخط[ىي]? )?(?:ال)?(?:بودكاست|قصص مقترحة|مواضيع ذات صلة|الأكثر قراءة)(?: وواصل القراءة| نهاية)"
    r"|ا?ضغط للمشاركة|انقر هنا للمشاركة.{0,50}|لمشاركة المقال|شارك برأيك|بدون تعليقات|لا تعليق|0 تعليق"
    r"|رابط دائم|معجب بهذه|[إا]عجاب(?:[\s.]+تحميل)?|(?:خلاصات )?rss|تم نسخ الرابط بنجاح|آخر تحديث|tweet|برعاية"
    r"|خبر عاجل|عاجل|(?:ال)?تفاصيل (?:بعد قليل|لاحقا|تباعا)|المزيد (?:قريبا|بعد قليل)|يتبع"
    r"|[إا]علان ممول|(?:(?:تكبير|تصغير|حجم) (?:الخط|النص)\s*)+|طباعة أرسل لصديق|استمع (?:لل|إلى ال)(?:خبر|مقال"
    r"|مقالة)(?: .{1,40})?"
    r"|انسخ الرابط|(?:متابعة|إلغاء المتابعة|تابع)(?: الكاتب)?|(?:تفعيل|فعل) (?:الإشعارات|التنبيهات)|زيارة الموقع"
    r"|تبرع(?:وا)?(?: الآن| لنا)?(?: \S+){0,2}"
    r"|(?:الصفحة|العودة (?:إلى|الى)|عودة إلى) الرئيسية|عرض (?:جميع|كل) (?:المقالات|الأخبار|المواضيع|التعليقات)"
    r"|تحميل المزيد"
    r"|على الهواء|(?:شاهد |تابع |استمع إلى )?البث (?:المباشر|الحي)(?: \S+){0,2}"
    r"|(?:تصفح )?(?:العدد الورقي|النسخة الورقية)|لا توجد تعليقات بعد"
    r"|أضف تعليقك"
    r"|هل وجدت خطأ.{0,30}|(?:ال)?[إا]بلاغ عن خطأ.{0,20}|أبلغ عن خطأ|هل كان (?:هذا )?(?:المقال|المحتوى|الخبر) مفيدا?ً?"
    r"|قيم هذا (?:المقال|الخبر|الموضوع)|هل أعجبك محتوى الصفحة|ملخص (?:بالذكاء|آلي).{0,30}"
    r"|(?:لقد )?تم الاشتراك بنجاح|شكرا ل[كا]شتراكك.{0,30}|(?:قصص مقترحة|مواضيع ذات صلة) نهاية|نهاية (?:قصص مقترحة"
    r"|مواضيع ذات صلة)"
    r"|(?:اضغط|انقر|من) هنا|list \d+ of \d+|end of list|view this post on instagram"
    r"|(?:ال)?نسخة (?:للطباعة|قابلة للطباعة|المطبوعة)"
    r"|أرسل (?:هذا الموضوع |المقال )?(?:إلى|لـ?) ?صديق|خيارات المقال"
    r"|محتويات (?:المقال|الموضوع|التقرير)|جدول المحتويات|المحتويات|فهرس (?:المقال|المحتويات)"
    r"|تغطية (?:حية|مباشرة|مستمرة|خاصة)"
    r"|هل أعجبك (?:المقال|الموضوع|الخبر)|قيم (?:المقال|الموضوع)|ملاحظة|تنويه|الرجاء الانتظار|تخط(?:ى"
    r"|ي)? إلى المحتوى|(?:ال)?نشرة (?:ال)?(?:إخبارية|بريدية)(?: \S+){0,3}"
)
_END = r"\s*[:：.…|/\-–—<>«»()\[\]!؟?#*،+↓↑←→▼▲●•]*\s*"
_LABEL = re.compile(rf"\W{{0,8}}(?:(?P<related>{_RELATED})|(?P<tags>{_TAGS})|(?P<tools>{_TOOLS})){_END}", re.IGNORECASE)
_LABEL_PART = re.compile(rf"\W{{0,8}}(?:{_RELATED}|{_TAGS}|{_TOOLS})(?!\w){_END}", re.IGNORECASE)
_ALSO_LINE = re.compile(
    rf"\W{{0,8}}(?:(?:{_ALSO})(?=[\s:：.…|/\-–—<>«»\"“(])"
    rf"|(?:{_RELATED}|{_TAGS}|إقرأ|اقرأ|اقرا|شاهد|طالع|المصدر|المصادر|ساهم في هذا التقرير"
    rf"|شارك في إعداد التقرير)(?:\s+(?:على|في|عن|من)\s+\S+)?\s*(?:[:：|]|\.{{2,}}|…|<<|>>|»|(?<=\s)[-–—](?=\s))\s*\S)",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"^(?:تابعو?ا?(?:نا|ونا)?\s+(?:(?:آخر |أهم |جميع |كل )?(?:أخبار|الأخبار|المستجدات|حساب|صفحة|قناة|قناتنا"
    r"|صفحتنا|حسابنا)|على|عبر|جديد|موقع)|تابعونا|تابعنا"
    r"|اشترك(?:وا)?\s+(?:الآن|معنا|بنا|(?:في|ب)\s*(?:ال)?(?:نشر|قنا|خدم|تنبيه|بودكاست|صفح|تطبيق|يوتيوب|تل))"
    r"|للاشتراك|انضم(?:وا)?\s+(?:الآن|لقنا"
    r"|(?:إلى|الى)\s+(?:(?:ال)?(?:قنا|صفح|متابع|نشر)|مجموعت?نا|مجموعة (?:ال)?(?:واتس|تل)))"
    r"|تابعوا?\s+\S+\s+على\W*$|تابعوا?\s+(?:\S+\s+){1,4}(?:على|عبر)\s+(?:ت[يل]|واتس|فيس|[إا]كس|يوتيوب|[إا]نست|[غج]وجل|منص)"
    r"|للمزيد.{0,30}(?:تابعو?نا|زوروا|اضغط)|لل[اإ]شتراك|لمتابعة أخبار|لتصلك|للاطلاع على المزيد"
    r"|للتواصل معنا"
    r"|حمّ?ل(?:وا)?\s+(?:تطبيق|التطبيق(?! ال)|الآن)|لتحميل تطبيق|يمكنكم? (?:متابعة|الاشتراك|تحميل)|لمتابعة (?:آخر"
    r"|أهم|أحدث|المزيد)"
    r"|(?:اضغط|انقر)(?:وا)?\s+(?:هنا|على)|سجّ?ل(?:وا)?\s+(?:دخولك|الدخول|الآن|معنا|في\s+(?:ال)?(?:نشر|موقع|خدم))"
    r"|كن أول من|لن يتم نشر عنوان"
    r"|الحقول الإلزامية|احفظ اسمي|يرجى (?:تسجيل|تفعيل|العلم)|عزيزي (?:القارئ|الزائر)|شاركنا|شاركونا"
    r"|شارك(?:وا)?\s+(?:برأيك|رأيك)"
    r"|هل (?:أعجبك|لديك)|إذا أعجبك|ظهرت المقالة|the post .{3,300} (?:appeared )?first on|نشكر لكم|إقرأ على"
    r"|اقرأ على الموقع|اقرأ الخبر (?:من|على)|ترحب شبكة|ترحب .{2,30} (?:بالنقاش|بتعليقات)|تنشر هذه"
    r"|لا يسمح ب(?:نسخ|إعادة)|يُ?سمح بإعادة)",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"(?:[إا]ضغط|[اأ]نقر)(?:وا|ي)? هنا\W*$|^(?:شاهد|تابع|[إا]قر[أا]|طالع|حمل|سجل|لمعرفة|لمشاهدة"
    r"|لمتابعة|لقراءة|للتسجيل|لتحميل|للاشتراك|للاطلاع|للمزيد)(?!\w).{0,120}من هنا\W*$"
)
_BOTH_GENDERS = re.compile(
    r"(?<!\w)(?:[وف]?(\w{3,})/\1(?:ي|ين|ة|تي)|[^\W\d]{3,}/(?:ي|ن|ين|وا))(?!\w)"
)  # "أرسل/أرسلي": only readers are addressed so
_TO_READERS = re.compile(
    r"(?<!\w)(?:[لبو]?(?:قرائنا|قراؤنا|متابعينا|متابعونا|دعمكم?|بريدكم?|نشر(?:ت|ات)نا|تطبيقنا|قن(?:ات|وات)نا"
    r"|حساب(?:ات)?نا|صفح(?:ت|ات)نا|موقعنا|مراسلتنا|تبرعك|تبرعاتكم|زوارنا|أخبارنا)|تابعو?نا|راسلو?نا|أعجبك|رأيك|تعليقك"
    r"|اشترك(?:وا)? (?:الآن|معنا|في (?:ال)?(?:نشر|قنا|خدم)\w+)|ادعم(?:وا)?|حمل(?:وا)? (?:ال)?تطبيق\w*|دعم قرائ\w+"
    r"|نكون قد وفقنا|الخبر الأصلي|مصدره ال[أا]ساسي|(?:ال)?صحافة (?:\S+ )?و?(?:ال)?مستقلة)(?!\w)"
)
_SOURCE = re.compile(r"\S+(?: \S+){0,5}\s*:")
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = re.compile("[\u0620-\u06ff]")
_QUOTED = re.compile('«[^»]*(?:»|$)|“[^”]*(?:”|$)|"[^"]*"')
_DOES = "[يت]كتب|صدر ل|متخصص|حاصلة? على|عملت? |[يت]عمل |مقيمة? |لها? (?:عدة|عدد|كت|ثلاث)"
_AUTHOR = re.compile(  # who wrote the text, what the outlet is
    r"\W*(?:كاتب|صحفي|صحافي|باحث|أكاديمي|محلل|روائي|[إا]علامي|خبير|أستاذ|ناشط|محام|محامي|دبلوماسي|شاعر|مترجم|ناقد|مدون)ة?"
    rf"(?: [^.؟!:]{{2,80}}|(?=.{{0,200}}(?:{_DOES})).{{2,300}})?\W*"
    r"|(?:موقع|منصة|صحيفة|جريدة|وكالة|شبكة|بوابة|مجلة)(?: \S+){0,2} (?:[إا]خباري|[إا]علامي|مستقل|شامل|يومي)ة? .{20,300}"
)
_NAME = re.compile(r"\W*[^\W\d_]+(?: [^\W\d_]+){0,2}[^.؟!؛…»\w]*")
_EMBED = re.compile(r"\s*(?:https?://t\.co/\w+|pic\.(?:twitter|x)\.com/\w+)")
_SIGNED_POST = re.compile(r"[—–-]+\s*.{2,80}\(@\w+\).{0,40}")
_POLICY = re.compile(
    r"(?<!\w)[وبفل]?(?:جميع الحقوق محفوظة|(?:كافة|كل) الحقوق محفوظة|حقوق (?:النشر|الطبع|الملكية) محفوظة|الحقوق محفوظة|©"
    r"|all rights reserved|copyright \d|ملفات تعريف الارتباط|سياسة الخصوصية|شروط الاستخدام|الشروط والأحكام"
    r"|(?:الآراء|التعليقات|الردود|المقالات|المواد)\s+(?:المنشورة|الواردة|المذكورة"
    r"|المطروحة)?.{0,60}لا (?:تعبر|تمثل|تعكس)|(?:لا تعبر|لا يعبر|لا تعكس|لا يعكس) (?:بالضرورة )?عن (?:رأي"
    r"|وجهة|آراء)|شروط (?:التعليق|النشر)|عدم الإساءة للكاتب"
    r"|(?:الإدارة|الموقع|التحرير) غير مسؤول|التعليقات المسيئة"
    r"|تم [اأإ]ضافة تعليقك|يظهر بعد المراجعة|عدد الأحرف|(?:ستنشر|تنشر) التعليقات|التعليق(?:ات)? (?:المخالفة"
    r"|التي تتضمن)|بريدك ال[إا]لكتروني|(?:جميع الحقول|الحقول) (?:مطلوبة|الإلزامية|إلزامية)|سياسة الموقع"
    r"|[إا]رسال تعليقك|(?:سيتم|يتم) نشر(?:ه|ها| تعليقك| التعليق).{0,20}(?:الموافقة|المراجعة)"
    r"|(?:الأخبار|المواد) المنشورة على الصفحة الرسمية|الاشتراك لدى الوكالة|لمتابعة القراءة|(?:مخصص|متاح)ة? للمشتركين"
    r"|هذا (?:المقال|المحتوى) (?:حصري|للمشتركين)"
    r"|(?:[يت]منع|لا يجوز|[يت]حظر) (?:منعا باتا )?(?:إعادة (?:نشر|استخدام)|نسخ|اقتباس|النشر)"
    r"|باستخدامك (?:ل|هذا ).{0,80}توافق|ملفات (?:ال)?كوكيز"
    r"|تخضع (?:التعليقات )?للمراجعة|يعبر عن رأي (?:كاتبه|صاحبه|الكاتب)|تم إنشاء (?:هذا )?الملخص|مترجمة? آليا"
    r"|a post shared by|post was not sent|enable javascript|your browser|supports html5)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"^\W*\d[\d,.]*\s*(?:مشاهدة|مشاهدات|مشاهده|قراءة|قراءات|تعليق|تعليقات|مشاركة|مشاركات|زيارة|views?"
    r"|shares?|comments?|دقائق قراءة|دقيقة قراءة|دقيقة للقراءة)\W*$|^(?:مدة|وقت|زمن) القراءة\b.{0,30}$"
    r"|^(?:عدد )?(?:المشاهدات|القراءات|الزيارات|التعليقات|مشاهدات|قراءات)\W*\d*\W*$|^قراءة (?:دقيقة|دقيقتين"
    r"|\d+).{0,20}$"
)
_NUMBERED = re.compile(r"\W*\d{1,3}\s*(?:/|من|of)\s*\d{1,3}\W*")  # "3/12" of a gallery
_ADDRESS = re.compile(
    r"^(?:pic\.twitter\.com/\w+|https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|(?:#[\w_]+\s*)+|@\w+)$", re.IGNORECASE
)
_BYLINE = re.compile(
    r"^(?:كتبت?|كتابة|بقلم|إعداد|اعداد|تقرير|ترجمة|تحرير|المحرر|تصوير|حوار|حاوره|أجرى الحوار|كتب وصور"
    r"|by)\s*[:：/|\-–]\s*\S+(?:\s+\S+){0,6}$|^(?:كتبت?|بقلم|by)(?:\s+[^\s.،:؟]+){2,4}$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^[(\[]?\s*(?:الصورة|صورة(?: أرشيفية| من الأرشيف| تعبيرية)?|تصوير|أرشيفية|أرشيف|عدسة)\s*[:："
    r"|)\]]?\s*.{0,60}$|^[(\[]\s*(?:رويترز|غيتي|جيتي|أ ?ف ?ب|الأناضول|فرانس برس|أسوشيتد برس|getty|reuters"
    r"|afp|ap|epa|مواقع التواصل(?: الاجتماعي)?|الأوروبية|الفرنسية|أرشيف(?:ية)?)[^)\]]{0,40}[)\]]$",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"م?صدر الصورة[،,:]|التعليق على (?:الصورة|الفيديو)[،,:]"
)  # before each of one broadcaster's pictures
_AGO = re.compile(
    r"(?:آخر تحديث\W*)?(?:منذ|قبل) (?:\d+ )?(?:ثانية|ثوان|دقيقة|دقيقتين|دقائق|ساعة|ساعتين|ساعات|يوم|يوما|يومين|أيام"
    r"|أسبوع|أسبوعين"
    r"|أسابيع|شهر|شهرين|أشهر|شهور|سنة|سنتين|سنوات)\W*|\d{1,2} (?:دقائق|دقيقة)(?: قراءة)?"
)
_DATE_WORDS = re.compile(
    r"(?:نشر|النشر|نُشر|تاريخ|في|آخر|اخر|تحديث|التحديث|أضيف|منذ|ساعة|الساعة|بتوقيت|توقيت|يوم|م|هـ|ص|صباحا"
    r"|مساء|gmt|utc|am|pm|updated|published|on|last|الموافق|غرينتش|جرينتش|مكة|المكرمة)(?=\W|$)"
)
_AGENCIES = (
    r"(?:أ ?ف ?ب|ا ?ف ?ب|د ?ب ?أ|أ ?ب|ي ?ب ?أ|أ ?ش ?أ|رويترز|فرانس برس|أسوشيتد برس|الأناضول|الألمانية|واس|وام|بنا"
    r"|قنا|كونا|بترا|سانا|وفا|وات|واج|شينخوا|تاس|سبوتنيك|نوفوستي|وكالات|الوكالات|afp|ap|rt|reuters|dpa)"
)
_SIGNED = (
    re.compile(  # what agencies close a text with: "انتهى/280", "// انتهى //", "ز.ع/ع.ج (د ب أ)", "14:05 ت م", "0112"
        r"\W*(?:انتهى|انتهت|النهاية|انتهای پیام|ختم)\W*\w{0,8}\W*|\d{2,5}"
        r"|\d\d?:\d\d\s*(?:ت ?م|جمت)?(?:\s*\d{2,5})?"
        r"|(?:\w{1,2}[\s/]+){1,7}\w{1,2}"
        r"|(?:\w{1,3}\.\s?\w{1,3}\.?[\s/،,\-]*){1,4}(?:\([^()]{2,40}\))?"
        rf"|[^.؟!»]{{2,30}}[/–-]\s*{_AGENCIES}\W*"
        rf"|[(/\s]*{_AGENCIES}(?:[،,/+\s]+{_AGENCIES}){{0,4}}[)/\s]*",
        re.IGNORECASE,
    )
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_END = (".", "؟", "!", "…", "؛", "،")
PARAGRAPH = 60  # characters; behind two such paragraphs a heading of comments ends the text
_COMMENTS = re.compile(
    r"\W*(?:تعليقات|التعليقات|آراء القراء|ردود القراء)(?: (?:القراء|الزوار|المستخدمين|(?:ال)?فيسبوك|الأعضاء))?"
    r"(?:\W*\d+)?\W*|\W*\d+ (?:تعليقات|تعليق) على .{5,200}"
)
ASKING = 220  # characters of a line that asks its readers for something in one word
LABELS = 100  # characters of a line of labels
_COMMENT_FORM = re.compile(r"\W*(?:[اأ]ضف|[اأ]ترك|[إا]ضافة|[اأ]كتب) (?:تعليق|رد)\w{0,2}(?: جديد)?\W*")
HEADLINE = 130  # characters that another story's headline may have


def strip(lines: list[str], title: str, others: frozenset[str] = frozenset()) -> tuple[list[str], list[Dropped]]:
    """The lines that are text, and those dropped with their reasons.

    `others` are headlines of other stories on the page.
    """
    kept: list[str] = []
    dropped: list[Dropped] = []
    arabic = 2 * sum(bool(_ARABIC.search(line)) for line in lines) > len(lines)
    after = ""  # the label that stands right before, whose headlines go too
    headline = norm(title)
    for number, shown in enumerate(lines):
        line = _EMBED.sub("", shown) if "co" in shown else shown
        plain = _MARKS.sub("", line)
        if _begins_comments(plain, kept, lines[number + 1 :]):
            dropped += [Dropped(text=text[:500], reason="comments") for text in lines[number:]]
            break
        reason = _reason(plain, kept, number, headline)
        if not reason and arabic and not _ARABIC.search(line) and line.count(" ") >= 3:
            reason = "another language"
        if not reason and len(line) < 200 and line in others:
            reason = "another story's headline"
        label = "related stories" if reason in ("related stories", "tags") and _LABEL.fullmatch(plain) else ""
        if not reason and after and headline_like(plain):
            reason, label = after, after
        after = after if reason == "another story's headline" else label
        if reason:
            dropped.append(Dropped(text=line[:500], reason=reason))
        else:
            kept.append(line)
    return _end(_beginning(kept, dropped), dropped), dropped


def _begins_comments(line: str, before: list[str], behind: list[str]) -> bool:
    """A heading of readers' comments, or of a form for them with nothing but its fields behind it."""
    if not (_COMMENTS.fullmatch(line) or _COMMENT_FORM.fullmatch(line)):
        return False
    form = bool(_COMMENT_FORM.fullmatch(line))
    return sum(map(_long, before)) >= 2 and not (form and any(map(_long, behind)))


def _long(line: str) -> bool:
    return len(line) >= PARAGRAPH


def is_label(text: str) -> bool:
    """Whether a paragraph begins like a pointer to other stories."""
    plain = _MARKS.sub("", text)
    return bool(_ALSO_LINE.match(plain) or _LABEL.fullmatch(plain))


def is_heading_of_others(text: str) -> bool:
    """Whether a heading is a label above other stories."""
    label = _LABEL.fullmatch(_MARKS.sub("", text))
    return bool(label and label["related"])


def is_heading_of_comments(text: str) -> bool:
    """Whether a heading is that of readers' comments."""
    plain = _MARKS.sub("", text)
    return bool(_COMMENTS.fullmatch(plain) or _COMMENT_FORM.fullmatch(plain))


def label_only(line: str) -> bool:
    """Whether a line is nothing but furniture by itself."""
    return bool(_reason(_MARKS.sub("", line), [], 9, ""))


def _reason(line: str, kept: list[str], number: int, headline: str) -> str:
    """Why a line isn't text; empty for text."""
    if not line.strip() or not re.search(r"\w", line):
        return "no letters"
    label = _LABEL.fullmatch(line)
    if label:
        return "related stories" if label["related"] else "tags" if label["tags"] else "page tools"
    if len(line) <= LABELS and _labels_only(line):
        return "page tools"
    if len(line) < 300 and _ALSO_LINE.match(line):
        return "related stories"
    if len(line) < 400 and (
        ("/" in line and _BOTH_GENDERS.search(line)) or (_CALL.match(line) and not _reported(line))
    ):
        return "call to readers"
    if len(line) < 200 and "هنا" in line and _HERE.search(line):
        return "call to readers"
    if len(line) < 700 and _POLICY.search(line) and _is_policy(line):
        return "policy or copyright"
    if any(pattern.fullmatch(line) for pattern in (_COUNT, _ADDRESS, _NUMBERED, _SIGNED_POST)):
        return "page tools"
    if headline and len(line) < 300 and norm(line) == headline and (not kept or len(line) > 15):
        return "the title again"
    return _small(line, number)


def _labels_only(line: str) -> bool:
    """Labels one behind the other: "للمزيد Facebook"."""
    rest = line
    while rest:
        found = _LABEL_PART.match(rest)
        if not found:
            return False
        rest = rest[found.end() :]
    return True


def _small(line: str, number: int) -> str:
    """Short lines around a text: bylines, credits, dates."""
    if len(line) > 120:
        return ""
    if number < 5 and _BYLINE.match(line):
        return "byline"
    if _PICTURE.match(line) or (_CREDIT.match(line) and not line.endswith(".")):
        return "caption"
    return "date" if _AGO.fullmatch(line) or _only_date(line) else ""


def _only_date(line: str) -> bool:
    """Nothing but dates, times and the words around them."""
    if len(line) > 90 or not re.search(r"\d", line):
        return False
    folded = fold(line)
    rest = _DATE_WORDS.sub("", re.sub(r"\d+", " ", folded))
    if not _LETTERS.search(rest):
        return bool(re.search(r"\d\d?[:/.\-]\d\d", folded))
    return parse(line) is not None and len(_LETTERS.findall(rest)) <= 3 and len(folded.split()) <= 9


def _reported(line: str) -> bool:
    """A sentence that only begins like a call: somebody did something, told in full."""
    return (
        len(line) > 60
        and line.rstrip().endswith(".")
        and not re.search(
            r"تطبيق|غوغل|جوجل|تلغرام|تليغرام|واتس|فيسبوك|تويتر|يوتيوب|الموقع|قناتنا|هنا|البريد|^ظهرت المقالة|^The post",
            line,
        )
    )


def _is_policy(line: str) -> bool:
    """Policies are short or speak of themselves; a report about privacy is told in longer sentences."""
    return len(line) < 160 or bool(
        re.search(r"©|محفوظة|لا (?:تعبر|يعبر|تعكس|تمثل)|نستخدم|غير مسؤول|تعليق|الوكالة يُ?رجى|browser", line)
    )


def headline_like(line: str) -> bool:
    """Whether a line could be the headline of a story."""
    return len(line) <= HEADLINE and 3 <= len(line.split()) <= 18 and not line.rstrip().endswith(_SENTENCE_END)


def _beginning(kept: list[str], dropped: list[Dropped]) -> list[str]:
    """Without counters and a greeting of the readers before the text."""
    while kept and not _LETTER.search(kept[0]):
        dropped.append(Dropped(text=kept.pop(0), reason="no letters"))
    if len(kept) > 1 and _SOURCE.fullmatch(kept[0]):
        dropped.append(Dropped(text=kept.pop(0), reason="byline"))
    if sum(map(_long, kept)) > 1 and _asks(kept[0]):
        dropped.append(Dropped(text=kept.pop(0), reason="call to readers"))
    return kept


def _end(kept: list[str], dropped: list[Dropped]) -> list[str]:
    """Without the credits that close a text, and what asks its readers for something behind it."""
    while kept and (reason := _closing(_MARKS.sub("", kept[-1]), len(kept))):
        dropped.append(Dropped(text=kept.pop(), reason=reason))
    return kept


def _closing(line: str, number: int) -> str:
    """Why the last line of a text isn't text."""
    if (
        _BYLINE.match(line)
        or _SIGNED.fullmatch(line)
        or (number > 2 and (_AUTHOR.fullmatch(line) or _NAME.fullmatch(line)))
    ):
        return "byline"
    return "call to readers" if number > 1 and _asks(line) else ""


def _asks(line: str) -> bool:
    """Whether a line speaks to its readers, a long one more than once; what is quoted does not."""
    asking = {found[0] for found in _TO_READERS.finditer(_QUOTED.sub("", line))} if len(line) < 2 * ASKING else set()
    return len(asking) > len(line) // ASKING
