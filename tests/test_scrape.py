from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from news_site import (
    NewsSite,
    Resource,
    article,
    atom,
    front_page,
    gzip_bomb,
    http_date,
    news_sitemap,
    rss,
    sitemap,
)

from index.articles import Article, DateOrigin, PublicationDate
from index.scraping.reading import LARGEST_SITEMAP
from index.scraping.skipped import skipped_pages
from index.store import Store
from web.cli import main

ROOT = Path(__file__).parents[1]
QUICK = ("--delay", "0", "--timeout", "2", "--no-index")

TEASERS = {
    "/news/1?utm_source=front": "Harbour town decides on the new quay after all",
    "/news/1": "Harbour town decides on the new quay, once more",
    "/news/2": "Ferries to stay in port until the storm has passed",
    "/moved": "What was said about the lighthouse last winter",
    "/refresh": "A page that sends its readers on to another one",
    "/slow": "A page that takes longer than anybody would wait",
    "/broken": "A page that its server cannot make at the moment",
    "/gone": "A page that was taken down some time ago already",
    "/missing": "A page that has never been there at any time",
    "/loop": "A page that leads in circles and never anywhere",
    "/to-private": "A page that leads into a network of somebody else",
    "/to-file": "A page that leads to a file of whoever reads it",
    "/bomb": "A page that is small and becomes very large indeed",
    "/bomb.xml.gz": "A sitemap that is small and becomes very large",
    "/endless": "A page that goes on and on and never does end",
    "/film": "A film that nobody wants to have in an archive",
    "/cyrillic": "A page in an encoding that it does not declare",
    "/empty": "A page that has nothing but a headline on it",
    "/paid": "A page of which only the beginning can be read",
    "/private/secret": "A page that robots are asked not to look at",
    "https://elsewhere.example/": "A page on another site that is not followed",
    "ftp://127.0.0.1/x": "A file on a server for files that is not followed",
}

BOMB = gzip_bomb(LARGEST_SITEMAP + 1)

NEWS = {
    "/news/1": "Harbour town decides on the quay",
    "/news/2": "Ferries stay in port",
    "/news/3": "Fish market opens earlier",
    "/news/4": "Library lends tools now",
    "/news/5": "Mayor names a deputy",
    "/news/6": "Old mill becomes a school",
    "/news/7": "Bridge closed for repairs",
    "/news/8": "Lighthouse keeps its keeper",
    "/news/9": "Choir finds new rooms",
    "/news/10": "Tram line grows by a mile",
    "/news/11": "Swimming bath opens again",
    "/news/12": "Theatre has a new curtain",
}

UNDATED = ("/news/10", "/news/11", "/news/12")


@dataclass(frozen=True)
class Run:
    """A command that has ended."""

    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class World:
    """Sites, an archive, and two scrapes of the ones into the other."""

    site: NewsSite
    polite: NewsSite
    failing: NewsSite
    dead: str
    archive: Path
    first: Run
    asked_first: list[str]
    articles_first: dict[str, Article]
    second: Run
    statuses_second: dict[str, int]


PROGRAM = "from web.cli import main; main()"


def begin(archive: Path, *words: str, program: str = PROGRAM) -> subprocess.Popen[str]:
    """The command in a process of its own: a reactor can only be started once."""
    return subprocess.Popen(
        [sys.executable, "-c", program, "--archive", str(archive), *words],
        cwd=ROOT,
        env=os.environ | {"DATELINE_CONTACT": "desk@news.example"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(running: subprocess.Popen[str]) -> Run:
    output, errors = running.communicate(timeout=120)
    return Run(running.returncode, output, errors)


def dateline(archive: Path, *words: str) -> Run:
    return end(begin(archive, *words))


def here(archive: Path, *words: str) -> Result:
    """A command that fetches nothing, in this process."""
    return CliRunner().invoke(main, ["--archive", str(archive), *words])


def stored(archive: Path) -> dict[str, Article]:
    """The articles of an archive by the paths of their addresses."""
    with Store.read(archive / "articles.sqlite") as store:
        articles = store.articles(store.ids()).values()
        return {urlsplit(article.url or "").path: article for article in articles}


def skipped(archive: Path, *visits: str) -> dict[str, str]:
    """What came of the pages that were not stored, by their paths."""
    with Store.read(archive / "articles.sqlite") as store:
        pages = skipped_pages(store, visits)
        return {urlsplit(page["url"]).path: page["outcome"] for page in pages}


def _slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)
    handler.close_connection = True


def _endless(kind: str) -> Resource:
    """A page of which more and more comes, until nobody listens."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.end_headers()
        handler.close_connection = True
        while True:
            handler.wfile.write(b"<p>And on it goes.</p>" * 3_000)

    return Resource(serve=serve)


def _busy_at_first(site: NewsSite, path: str) -> Resource:
    """A page that can only be had the second time."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(503)
        handler.send_header("Retry-After", "2")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        site.put(path, article("Quiet news"))

    return Resource(serve=serve)


def _fill(site: NewsSite) -> None:
    for path, title in NEWS.items():
        site.put(path, article(title, published="" if path in UNDATED else "2024-05-06"))
    url = site.url
    site.put(
        "/robots.txt",
        f"User-agent: *\nDisallow: /private\nSitemap: {url}/sitemaps.xml\n",
        "text/plain",
    )
    feeds = {"/feed.xml": "application/rss+xml", "/atom.xml": "application/atom+xml"}
    site.put("/", front_page(TEASERS | {"/section": "Town"}, feeds))
    feed = {
        f"{url}/news/3": http_date(100),
        f"{url}/news/10": "Mon, 06 May 2024 07:08:09 +0200",
        f"{url}/news/12": "soon" + "\N{COMBINING ACUTE ACCENT}" * 100_000,
    }
    site.put("/feed.xml", rss(url, feed), "application/rss+xml")
    site.put("/atom.xml", atom({"news/4": "2024-05-06T10:00:00Z"}), "application/atom+xml")
    maps = {
        f"{url}/sitemap-old.xml": "2024-01-01",
        f"{url}/sitemap.xml.gz": "2024-05-06",
        f"{url}/sitemap-news.xml": "2024-05-06",
    }
    site.put("/sitemaps.xml", sitemap(maps, "sitemapindex"), "application/xml")
    site.put("/sitemap-old.xml", sitemap({f"{url}/news/5": "2024-01-01"}), "text/xml")
    news = gzip.compress(sitemap({f"{url}/news/6": "2024-05-06T09:00:00+00:00"}).encode())
    site.put("/sitemap.xml.gz", news, "application/gzip")
    site.put("/sitemap-news.xml", news_sitemap({f"{url}/news/11": "2024-05-05"}), "text/xml")
    site.put(
        "/section", front_page({"/news/7": "Bridge over the canal closed for repairs"} | TEASERS)
    )
    site.redirect("/moved", "/news/8")
    site.put("/refresh", '<meta http-equiv="refresh" content="0; url=/news/9"><p>Wait.</p>')
    site.resources["/slow"] = Resource(serve=_slow)
    site.resources["/broken"] = Resource(b"Oops", status=500)
    site.resources["/gone"] = Resource(b"Gone", status=410)
    site.redirect("/loop", "/loop2", 302)
    site.redirect("/loop2", "/loop", 302)
    site.redirect("/to-private", "http://10.0.0.1/admin", 302)
    site.redirect("/to-file", "file:///etc/passwd", 302)
    site.resources["/bomb"] = Resource(BOMB, headers={"Content-Encoding": "gzip"})
    site.put("/bomb.xml.gz", BOMB, "application/gzip")
    site.resources["/endless"] = _endless("text/html")
    site.resources["/film"] = _endless("video/mp4")
    cyrillic = article("Мэр открыл новую школу", "Школа построена за два года.")
    site.put("/cyrillic", cyrillic.encode("cp1251"), "text/html")
    site.put("/empty", "<h1>Nothing</h1><p>Soon.</p>")
    paid = article("Only for those who pay", "Subscribe to continue reading.")
    free = '<meta property="article:content_tier" content="locked">'
    site.put("/paid", paid.replace("<title>", f"{free}<title>"))
    site.put("/private/secret", article("A secret of the town"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    archive = tmp_path_factory.mktemp("scrape") / "archive"
    with (
        NewsSite() as site,
        NewsSite("127.0.0.3") as polite,
        NewsSite("127.0.0.5") as failing,
        socket.socket() as closed,
    ):
        closed.bind(("127.0.0.4", 0))
        dead = f"http://127.0.0.4:{closed.getsockname()[1]}/"
        _fill(site)
        polite.put("/robots.txt", "User-agent: Dateline\nCrawl-delay: 0.5\n", "text/plain")
        links = {f"/{n}": f"Quiet news number {n} from a small town" for n in range(11)}
        polite.put("/", front_page(links))
        polite.put("/0", article("Quiet news 0"))
        polite.resources["/1"] = _busy_at_first(polite, "/1")
        failing.put("/", front_page(links))
        for path in links:
            failing.resources[path] = Resource(b"Oops", status=500)
        urls = (f"{site.url}/", f"{polite.url}/", f"{failing.url}/", dead)
        words = ("scrape", *urls, *QUICK, "--allow-private")
        first = dateline(archive, *words)
        asked_first, articles_first = site.paths(), stored(archive)
        polite_asked, failing_asked = polite.asked[:], failing.asked[:]
        site.asked.clear()
        site.put("/news/3", article("Fish market opens earlier", "This was corrected later."))
        feed = {f"{site.url}/news/3": http_date(-1), f"{site.url}/news/4": http_date(-1)}
        site.put("/feed.xml", rss(site.url, feed), "application/rss+xml")
        second = dateline(archive, *words)
        statuses = {asked.path: asked.status for asked in site.asked}
        polite.asked, failing.asked = polite_asked, failing_asked
        yield World(
            site,
            polite,
            failing,
            dead,
            archive,
            first,
            asked_first,
            articles_first,
            second,
            statuses,
        )


def test_all_articles_and_nothing_else_are_stored(world: World) -> None:
    assert world.articles_first.keys() == {*NEWS, "/cyrillic", "/0", "/1"}
    for path, title in NEWS.items():
        found = world.articles_first[path]
        assert (found.title, found.source) == (title, "The Loopback Gazette")
        assert found.body.startswith(f"{title}, officials in the harbour town said")
        assert found.url == world.site.url + path
        assert found.fetched is not None
    assert world.articles_first["/cyrillic"].title == "Мэр открыл новую школу"


def test_feeds_and_news_sitemaps_date_pages_that_have_no_date(world: World) -> None:
    articles = world.articles_first
    by_feed, by_sitemap = articles["/news/10"], articles["/news/11"]
    assert by_feed.published is not None
    assert by_feed.published.moment == datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)
    assert by_feed.date_origins["published"] == DateOrigin("feed")
    assert by_sitemap.published == PublicationDate(datetime(2024, 5, 5), "day")
    assert by_sitemap.date_origins["published"] == DateOrigin("sitemap")
    assert articles["/news/12"].published is None
    assert "published" not in articles["/news/12"].date_origins


def test_what_a_page_says_of_its_date_counts_more_than_a_feed(world: World) -> None:
    found, undisputed = world.articles_first["/news/3"], world.articles_first["/news/4"]
    assert found.published == undisputed.published
    assert found.date_origins["published"] == DateOrigin("meta", ("conflict",), ("feed",))
    assert undisputed.date_origins["published"] == DateOrigin("meta")


def test_every_page_that_was_not_stored_has_its_reason(world: World) -> None:
    assert skipped(world.archive, f"{world.site.url}/", world.dead) == {
        "/private/secret": "forbidden",
        "/slow": "too slow",
        "/broken": "failed",
        "/gone": "not found",
        "/missing": "not found",
        "/loop2": "failed",
        "/admin": "other site",
        "/to-file": "refused",
        "/bomb": "too large",
        "/bomb.xml.gz": "too large",
        "/endless": "too large",
        "/film": "wrong type",
        "/empty": "no article",
        "/paid": "paywalled",
        "/": "unreachable",  # that of the site nobody serves
    }
    for line in ("1 forbidden", "2 not found", "1 too slow", "3 too large", "1 paywalled"):
        assert f"skipped: {line} (" in world.first.output


def test_nothing_is_asked_for_twice_and_nothing_that_is_forbidden(world: World) -> None:
    asked = world.asked_first
    assert {path: asked.count(path) for path in asked if asked.count(path) > 1} == {"/broken": 3}
    assert "/private/secret" not in asked
    assert "/news/1?utm_source=front" not in asked


def test_a_site_that_is_dead_or_slow_stops_no_other(world: World) -> None:
    assert world.first.code == world.second.code == 3
    assert "could not be read: its robots.txt could not be fetched" in world.first.output
    assert "Not read: " in world.first.errors
    assert world.first.output.rstrip().endswith("The archive has 15 articles.")


def test_robots_are_told_apart_and_pauses_are_kept(world: World) -> None:
    asked = world.polite.asked
    assert all(
        entry.headers["User-Agent"] == f"Dateline/{version('dateline')} (+desk@news.example)"
        for entry in asked
    )
    assert [entry.path for entry in asked][:2] == ["/robots.txt", "/"]
    gaps = [after.at - before.at for before, after in pairwise(asked)]
    assert len(gaps) == 13
    assert min(gaps) > 0.4  # of the 0.5 between two requests, the way to the server takes some
    first, second = (entry.at for entry in asked if entry.path == "/1")
    assert second - first > 1.9


def test_a_site_that_only_fails_is_left_for_the_next_visit(world: World) -> None:
    counts = world.failing.counts()
    assert counts == {"/": 1} | {f"/{n}": 3 for n in range(5)}  # each is tried three times
    assert f"{world.failing.url}/\n  articles: none\n  followed: 1 list\n  skipped: 5 failed" in (
        world.first.output
    )
    assert "given up: 6 links, after so many pages that failed" in world.first.output


def test_the_second_time_only_what_may_have_changed_is_asked_for(world: World) -> None:
    statuses = world.statuses_second
    assert {path for path in statuses if path.startswith("/news")} == {"/news/3", "/news/4"}
    assert (statuses["/news/3"], statuses["/news/4"]) == (200, 304)
    assert (statuses["/feed.xml"], statuses["/atom.xml"]) == (200, 304)
    assert statuses["/sitemap.xml.gz"] == statuses["/sitemap-old.xml"] == 304
    assert "articles: 1 changed, 1 not modified" in world.second.output
    after = stored(world.archive)
    assert after.keys() == world.articles_first.keys()
    assert after["/news/3"].body.endswith("This was corrected later.")
    unchanged = after.keys() - {"/news/3"}
    assert all(after[path] == world.articles_first[path] for path in unchanged)


def test_no_file_and_no_other_network_is_read(world: World) -> None:
    assert not any("root:" in found.body for found in stored(world.archive).values())
    with Store.read(world.archive / "articles.sqlite") as store:
        reasons = {page["url"]: page["reason"] for page in skipped_pages(store)}
    assert (
        reasons[f"{world.site.url}/to-file"] == "leads to file:///etc/passwd, which is not fetched"
    )
    assert reasons["http://10.0.0.1/admin"] == "leads to 10.0.0.1"


WRITTEN_OTHERWISE = ("localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0")


def test_own_network_is_not_connected_to_however_it_is_written(tmp_path: Path) -> None:
    with NewsSite() as site:
        site.put("/", article("An intranet"))
        port = urlsplit(site.url).port
        hosts = (*WRITTEN_OTHERWISE, "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]")
        urls = [f"http://{host}:{port}/" for host in hosts]
        run = dateline(tmp_path / "archive", "scrape", *urls, *QUICK)
    assert run.code == 3
    assert site.asked == []
    assert run.output.count("is no address of the public internet") == len(urls)


ONE_PUBLIC = """
import index.scraping.guarding as guarding
refused = guarding.why_refused
guarding.why_refused = lambda address: "" if address == "127.0.0.2" else refused(address)
from web.cli import main
main()
"""
"""The command, with one loopback address taken for one of the public internet."""


def test_a_redirect_into_the_own_network_is_not_followed(tmp_path: Path) -> None:
    with NewsSite() as intranet, NewsSite("127.0.0.2") as public:
        intranet.put("/secret", article("A secret of the intranet"))
        public.put("/robots.txt", "", "text/plain")
        for host in ("127.0.0.1", "localhost"):
            port = urlsplit(intranet.url).port
            public.redirect(f"/{host}", f"http://{host}:{port}/secret", 302)
        public.redirect("/usual-port", "http://127.0.0.1/secret")
        public.put("/refresh", '<meta http-equiv="refresh" content="0; url=http://127.0.0.1/">')
        public.put("/fine", article("An article of the public internet"))
        paths = ("/127.0.0.1", "/localhost", "/usual-port", "/refresh", "/fine")
        urls = [public.url + path for path in paths]
        run = end(begin(tmp_path / "archive", "scrape", *urls, *QUICK, program=ONE_PUBLIC))
    assert intranet.asked == []
    assert stored(tmp_path / "archive").keys() == {"/fine"}
    assert run.output.count("127.0.0.1 is no address of the public internet") == 2
    assert run.output.count("which is not fetched") == 2  # ports that nobody named


class Held:
    """A page whose answer waits until it is let go; `reached` is set when it is asked for."""

    def __init__(self, page: str) -> None:
        self.reached = threading.Event()
        self.let_go = threading.Event()
        self._body = page.encode()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        self.reached.set()
        self.let_go.wait(60)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(self._body)))
        handler.end_headers()
        handler.wfile.write(self._body)


@pytest.fixture
def long_site() -> Iterator[NewsSite]:
    """A site of a front page and twelve articles."""
    with NewsSite() as site:
        site.put("/robots.txt", "", "text/plain")
        links = {f"/a/{n}": f"The harbour and its ships, part {n} of many" for n in range(12)}
        site.put("/", front_page(links))
        for path in links:
            site.put(path, article(f"The harbour, part {path[3:]}"))
        yield site


def test_killed_it_goes_on_where_it_was(tmp_path: Path, long_site: NewsSite) -> None:
    archive, held = tmp_path / "archive", Held(article("The harbour, part 5"))
    page = long_site.resources["/a/5"]
    long_site.resources["/a/5"] = Resource(serve=held.serve)
    running = begin(archive, "scrape", long_site.url, *QUICK, "--allow-private")
    assert held.reached.wait(60)
    running.kill()
    end(running)
    held.let_go.set()
    assert stored(archive).keys() == {f"/a/{n}" for n in range(5)}
    long_site.resources["/a/5"] = page
    again = dateline(archive, "scrape", *QUICK, "--allow-private")
    assert again.code == 0, again.errors
    assert stored(archive).keys() == {f"/a/{n}" for n in range(12)}
    assert again.output.startswith("Went on with 1 visit that had been cut short.\n")
    assert "articles: 12 new" in again.output
    # What was being answered when it was killed is all that is asked for again.
    assert {path: n for path, n in long_site.counts().items() if n > 1} == {"/a/5": 2}
    assert len(long_site.counts()) == 13


def test_interrupted_it_ends_soon_and_only_one_scrapes_at_a_time(
    tmp_path: Path, long_site: NewsSite
) -> None:
    archive, held = tmp_path / "archive", Held(article("The harbour, part 3"))
    words = ("scrape", long_site.url, "--delay", "0", "--no-index", "--allow-private")
    long_site.resources["/a/3"] = Resource(serve=held.serve)
    running = begin(archive, *words)
    assert held.reached.wait(60)
    second = here(archive, *words)
    assert second.exit_code == 1
    assert "another process is scraping into" in second.output
    running.send_signal(signal.SIGINT)
    time.sleep(0.3)
    held.let_go.set()
    interrupted = end(running)
    assert interrupted.code == 1
    assert "8 pages not asked for yet; the same command goes on" in interrupted.errors
    assert stored(archive).keys() == {f"/a/{n}" for n in range(4)}
    done = dateline(archive, *words)
    assert done.code == 0, done.errors
    assert stored(archive).keys() == {f"/a/{n}" for n in range(12)}
    assert set(long_site.counts().values()) == {1}


def test_sources_are_visited_when_they_are_due_and_then_found(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with NewsSite() as site:
        site.put("/feed", rss(site.url, {f"{site.url}/one": http_date(60)}), "text/xml")
        site.put("/one", article("Harbour town has a new choir"))
        assert here(archive, "source", "add", f"{site.url}/feed", "--name", "Wire").exit_code == 0
        options = ("--delay", "0", "--allow-private")
        first = dateline(archive, "scrape", *options)
        assert first.code == 0, first.errors
        assert f"{site.url}/feed (Wire)\n  articles: 1 new\n  followed: 1 feed\n" in first.output
    assert "No source is due" in here(archive, "scrape").output
    assert json.loads(here(archive, "search", "choir", "--json").stdout)["total"] == 1
    (kept,) = json.loads(here(archive, "source", "list", "--json").stdout)
    assert (kept["name"], kept["fixed"], kept["interval_seconds"]) == ("Wire", False, 1800)
    assert kept["visited"] < kept["due"]


def test_sources_are_kept_and_removed(tmp_path: Path) -> None:
    added = here(tmp_path, "source", "add", "news.example", "http://b.example/feed?utm_medium=rss")
    assert added.output == "Added: https://news.example/\nAdded: http://b.example/feed\n"
    changed = here(tmp_path, "source", "add", "b.example/feed", "--every", "6h", "--name", "B")
    assert changed.output == "Added: https://b.example/feed\n"
    listed = here(tmp_path, "source", "list").output
    assert "https://b.example/feed  B\n  every 6 h; due " in listed
    assert "https://news.example/\n  every 1 h, adapted; due " in listed
    assert listed.endswith("3 sources.\n")
    assert here(tmp_path, "source", "remove", "news.example").exit_code == 0
    gone = here(tmp_path, "source", "remove", "news.example")
    assert (gone.exit_code, "is no source" in gone.output) == (1, True)
    assert here(tmp_path, "source", "list").output.endswith("2 sources.\n")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("source", "add", "ftp://a.example/"), 1, "is no address of the web"),
        (("source", "add", "https://me:secret@a.example/"), 1, "has a user name in it"),
        (("source", "add", "a.example", "--every", "soon"), 2, "expected a time such as 30m"),
        (("source", "add", "a.example", "--every", "0h"), 2, "expected a time such as 30m"),
        (("scrape", "--pages", "0"), 2, "is not in the range x>=1"),
        (("scrape", "javascript:alert(1)"), 1, "is no address of the web"),
    ],
)
def test_what_cannot_be_scraped_is_said(
    tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    result = here(tmp_path, *words)
    assert result.exit_code == code
    assert message in result.output
