"""Feeds as a person sees and changes them: `rasid feeds` and its verbs, and sources that have no feed."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from tests.journey.installation import SETTINGS, Installation, wait_until
from tests.journey.outlet import Outlet, Raw
from tests.servers.webhook import Webhook

DRONE = "أسقط الدفاع الجوي طائرة مسيّرة فوق الوادي فجر اليوم، بحسب بيان نشر على موقع الوزارة."
SEEN = "وقال شهود إن {} من عمال الميناء أصيبوا بجروح طفيفة، وإنهم نقلوا إلى مستشفى قريب للعلاج قبل طلوع الشمس."
OPML = """<?xml version="1.0"?><opml version="1.0"><body>
<outline text="أخبار"><outline text="الشام"><outline type="rss" text="منبر" xmlUrl="{0}"/></outline>
<outline type="rss" title="شارع" xmlUrl="{1}"/></outline>
<outline type="rss" text="ثالث" xmlUrl="{2}" category="/سياسة,/خليج"/></body></opml>"""


def test_a_feeds_own_address_is_added_with_one_request(rasid: Installation, outlet: Outlet) -> None:
    """E04: discovery and first parse use the same answer. The file's comments stay, a second time is refused."""
    outlet.publish("one", "خبر أول", DRONE)
    rasid.write("feeds.yaml", "rasid: 1\n# ما نتابعه\nfeeds:\n")
    done = rasid.verb("feeds", "add", outlet.feed, "--id", "manbar", "--yes")
    assert done.returncode == 0, done.stderr
    assert dict(outlet.asked) == {"/feed": 1}
    assert "خبر أول" in done.stdout
    text = (rasid.rules / "feeds.yaml").read_text("utf-8")
    assert "# ما نتابعه" in text
    assert outlet.feed in text
    again = rasid.verb("feeds", "add", outlet.feed, "--yes")
    assert again.returncode == 1
    assert "manbar" in again.stderr


def test_where_nobody_answers_the_question_is_how_to_go_without_it(rasid: Installation, outlet: Outlet) -> None:
    """A feed at an IP address is named after the whole of it."""
    outlet.publish("one", "خبر أول", DRONE)
    asked = rasid.verb("feeds", "add", outlet.feed)
    assert (asked.returncode, (rasid.rules / "feeds.yaml").exists()) == (1, False)
    assert "(--yes adds the first that is found)" in asked.stderr
    assert "added 127-0-0-1" in rasid.verb("feeds", "add", outlet.feed, text="y\n").stdout


def test_lists_of_other_readers_come_in_and_go_out(rasid: Installation, tmp_path: Path) -> None:
    """Nested folders and categories become tags, what is known stays alone, and what goes out comes in again."""
    urls = [f"https://{name}.example/rss" for name in ("a", "b", "c")]
    (tmp_path / "list.opml").write_text(OPML.format(*urls), "utf-8")
    rasid.feeds(known=urls[1])
    assert "2 feeds added" in rasid.verb("feeds", "import", str(tmp_path / "list.opml")).stdout
    assert rasid.verb("check").returncode == 0
    text = (rasid.rules / "feeds.yaml").read_text("utf-8")
    for word in ("أخبار", "الشام", "سياسة", "خليج"):
        assert f"- {word}\n" in text
    (tmp_path / "out.opml").write_text(rasid.verb("feeds", "export").stdout, "utf-8")
    rasid.feeds(known=urls[1])
    assert "2 feeds added" in rasid.verb("feeds", "import", str(tmp_path / "out.opml")).stdout
    again = (rasid.rules / "feeds.yaml").read_text("utf-8")
    assert sorted(again.splitlines()) == sorted(text.splitlines())


def test_each_feeds_state_is_told_in_words(rasid: Installation, outlet: Outlet) -> None:
    """One round, then `feeds`: ok, moved, blocked, gone, asked to wait, failing, off; `check` asks and counts."""
    outlet.publish("one", "خبر", DRONE)
    paths = {
        "moved": Raw(status=301, headers={"Location": "/feed"}),
        "blocked": Raw(b"<title>Just a moment...</title>", 403, {"cf-mitigated": "challenge"}),
        "gone": Raw(status=410),
        "busy": Raw(status=429, headers={"Retry-After": "7200"}),
        "broken": Raw(b"nothing of the kind"),
    }
    outlet.raw |= {f"/{name}": answer for name, answer in paths.items()}
    rasid.feeds(fresh=outlet.feed, **{name: f"{outlet.url}/{name}" for name in paths})
    with (rasid.rules / "feeds.yaml").open("a") as file:
        file.write(f"  off:\n    url: {outlet.url}/off\n    enabled: false\n")
    assert rasid.verb("run", "--once").returncode == 0
    rows = {row["id"]: row for row in rasid.json("feeds")}
    begins = {"fresh": "ok", "moved": "ok, moved to", "blocked": "blocked for", "gone": "gone for"}
    begins |= {"busy": "asked to wait for", "broken": "failing for", "off": "off"}
    assert {name: row["state"][: len(begins[name])] for name, row in rows.items()} == begins
    assert rows["moved"]["moved_to"] == outlet.feed
    assert rows["busy"]["next_why"] == "its server asked for the pause"
    assert (rows["fresh"]["changed"], rows["fresh"]["status"]) == (1, 200)
    asked = outlet.asked.copy()
    table = rasid.verb("feeds", "check")
    assert "5 feeds tried: 2 read, 1 blocked, 2 failed, 1 not asked" in table.stdout
    assert table.stderr == ""  # progress is for terminals
    assert {path for path in outlet.asked if outlet.asked[path] > asked[path]} == {
        "/feed",
        "/moved",
        "/blocked",
        "/gone",
        "/broken",
    }


def test_asking_a_feed_now_obeys_its_server_and_the_floor(rasid: Installation, outlet: Outlet) -> None:
    """E07: once a minute is enough, and a pause that the server asked for is kept, also when nothing runs."""
    outlet.publish("one", "خبر أول", DRONE)
    rasid.feeds(manbar=outlet.feed, busy=f"{outlet.url}/busy", shut=f"{outlet.url}/shut")
    outlet.raw["/busy"] = Raw(status=429, headers={"Retry-After": "7200"})
    outlet.raw["/shut"] = Raw("<html>ممنوع".encode(), 403)
    rasid.state.mkdir()
    assert "خبر أول" in rasid.verb("feeds", "poll", "manbar").stdout
    assert "once a minute" in rasid.verb("feeds", "poll", "manbar").stderr
    assert "throttled" in rasid.verb("feeds", "poll", "busy").stdout
    assert "2.0 h more" in rasid.verb("feeds", "poll", "busy").stderr
    assert "blocked" in rasid.verb("feeds", "poll", "shut").stdout
    assert "once a minute" in rasid.verb("feeds", "poll", "shut").stderr, "a refusal is no wish for a pause"
    assert dict(outlet.asked) == {"/feed": 1, "/busy": 1, "/shut": 1}


def test_sources_without_a_feed_go_the_same_way(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """A news sitemap, a page with a list of links, and a Telegram channel's preview: one alert each."""
    bodies = {
        "map": "قال الدفاع المدني إن طائرة مسيّرة سقطت قرب الجسر القديم، وإن الحركة عليه توقفت ساعة كاملة.",
        "list": "احترقت ثلاثة متاجر في السوق بعدما أصابتها طائرة مسيّرة ليلا، ولم يعرف بعد من أطلقها.",
        "1": "عاجل: إغلاق المطار أمام الملاحة الجوية بعد رصد طائرة مسيّرة فوق المدرج.",
    }
    now = datetime.now(UTC).isoformat(timespec="seconds")
    outlet.publish("map", "حادث قرب الجسر", bodies["map"])
    outlet.publish("list", "حريق في السوق", bodies["list"])
    outlet.raw["/sitemap"] = Raw(
        f"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{outlet.url}/map</loc><news:news>
        <news:publication_date>{now}</news:publication_date>
        <news:title>حادث قرب الجسر</news:title></news:news></url></urlset>""".encode()
    )
    outlet.raw["/latest"] = Raw(
        f"""<html><body><nav><a href="/about">من نحن</a></nav>
        <h2><a href="{outlet.url}/list">حريق في السوق</a></h2></body></html>""".encode()
    )
    outlet.raw["/s/channel"] = Raw(
        f"""<html><head><meta property="og:title" content="قناة"></head><body><div class="tgme_widget_message_wrap">
        <div class="tgme_widget_message" data-post="channel/1"><div class="tgme_widget_message_text">{bodies["1"]}</div>
        <a class="tgme_widget_message_date" href="https://t.me/channel/1"><time
        datetime="{now}"></time></a></div></div></body></html>""".encode()
    )
    rasid.write("settings.yaml", SETTINGS)
    rasid.write("feeds.yaml", f"""rasid: 1
feeds:
  map:
    url: {outlet.url}/sitemap
    kind: sitemap
  list:
    url: {outlet.url}/latest
    kind: page
    select: "h2 a"
  channel:
    url: {outlet.url}/s/channel
    kind: telegram
""")  # fmt: skip
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: len(hook.requests) >= 3, what="three alerts")
    assert {r.json["article"]["feed"] for r in hook.requests} == {"map", "list", "channel"}
    assert {r.json["article"]["feed"]: r.json["article"]["text_from"] for r in hook.requests}["channel"] == "feed"
    assert "/about" not in outlet.asked


def test_an_edit_of_an_article_that_was_hit_is_shown(rasid: Installation, outlet: Outlet) -> None:
    """`hits NUMBER` shows what a later version took out and put in."""
    outlet.publish("one", "حادث في الوادي", f"{DRONE}\n{SEEN.format('ثلاثة')}")
    rasid.feeds(manbar=outlet.feed)
    assert rasid.verb("run", "--once").returncode == 0
    outlet.pieces[0].title = "حادث كبير في الوادي"
    outlet.pieces[0].text = f"{DRONE}\n{SEEN.format('خمسة')}"
    time.sleep(0.5)
    assert rasid.verb("run", "--once").returncode == 0
    later, first = rasid.json("hits")
    assert [d["decision"] for d in later["decisions"]] != ["alert"]
    shown = rasid.verb("hits", str(first["id"])).stdout
    assert "ثلاثة من عمال" in shown
    assert "خمسة من عمال" in shown
    assert "edited" in shown
