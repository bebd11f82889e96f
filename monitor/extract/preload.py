"""What the readers' processes share: imported, used once, and kept from the collector, so that it stays shared."""

from __future__ import annotations

import gc

from monitor.extract.body import library
from monitor.extract.pages import page

_PAGE = "<html><head><title>خبر</title></head><body><article><h1>خبر</h1>{}</article><nav>روابط</nav></body></html>"

library()
for text in ("نص", "<p>مر يوم هادئ قرب الميناء في المدينة.</p>" * 30):  # what is made at first use is made here
    page(_PAGE.format(text).encode(), "https://outlet.example/1")
gc.collect()
gc.freeze()
