"""The causes and remedies that the operator reads, in Arabic. Logs and verbs have them in English, as they are given.

A cause that is not known here, or another program's words, stay as they are: an isolate keeps them from left to right.
Pure.
"""

from __future__ import annotations

import re

_LONGEST = 1000  # characters of a cause that are looked at

KNOWN = {
    # feeds: what answered, or did not
    "the site refuses machines ({}): try another feed of it, its news sitemap, or ask its owner":
        "الموقع يرفض طلبات البرامج ({})؛ جرّب مصدرًا آخر له أو خريطة أخباره، أو راسل أصحابه",
    "the server says the feed is gone for good (410)": "يقول الخادم إن المصدر أُزيل نهائيًا (410)",
    "the feed says that it has ended": "يقول المصدر إنه انتهى",
    "the feed is empty": "المصدر فارغ",
    "the feed has no entries any more": "لم تبقَ في المصدر أي مادة",
    "nothing new for {} h, where {} entries were to be expected": "لا جديد منذ {} ساعة، وكان المتوقع فيها: {}",
    "the server asked for a pause ({})": "طلب الخادم التمهّل ({})",
    "its host asked for a pause": "طلب الخادم التمهّل",
    "the server answered that it wants a login ({})": "الخادم يطلب تسجيل الدخول ({})",
    "the server answered that there is no such page ({})": "لا صفحة بهذا العنوان ({})",
    "the server answered that the law forbids it ({})": "المحتوى محجوب بأمر قانوني ({})",
    "the server answered with a challenge for browsers ({})": "الخادم لا يسمح إلا للمتصفحات ({})",
    "the server answered {}": "أجاب الخادم بالرمز {}",
    "the server says that nothing is new (304), though it was asked for the whole":
        "يقول الخادم إنه لا جديد (304)، مع أننا طلبنا المصدر كاملًا",
    "nothing new (304)": "لا جديد (304)",
    "nothing new (the same bytes)": "لا جديد",
    "the document changed, but shows no new entry": "تغيّر المصدر، ولا مادة جديدة فيه",
    "no complete answer within {} s": "لم يصل جواب كامل خلال {} ثانية",
    "no answer within {} s": "لا جواب خلال {} ثانية",
    "no connection within {} s": "تعذّر الاتصال خلال {} ثانية",
    "no connection: {}": "تعذّر الاتصال: {}",
    "the connection was refused": "رُفض الاتصال",
    "Connection refused": "رُفض الاتصال",
    "the connection was cut ({})": "انقطع الاتصال ({})",
    "the request was cut: {}": "انقطع الاتصال أثناء الإرسال: {}",
    "its certificate is not valid: {}": "شهادة الموقع غير صالحة: {}",
    "no secure connection: {}": "تعذّر الاتصال الآمن: {}",
    "TLS failed: {}": "تعذّر الاتصال الآمن: {}",
    "the name {} was not found ({})": "اسم الموقع {} غير موجود ({})",
    "the name {} has no address": "لا عنوان للاسم {}",
    "no address": "لا عنوان لهذا الاسم",
    "more than {} redirects, the last to {}": "أكثر من {} تحويلات، آخرها إلى {}",
    "its redirects took too long": "طالت التحويلات أكثر مما ينبغي",
    "the redirect leads to no web address": "التحويل لا يؤدي إلى عنوان على الويب",
    "{}, and what leads there is public": "{}، والعنوان الذي حوّل إليه عام",
    "{} is a private or reserved address": "{} عنوان خاص أو محجوز",
    "{} is a private or reserved address; `allow_networks` in settings.yaml can permit it":
        "{} عنوان خاص أو محجوز؛ يُسمح به في allow_networks في settings.yaml",
    "{} is a multicast address": "{} عنوان بثّ جماعي",
    "{} is no network address": "{} ليس عنوانًا على الشبكة",
    "address refused: {}": "عنوان مرفوض: {}",
    "the address is too long": "العنوان أطول مما ينبغي",
    "this is no web address": "ليس هذا عنوانًا على الويب",
    "only http and https addresses are fetched": "لا تُطلب إلا عناوين http و https",
    "there is no such port": "لا منفذ بهذا الرقم",
    "the server sends more than {} interim answers": "يرسل الخادم أجوبة تمهيدية لا تنتهي (أكثر من {})",
    "the answer is larger than {} MB": "الجواب أكبر من {} ميغابايت",
    "the answer unpacks to more than {} MB": "الجواب بعد فك ضغطه أكبر من {} ميغابايت",
    "the answer comes in more than {} pieces": "الجواب مقطّع إلى أكثر من {} قطعة",
    "the answer is compressed in more than {} pieces": "الجواب مضغوط في أكثر من {} قطعة",
    "the compressed answer was cut": "الجواب المضغوط مبتور",
    "the compressed answer is damaged: {}": "الجواب المضغوط تالف: {}",
    "the server compressed its answer with “{}”, which was not asked for": "ضغط الخادم جوابه بطريقة لم تُطلب: {}",
    # feeds: what the answer is
    "the answer is empty": "الجواب فارغ",
    "a check against bots stands before the feed{}": "أمام المصدر فحص يمنع البرامج{}",
    "this is a web page, not a feed{}": "هذه صفحة ويب لا مصدر أخبار{}",
    "this is neither RSS, Atom, RDF, JSON Feed nor a sitemap: it begins with {}":
        "ليس هذا RSS ولا Atom ولا RDF ولا JSON Feed ولا خريطة موقع؛ أوله: {}",
    "this is an index of sitemaps": "هذا فهرس لخرائط الموقع",
    "take one of: {}": "خذ واحدة منها: {}",
    "this is JSON, but no JSON Feed: {}; {}": "هذا JSON وليس مصدر أخبار: {}؛ {}",
    "this is broken JSON, or cut off: {}": "هذا JSON تالف أو مبتور: {}",
    "the document cannot be read ({}: {})": "تعذّرت قراءة المصدر ({}: {})",
    "the document is cut off before its first entry ends": "المصدر مبتور قبل نهاية مادته الأولى",
    "a tag of more than {} characters: the document is not read": "في المصدر وسم أطول من {} حرف، فلا يُقرأ",
    "more than {} elements: the document is not read": "في المصدر أكثر من {} عنصر، فلا يُقرأ",
    "the page has more than {} tags": "في الصفحة أكثر من {} وسم",
    "the page has no elements": "لا عناصر في الصفحة",
    "the selector {} finds no link on this page": "المحدِّد {} لا يجد رابطًا في هذه الصفحة",
    "{} is not a CSS selector: {}": "{} ليس محدِّد CSS: {}",
    "this is not the preview of a public Telegram channel": "ليست هذه معاينة قناة Telegram عامة",
    "the address is https://t.me/s/NAME": "عنوانها https://t.me/s/NAME",
    "its address or proxy: {}": "عنوانه أو وسيطه: {}",
    "the process died {} times while it was read: its page is left out":
        "انتهى البرنامج {} مرة وهو يقرؤها، فتُركت صفحتها",
    # secrets
    "this secret is missing": "هذا السر غير موجود",
    "set {} in the environment": "عرّف {} في بيئة التشغيل",
    "put it into the credentials folder": "ضعه في مجلد الأسرار",
    "put it into {}": "ضعه في {}",
    "no credentials folder": "لا مجلد للأسرار",
    "systemd sets $CREDENTIALS_DIRECTORY": "يحدده systemd في $CREDENTIALS_DIRECTORY",
    "a secret's name has only letters, digits, _, . and -": "اسم السر حروف لاتينية وأرقام و _ و . و - لا غير",
    # channels
    "Telegram {}: {}": "أجاب Telegram بالرمز {}: {}",
    "Telegram {}": "أجاب Telegram بالرمز {}",
    "SMTP {} ({}): {}": "أجاب خادم البريد بالرمز {} ({}): {}",
    "HTTP {}: redirects are not followed, write the new address into channels.yaml":
        "أجاب الخادم بالرمز {}: التحويلات لا تُتبع، فاكتب العنوان الجديد في channels.yaml",
    "HTTP {}": "أجاب الخادم بالرمز {}",
    "the answer was cut (HTTP {})": "الجواب مبتور (HTTP {})",
    "the answer is none of Telegram's (HTTP {})": "ليس هذا جواب Telegram (HTTP {})",
    "asked to wait {} h: {}": "طلبت الخدمة التمهّل {} ساعة: {}",
    "asked to wait {} s": "طلبت الخدمة التمهّل {} ثانية",
    "the chat moved to {}: write that into channels.yaml": "انتقلت المحادثة إلى {}: اكتب ذلك في channels.yaml",
    "refused: {}": "رُفضت: {}",
    "given up after {} h": "تُركت بعد {} ساعة",
    "last: {}": "آخر سبب: {}",
    "may have arrived, sent again under the same id": "لعلها وصلت، وتُرسل ثانية بالرقم نفسه",
    "the channel is not in channels.yaml": "القناة ليست في channels.yaml",
    "the channel no longer has this recipient": "لم يعد هذا المتلقي في القناة",
    "the channel has no recipient {}": "لا متلقي في القناة باسم {}",
    "the delivery names no recipient, and the channel has several": "للقناة عدة متلقين والرسالة لا تسمي أحدهم",
    "apprise cannot read this channel's URL": "لا تفهم apprise عنوان هذه القناة",
    "apprise cannot read this {}:// URL": "لا تفهم apprise هذا العنوان {}://",
    "{}:// URL: {}": "عنوان {}:// لا يصلح: {}",
    "the URL has no scheme://": "ليس في أول العنوان نوع الخدمة (scheme://)",
    "internal error: {}": "خطأ في راصد: {}",
    "the terminal cannot be written to: {}": "تعذّرت الكتابة على الطرفية: {}",
    "the e-mail cannot be built: {}": "تعذّر إنشاء رسالة البريد: {}",
    "{} after the text was sent": "{} بعد إرسال النص",
    "no answer: {}": "لا جواب: {}",
    "the address cannot be read": "تعذّرت قراءة العنوان",
    "the address or a header holds characters that HTTP forbids": "في العنوان أو الترويسة حروف لا يسمح بها HTTP",
    "the mail server offers no STARTTLS; nothing was sent in clear":
        "خادم البريد لا يقدم STARTTLS، ولم يُرسل شيء بلا تعمية",
    "STARTTLS failed: {}": "تعذّر الاتصال الآمن بخادم البريد (STARTTLS): {}",
    "the mail server's login takes only ASCII letters in name and password":
        "خادم البريد لا يقبل في الاسم وكلمة السر إلا الحروف اللاتينية",
    "the mail server takes no login on this connection": "خادم البريد لا يقبل تسجيل الدخول على هذا الاتصال",
    "the mail server takes no login with a password": "خادم البريد لا يقبل تسجيل الدخول بكلمة سر",
    # Rasid itself
    "{}: nothing can listen there ({})": "تعذّر فتح {} ({})",
    "no hit for {} days, where {} were to be expected": "لم تُصِب منذ {} يومًا، وكان المتوقع فيها: {}",
    "by {} seconds; what waits goes on waiting as long as it had to":
        "بمقدار {} ثانية؛ وما ينتظر يبقى منتظرًا المدة التي كانت له",
}  # fmt: skip
_PATTERNS = {
    english: re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.S)
    if not english.endswith("{}")
    else re.compile("(.+?)".join(map(re.escape, english.removesuffix("{}").split("{}"))) + "(.*)", re.S)
    for english in KNOWN
}


def arabic(cause: str) -> str:
    """The cause in Arabic as far as it is known; what stands around or in it is looked up as well."""
    cause = cause[:_LONGEST]
    return _known(cause) or _parted(cause) or cause


def _known(cause: str) -> str:
    for english, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(cause):
            return KNOWN[english].format(*map(arabic, found.groups()))
    return ""


def _parted(cause: str) -> str:
    """Causes that others join: `what: cause`, `cause; cause`, `cause (hint)`."""
    for sign, mark in (("; ", "؛ "), (": ", ": ")):
        for found in re.finditer(re.escape(sign), cause):
            head, tail = cause[: found.start()], cause[found.end() :]
            if (known := _known(tail)) or (sign == "; " and _known(head)):
                return f"{arabic(head)}{mark}{known or arabic(tail)}"
    head, hint, tail = cause.removesuffix(")").rpartition(" (")
    return f"{arabic(head)} ({arabic(tail)})" if hint and cause.endswith(")") and arabic(head) != head else ""
