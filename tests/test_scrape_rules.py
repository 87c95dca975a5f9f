from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from news_site import article, atom, front_page, gzip_bomb, news_sitemap, rss, sitemap
from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.internet.address import IPv4Address as Resolved

from index.dates import LONGEST_DATE
from index.dating import StatedDate
from index.errors import UnreadableSource
from index.extract import Page
from index.scraping.frontier import Frontier, unfinished_visits
from index.scraping.guarding import GuardedResolver, why_refused
from index.scraping.manners import DISALLOW_ALL, RobotsAnswers, retry_seconds
from index.scraping.options import ScrapeOptions
from index.scraping.outcomes import Outcome, is_readable_type
from index.scraping.reading import (
    LARGEST_FEED,
    LARGEST_SITEMAP,
    RANKS,
    Listing,
    TooLarge,
    read_response,
)
from index.scraping.records import Answer, Entry, Link
from index.scraping.settings import user_agent
from index.scraping.sources import (
    LONGEST_INTERVAL,
    SHORTEST_INTERVAL,
    add_source,
    due_sources,
    next_interval,
    record_visit,
    remove_source,
    scrapable_address,
    sources,
)
from index.store import Store

NOW = datetime(2024, 5, 6, 12, tzinfo=UTC)
SITE = "https://example.org"

PRIVATE = """
    0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
    192.0.0.1 192.0.2.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1
    255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::a00:1
    64:ff9b:1::808:808 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 fc00::1 fd12::1
    fe80::1 fe80::1%eth0 fec0::1 ff02::1 4000::1
""".split()
PUBLIC = "1.1.1.1 8.8.8.8 93.184.216.34 172.32.0.1 2606:4700::1111 64:ff9b::808:808".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_of_the_public_internet_is_refused(address: str) -> None:
    assert why_refused(address) == f"{address} is no address of the public internet"


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_of_the_public_internet_is_not(address: str) -> None:
    assert why_refused(address) == ""


@given(st.ip_addresses())
def test_nothing_is_let_through_that_python_calls_private(
    address: IPv4Address | IPv6Address,
) -> None:
    if why_refused(str(address)) == "" and address not in IPv6Network("64:ff9b::/96"):
        assert address.is_global
        assert not address.is_multicast


class Reactor:
    """Resolves every name to the same addresses, as Twisted's would."""

    def __init__(self, *addresses: str) -> None:
        self.nameResolver: object = self
        self._addresses = addresses

    def installNameResolver(self, resolver: object) -> None:  # noqa: N802 - Twisted's interface
        self.nameResolver = resolver

    def resolveHostName(self, receiver: Any, _: str, port: int, *__: object) -> object:  # noqa: N802
        receiver.resolutionBegan(self)
        for address in self._addresses:
            receiver.addressResolved(Resolved("TCP", address, port))
        receiver.resolutionComplete()
        return self


class Receiver:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, _: object) -> None:  # noqa: N802 - Twisted's interface
        assert not self.addresses

    def addressResolved(self, address: Resolved) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


@pytest.mark.parametrize(
    ("allow", "addresses", "passed", "reason"),
    [
        (False, ("8.8.8.8", "127.0.0.1"), ["8.8.8.8"], ""),
        (False, ("127.0.0.1", "10.0.0.1"), [], "10.0.0.1 is no address of the public internet"),
        (False, (), [], ""),
        (True, ("127.0.0.1", "8.8.8.8"), ["127.0.0.1", "8.8.8.8"], ""),
    ],
)
def test_only_what_was_checked_is_connected_to(
    allow: bool, addresses: tuple[str, ...], passed: list[str], reason: str
) -> None:
    reactor, receiver = Reactor(*addresses), Receiver()
    resolver = GuardedResolver(reactor, allow_private=allow)  # type: ignore[arg-type]
    resolver.install_on_reactor()
    assert reactor.nameResolver is resolver
    resolver.resolveHostName(receiver, "a.example", 80)
    assert (receiver.addresses, receiver.complete) == (passed, True)
    assert resolver.refused.get("a.example", "") == reason


@given(
    st.timedeltas(SHORTEST_INTERVAL, LONGEST_INTERVAL),
    st.lists(st.tuples(st.booleans(), st.booleans())),
)
def test_intervals_stay_in_their_bounds(
    interval: timedelta, visits: list[tuple[bool, bool]]
) -> None:
    for found, failed in visits:
        after = next_interval(interval, found=found, failed=failed)
        assert SHORTEST_INTERVAL <= after <= LONGEST_INTERVAL
        shorter = found and not failed
        assert after <= interval if shorter else after >= interval
        interval = after


def test_addresses_are_repaired_or_refused() -> None:
    assert scrapable_address(" example.org/feed ") == f"{SITE}/feed"
    assert scrapable_address("HTTP://Example.org:80/a?utm_source=x#top") == "http://example.org/a"
    for address in (
        "ftp://a.example",
        "",
        "https://",
        "file:///etc/passwd",
        "a b",
        "https://a:b@c",
    ):
        with pytest.raises(UnreadableSource):
            scrapable_address(address)


def test_retry_after_is_read_as_a_number_or_a_date() -> None:
    assert retry_seconds("120") == 120
    assert 50 < retry_seconds(format_datetime(datetime.now(UTC) + timedelta(minutes=1))) <= 60
    for header in ("", "soon", "-5", "Mon, 06 May 2024 10:00:00 GMT"):
        assert retry_seconds(header) == 0


def test_types_of_pages_are_told_from_others() -> None:
    for kind in ("", "text/html; charset=utf-8", "Application/RSS+XML", "application/x-gzip"):
        assert is_readable_type(kind)
    for kind in ("image/png", "video/mp4", "application/pdf", "application/json"):
        assert not is_readable_type(kind)


@pytest.mark.parametrize(
    ("status", "body", "permission", "sitemaps"),
    [
        (200, b"Disallow: /\nSitemap: /s.xml", True, (f"{SITE}/s.xml",)),
        (200, b"Disallow: /\nSitemap: http://[x", True, ()),
        (404, b"Sitemap: /s.xml\nUser-agent: *\nDisallow: /", True, ()),
        (503, b"Oops", False, ()),
        (429, b"", False, ()),
    ],
)
def test_what_an_answer_to_robots_means(
    status: int, body: bytes, permission: bool, sitemaps: tuple[str, ...]
) -> None:
    robots, request = RobotsAnswers(), Request(f"{SITE}/robots.txt")
    request.meta["dont_obey_robotstxt"] = True
    answer = Response(request.url, status=status, body=body)
    found = robots.process_response(request, answer)
    assert bool(robots.why_unavailable(f"{SITE}/x")) is not permission
    assert robots.sitemaps_for(f"{SITE}/x") == sitemaps
    assert found.body == (body if status == 200 else b"" if permission else DISALLOW_ALL)


def test_reasons_are_one_line_of_text() -> None:
    assert Outcome("failed", "a\x1b[31m\nb\tc" + "d" * 999).reason == "a[31m b c" + "d" * 291


def test_requests_say_who_asks() -> None:
    assert user_agent("").startswith("Dateline/")
    assert user_agent("desk@news.example").endswith(" (+desk@news.example)")


def read(
    body: str | bytes, url: str = f"{SITE}/x", kind: str = "text/html", *, begins: bool = False
) -> Page | Listing:
    data = body.encode() if isinstance(body, str) else body
    response = TextResponse(url, body=data, headers={"Content-Type": kind})
    return read_response(response, NOW, begins_visit=begins)


def listing(body: str | bytes, url: str = f"{SITE}/x", *, begins: bool = False) -> Listing:
    found = read(body, url, begins=begins)
    assert isinstance(found, Listing)
    return found


def test_an_article_is_a_page() -> None:
    found = read(article("Ferries stay in port"))
    assert isinstance(found, Page)
    assert (found.kind, found.title) == ("article", "Ferries stay in port")


def test_what_the_server_says_of_an_encoding_counts() -> None:
    page = article("Паром остаётся в порту").encode("koi8-r")
    found = read(page, kind="text/html; charset=koi8-r")
    assert isinstance(found, Page)
    assert found.title == "Паром остаётся в порту"


def test_a_feed_leads_to_its_entries() -> None:
    date = "Mon, 06 May 2024 10:00:00 GMT"
    found = listing("\n " + rss(SITE, {"/one": date, "/two": "?", "/three": ""}))
    assert found == Listing(
        kind="feed",
        links=(
            Link(
                f"{SITE}/one",
                RANKS["headline"],
                datetime(2024, 5, 6, 10, tzinfo=UTC),
                StatedDate(date, "feed"),
            ),
            Link(f"{SITE}/two", RANKS["headline"], announced=StatedDate("?", "feed")),
            Link(f"{SITE}/three", RANKS["headline"]),
        ),
        homes=(SITE,),
    )
    assert listing(rss("http://example.org:25/", {})).homes == ()
    one_is_broken = {"http://[x": "?", "/two": "?", "http://a.example:99999/": "?"}
    links = listing(rss("http://[y", one_is_broken)).links
    assert [link.url for link in links if link.url] == [f"{SITE}/two"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap_leads_to_what_changed_last(pack: Any) -> None:
    pages = {f"{SITE}/old": "2020-01-01", f"{SITE}/new": "2024-05-06T10:00:00Z", "/none": "x"}
    found = listing(pack(sitemap(pages | {f"{SITE}/to-come": "2999-01-01"}).encode()))
    assert [(link.url.removeprefix(SITE), link.rank) for link in found.links] == [
        ("/new", RANKS["recent"]),
        ("/old", RANKS["older"]),
        ("/none", RANKS["older"]),
        ("/to-come", RANKS["older"]),
    ]
    assert not found.leads_to_lists
    index = listing(pack(sitemap({f"{SITE}/s.xml": "2020-01-01"}, "sitemapindex").encode()))
    assert index.links[0].rank == RANKS["sitemap"]
    assert index.leads_to_lists


def test_a_date_of_change_is_not_announced() -> None:
    changed = {f"{SITE}/one": "2024-05-06T10:00:00Z"}
    assert listing(atom(changed)).links[0].announced is None
    assert listing(sitemap(changed)).links[0].announced is None


def test_news_sitemaps_announce_dates() -> None:
    pages = {f"{SITE}/one": " 2024-05-05\n", f"{SITE}/two": "2024-05-04T10:00:00Z", "/three": ""}
    found = listing(news_sitemap(pages))
    assert [(link.url.removeprefix(SITE), link.announced) for link in found.links] == [
        ("/one", StatedDate("2024-05-05", "sitemap")),
        ("/two", StatedDate("2024-05-04T10:00:00Z", "sitemap")),
        ("/three", None),
    ]


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("2024-05-06\x7f\u202e\n\tx", "2024-05-06\u202e x"),
        ("9" * 1_000_000, "9" * (LONGEST_DATE + 1)),
        ("e" + "\u0301\u0323" * 1_000_000, None),
    ],
)
def test_what_is_announced_is_one_short_line(printed: str, kept: str | None) -> None:
    (link,) = listing(news_sitemap({f"{SITE}/one": printed})).links
    assert link.announced is not None
    assert len(link.announced.text) <= LONGEST_DATE + 1
    assert kept in (None, link.announced.text)


def test_addresses_in_lines_are_a_sitemap() -> None:
    found = listing(f"{SITE}/a\r\n{SITE}/b\n\n{SITE}/c")
    assert [link.url for link in found.links] == [f"{SITE}/a", f"{SITE}/b", f"{SITE}/c"]


def test_a_front_page_leads_to_feeds_headlines_and_sections() -> None:
    links = {f"/{n}": f"The harbour and its ships, part {n} of many" for n in range(10)}
    found = listing(
        front_page(
            links
            | {
                "/town": "Town",
                "/港": "渡轮因为风暴在港口停航",
                "/a.jpg": "A picture of a ship in the harbour",
            },
            {"/feed": "application/rss+xml"},
        )
    )
    assert found.links[0] == Link(f"{SITE}/feed", RANKS["feed"])
    ranks = {link.url.removeprefix(SITE): link.rank for link in found.links}
    assert ranks["/0"] == ranks["/%E6%B8%AF"] == RANKS["headline"]
    assert ranks["/town"] == RANKS["section"]
    assert "/a.jpg" not in ranks


def test_where_a_visit_begins_leads_on_though_it_has_few_links() -> None:
    few = front_page({"/one": "One"})
    page = read(few)
    assert isinstance(page, Page)
    assert page.kind == "empty"
    assert [link.url for link in listing(few, begins=True).links] == [f"{SITE}/one"]


def test_what_holds_too_much_is_refused() -> None:
    with pytest.raises(TooLarge, match="holds more than"):
        read(gzip_bomb(LARGEST_SITEMAP + 1))
    with pytest.raises(TooLarge, match="is a feed of more than"):
        read(rss(SITE, {}) + " " * LARGEST_FEED)
    with pytest.raises(UnreadableSource, match="cannot be decompressed"):
        read(gzip.compress(b"x" * 999)[:10])


@given(
    st.binary(max_size=200), st.sampled_from(["", "<rss>", "<urlset>", "<html>", "\x1f\x8b\x08"])
)
def test_any_bytes_are_read_or_refused(data: bytes, begin: str) -> None:
    response = Response(f"{SITE}/x", body=begin.encode("latin-1") + data)
    try:
        found = read_response(response, NOW, begins_visit=True)
    except UnreadableSource:
        return
    assert isinstance(found, Page | Listing)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "articles.sqlite") as opened:
        yield opened


def opened(store: Store, **options: Any) -> Frontier:
    frontier = Frontier(store, ScrapeOptions(**options))
    frontier.open_visit(f"{SITE}/", "", NOW)
    return frontier


def settle(frontier: Frontier, store: Store, word: str = "new", at: datetime = NOW) -> str:
    """Take the next page of the site and answer it; "" when there is none."""
    entry = frontier.take("example.org")
    if entry is None:
        return ""
    with store.transaction():
        frontier.answered(entry, Answer((entry.url,), Outcome(word), at))
    return entry.url.removeprefix(SITE)


def test_pages_are_taken_by_rank_and_each_once(store: Store) -> None:
    frontier = opened(store)
    assert settle(frontier, store, "list") == "/"
    links = [Link(f"{SITE}/{name}", rank) for name, rank in (("b", 3), ("a", 1), ("c", 1))]
    assert frontier.add(f"{SITE}/", links * 2, 1)
    assert [settle(frontier, store) for _ in range(4)] == ["/a", "/c", "/b", ""]
    assert frontier.add(f"{SITE}/", links, 1)
    assert settle(frontier, store) == ""
    assert frontier.outcomes(f"{SITE}/") == {"list": 1, "new": 3}


def answered(frontier: Frontier, store: Store, at: datetime = NOW) -> Entry:
    """The next page of the site, which has been answered."""
    entry = frontier.take("example.org")
    assert entry is not None
    with store.transaction():
        frontier.answered(entry, Answer((entry.url,), Outcome("new"), at))
    return entry


def test_what_is_announced_waits_with_its_page(store: Store) -> None:
    frontier, home = opened(store), f"{SITE}/"
    answered(frontier, store)
    one, two, said = Link(f"{SITE}/1", 1), Link(f"{SITE}/2", 2), StatedDate("2024", "feed")
    frontier.add(home, [replace(one, announced=said), two], 1)
    later = StatedDate("2023", "sitemap")
    frontier.add(home, [replace(link, announced=later) for link in (one, two)], 1)
    assert answered(frontier, store).announced == said
    assert answered(frontier, store).announced == later


def test_what_was_announced_once_holds_for_links_that_do_not_say(store: Store) -> None:
    early, late = StatedDate("6 May 2024", "feed"), StatedDate("7 May 2024", "feed")
    before = NOW - timedelta(days=1)
    for announced, known in ((early, early), (None, early), (late, late), (None, late)):
        frontier = opened(store, again=True)
        answered(frontier, store, before)
        frontier.add(f"{SITE}/", [Link(f"{SITE}/1", 1, announced=announced)], 1)
        assert answered(frontier, store, before).announced == known
        frontier.close(f"{SITE}/")


def test_what_is_announced_of_a_known_page_is_kept(store: Store) -> None:
    frontier, said = opened(store), StatedDate("6 May 2024", "sitemap")
    entry = replace(answered(frontier, store), url=f"{SITE}/1")
    with store.transaction():
        frontier.answered(entry, Answer((entry.url,), Outcome("new"), NOW))
    frontier.add(f"{SITE}/", [Link(entry.url, 1, announced=said)], 1)
    assert frontier.waiting(f"{SITE}/") == 0
    frontier.close(f"{SITE}/")
    again = Frontier(store, ScrapeOptions(again=True))
    again.open_visit(f"{SITE}/", "", NOW + timedelta(days=1))
    answered(again, store)
    again.add(f"{SITE}/", [Link(entry.url, 1)], 1)
    assert answered(again, store).announced == said


def test_only_pages_of_the_site_are_taken(store: Store) -> None:
    frontier = opened(store)
    strange = ["http://example.org:8080/p", "https://example.com/", "mailto:a@b", "https://[x"]
    same = ["https://m.example.org/m", "https://me:pass@example.org/u", f"{SITE}/a b/ü?q=ö"]
    frontier.add(f"{SITE}/", [Link(url, 1) for url in (*strange, *same)], 1)
    assert settle(frontier, store) == "/"
    taken = [settle(frontier, store) for _ in range(4)]
    assert taken == ["https://m.example.org/m", "/u", "/a%20b/%C3%BC?q=%C3%B6", ""]


def test_visits_are_bounded_and_say_what_is_left(store: Store) -> None:
    frontier = opened(store, pages=3)
    links = [Link(f"{SITE}/{n}", 1) for n in range(100)]
    assert not frontier.add(f"{SITE}/", links, 1)
    assert [settle(frontier, store) for _ in range(4)] == ["/", "/0", "/1", ""]
    assert frontier.left[f"{SITE}/"] == 98
    assert frontier.waiting(f"{SITE}/") == 0


def test_what_was_not_asked_for_does_not_count(store: Store) -> None:
    frontier = opened(store, pages=2)
    frontier.add(f"{SITE}/", [Link(f"{SITE}/{n}", 1) for n in range(3)], 1)
    words = [
        settle(frontier, store, word) for word in ("list", "forbidden", "forbidden", "new", "")
    ]
    assert words == ["/", "/0", "/1", "/2", ""]


def test_a_visit_that_was_cut_short_goes_on(store: Store) -> None:
    frontier = opened(store, pages=3)
    settle(frontier, store)
    frontier.add(f"{SITE}/", [Link(f"{SITE}/{n}", 1) for n in range(3)], 1)
    frontier.take("example.org")  # and then it is killed
    (left,) = unfinished_visits(store)
    again = Frontier(store, ScrapeOptions(pages=3))
    assert again.open_visit(left.url, left.name, NOW + timedelta(days=1))
    assert again.added_sites() == {"example.org"}
    assert again.is_fetched(f"{SITE}/", f"{SITE}/")
    assert [settle(again, store) for _ in range(3)] == ["/0", "/1", ""]
    again.close(f"{SITE}/")
    assert unfinished_visits(store) == []


def test_pages_are_asked_for_again_when_they_are_due(store: Store) -> None:
    words = {"unchanged": 4.0, "changed": 1.0, "not modified": 4.0}
    for word, hours in words.items():
        url = f"{SITE}/{word.replace(' ', '')}"
        for outcome in ("new", "unchanged", word):
            visit = Frontier(store, ScrapeOptions())
            visit.open_visit(url, "", datetime.now(UTC))
            entry = visit.take("example.org")
            assert entry is not None
            visit.answered(entry, Answer((url,), Outcome(outcome), NOW))
            visit.close(url)
        row = store.rows("SELECT interval FROM crawl_pages WHERE url = ?", url)[0]
        assert row["interval"] == hours * 3600


@pytest.mark.parametrize(
    ("word", "ago", "modified", "due"),
    [
        ("new", timedelta(minutes=30), None, False),
        ("new", timedelta(minutes=90), None, True),
        ("new", timedelta(minutes=30), timedelta(minutes=20), True),
        ("new", timedelta(minutes=30), timedelta(minutes=40), False),
        ("feed", timedelta(seconds=1), None, True),
        ("failed", timedelta(seconds=1), None, True),
        ("paywalled", timedelta(seconds=1), None, False),
    ],
)
def test_what_is_due(
    store: Store, word: str, ago: timedelta, modified: timedelta | None, due: bool
) -> None:
    now = datetime.now(UTC)
    frontier = Frontier(store, ScrapeOptions())
    frontier.open_visit(f"{SITE}/", "", now)
    entry = Entry(f"{SITE}/a", f"{SITE}/", "example.org", 1)
    frontier.answered(entry, Answer((entry.url,), Outcome(word), now - ago))
    frontier.add(f"{SITE}/", [Link(entry.url, 1, None if modified is None else now - modified)], 1)
    assert (frontier.waiting(f"{SITE}/") == 2) is due


def test_an_address_that_is_sent_otherwise_leaves_the_frontier_too(store: Store) -> None:
    frontier = opened(store)
    entry = frontier.take("example.org")
    assert entry is not None
    answer = Answer((f"{SITE}/sent", f"{SITE}/moved"), Outcome("new"), NOW)
    frontier.answered(entry, answer)
    assert frontier.take("example.org") is None
    assert frontier.outcomes(f"{SITE}/") == {"new": 1}
    assert frontier.is_fetched(f"{SITE}/sent", f"{SITE}/")


def test_sources_are_due_by_their_interval(store: Store) -> None:
    assert add_source(store, f"{SITE}/feed")
    assert add_source(store, f"{SITE}/", "The Example", timedelta(days=2))
    assert not add_source(store, f"{SITE}/", "An Example", timedelta(days=1))
    now = datetime.now(UTC)
    assert {source.url for source in due_sources(store, now)} == {f"{SITE}/feed", f"{SITE}/"}
    record_visit(store, f"{SITE}/feed", now, found=True, failed=False)
    record_visit(store, f"{SITE}/", now, found=True, failed=False)
    record_visit(store, f"{SITE}/no-source", now, found=True, failed=False)
    assert due_sources(store, now + timedelta(minutes=29)) == []
    assert len(due_sources(store, now + timedelta(minutes=31))) == 1
    later = due_sources(store, now + timedelta(days=2))
    assert [source.url for source in later] == [f"{SITE}/feed", f"{SITE}/"]
    kept = {source.url: source for source in sources(store)}
    assert kept[f"{SITE}/"].interval == timedelta(days=1)
    assert kept[f"{SITE}/"].name == "An Example"


def test_a_source_that_is_removed_leaves_no_visit(store: Store) -> None:
    add_source(store, f"{SITE}/")
    opened(store)
    assert remove_source(store, f"{SITE}/")
    assert not remove_source(store, f"{SITE}/")
    assert unfinished_visits(store) == []
    assert store.rows("SELECT * FROM crawl_frontier") == []
