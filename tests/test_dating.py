"""Which of several dates is believed, what speaks against it, and how that is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article, DateOrigin, DateSource, Doubt, PublicationDate
from index.dating import Dating, StatedDate, after_change, dated_by, weigh
from index.extract import read_page
from index.sources.records import article_from_fields
from index.sources.webpages import article_of_page
from index.store import Store
from index.updating import document_of
from web.dating import dates_in_words, remark

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


def weighed(*stated: tuple[str, DateSource]) -> Dating:
    return weigh((StatedDate(*each) for each in stated), NOW)


@pytest.mark.parametrize(
    ("stated", "day", "doubts", "against"),
    [
        ([("2024-01-02", "json-ld")], "2024-01-02", (), ()),
        ([("2024-01-02", "json-ld"), ("2024-01-03", "url")], "2024-01-02", (), ()),
        ([("2024-01-02", "json-ld"), ("2024-01-04", "url")], "2024-01-02", ("conflict",), ("url",)),
        ([("2024-01", "meta"), ("2024-01-30", "url")], "2024-01", (), ()),
        ([("2024", "meta"), ("2023-12-31", "url")], "2024", ("conflict",), ("url",)),
        (
            [("2024-01-02", "meta"), ("2024-01-02", "meta"), ("2023-01-02", "meta")],
            "2024-01-02",
            (),
            (),
        ),
        ([("2031-01-01", "json-ld"), ("2024-01-02", "meta")], "2024-01-02", (), ()),
        ([("2024-05-02T01:00+14:00", "meta")], "2024-05-02T01:00:00+14:00", (), ()),
        ([("2024-01-02", "text")], "2024-01-02", ("guess",), ()),
        ([("someday", "json-ld"), ("2024-01-02", "url")], "2024-01-02", (), ()),
        ([("2024-01-03T01:00Z", "meta"), ("2024-01-02", "url")], "2024-01-02", (), ()),
        (
            [("2024-01-03T01:00Z", "given"), ("2024-01-02", "url")],
            "2024-01-03T01:00:00+00:00",
            (),
            (),
        ),
        (
            [("2024-01-09", "json-ld"), ("2024-01-01", "feed"), ("2024-01-02", "url")],
            "2024-01-09",
            ("conflict",),
            ("feed", "url"),
        ),
    ],
)
def test_the_first_date_that_can_be_true_is_believed(
    stated: list[tuple[str, DateSource]],
    day: str,
    doubts: tuple[Doubt, ...],
    against: tuple[DateSource, ...],
) -> None:
    dating = weighed(*stated)
    assert dating.date is not None
    assert dating.date.isoformat() == day
    assert dating.origin is not None
    assert (dating.origin.doubts, dating.origin.against) == (doubts, against)


@pytest.mark.parametrize(
    ("text", "doubt", "refused"),
    [
        ("9654-01-01", "future", "9654-01-01"),
        ("2024-05-04", "future", "2024-05-04"),
        ("1066-10-14", "impossible", "1066-10-14"),
        ("2023-13-01", "impossible", "2023-13-01"),
        ("2023-02-30T10:00", "impossible", "2023-02-30T10:00"),
    ],
)
def test_a_date_that_cannot_be_true_is_refused_and_kept(
    text: str, doubt: Doubt, refused: str
) -> None:
    dating = weighed((text, "json-ld"))
    assert dating == Dating(None, DateOrigin("json-ld", (doubt,), refused=refused))


def test_without_a_date_there_is_nothing_to_doubt() -> None:
    assert weighed() == Dating()
    assert weighed(("", "meta"), ("soon", "json-ld")) == Dating()


def test_what_may_be_about_something_else_does_not_contradict() -> None:
    stated = [StatedDate("2024-01-02", "meta"), StatedDate("2020-01-01", "time", weak=True)]
    assert weigh(stated, NOW).origin == DateOrigin("meta")
    assert weigh(stated[::-1], NOW).origin == DateOrigin("time", ("conflict",), ("meta",))


def test_a_day_of_grace_for_zones_ahead_of_ours() -> None:
    ahead = timezone(timedelta(hours=14))
    tomorrow = (NOW.astimezone(ahead) + timedelta(hours=8)).isoformat()
    assert weighed((tomorrow, "json-ld")).date is not None


def test_an_article_changed_days_before_it_was_published() -> None:
    published = weighed(("2024-01-09", "meta"))
    earlier = PublicationDate(datetime(2024, 1, 2))
    doubted = after_change(published, earlier)
    assert doubted.origin is not None
    assert doubted.origin.doubts == ("after-change",)
    assert after_change(published, PublicationDate(datetime(2024, 1, 8))) == published
    assert after_change(Dating(), earlier) == Dating()


_DATES = st.dates().map(lambda day: day.isoformat()) | st.text(max_size=12)
_SOURCES: st.SearchStrategy[DateSource] = st.sampled_from(["json-ld", "meta", "url", "given"])


@given(st.lists(st.builds(StatedDate, _DATES, _SOURCES, st.booleans()), max_size=5))
def test_a_believed_date_was_stated_and_is_not_ahead(stated: list[StatedDate]) -> None:
    dating = weigh(stated, NOW)
    if dating.date is not None:
        assert dating.date.day <= NOW.date() + timedelta(days=2)
        assert dating.origin is not None
        assert dating.origin.source in {each.source for each in stated}
        assert dating.origin.source not in dating.origin.against
    elif dating.origin is not None:
        assert dating.origin.refused


PAGE = """<html><head><script type="application/ld+json">{{"@type": "NewsArticle",
"headline": "The bridge is open", "datePublished": "{published}", "dateModified": "{modified}"}}
</script></head><body><article><h1>The bridge is open</h1>{body}</article></body></html>"""
BODY = "<p>The bridge over the river was opened to traffic after two years of work.</p>" * 8


def of_page(published: str, modified: str = "", url: str | None = None) -> Article:
    html = PAGE.format(published=published, modified=modified, body=BODY)
    return article_of_page(read_page(html, url, NOW), "Example", NOW)


def test_dates_of_a_page_are_kept_apart_with_their_origins() -> None:
    article = of_page(
        "2024-03-02T10:00:00Z", "2024-03-05", "https://example.org/2024/02/27/the-bridge-is-open"
    )
    assert article.published == PublicationDate(datetime(2024, 3, 2, 10, tzinfo=UTC))
    assert article.modified == datetime(2024, 3, 5)
    assert article.fetched == NOW
    assert article.date_origins == {
        "published": DateOrigin("json-ld", ("conflict",), ("url",)),
        "modified": DateOrigin("json-ld"),
        "fetched": DateOrigin("fetch"),
    }
    assert document_of(article, ()).facets["dating"] == ("uncertain",)


def test_the_feed_that_led_to_a_page_dates_it() -> None:
    page = read_page(f"<article>{BODY}</article>", None, NOW, [StatedDate("2024-03-02", "feed")])
    assert page.published == PublicationDate(datetime(2024, 3, 2), "day")
    assert page.date_origins["published"] == DateOrigin("feed")


def test_a_refused_date_does_not_count_as_published() -> None:
    article = of_page("2031-01-01")
    document = document_of(article, ())
    assert (article.published, document.published) == (None, None)
    assert document.facets["dating"] == ("uncertain",)
    (shown, _) = dates_in_words(article)
    assert (shown.day, shown.remark) == (
        "",
        "the page’s metadata says “2031-01-01”, which is later than it was read",
    )


def test_a_sure_date_costs_no_facet() -> None:
    article = of_page("2024-03-02T10:00:00Z", url="https://example.org/2024/03/02/a")
    assert "dating" not in document_of(article, ()).facets
    assert dates_in_words(article)[0].remark == "from the page’s metadata"


def test_a_date_can_be_told_to_come_from_a_feed() -> None:
    article = article_from_fields({"body": "Text.", "published": "2024-01-02"}, "x")
    assert dated_by("feed", article).date_origins == {"published": DateOrigin("feed")}
    by_address = article_from_fields({"body": "T", "url": "https://example.org/2024/01/02/a"}, "x")
    assert dated_by("feed", by_address) == by_address


def test_dates_of_records() -> None:
    fields = {"body": "Text.", "url": "https://example.org/2023/04/05/a", "fetched": "2023-05-01"}
    article = article_from_fields(fields, "x")
    assert article.published == PublicationDate(datetime(2023, 4, 5), "day")
    assert article.date_origins["published"] == DateOrigin("url")
    assert article.fetched == datetime(2023, 5, 1)
    late = fields | {"published": "2023-06-01", "fetched": "2023-05-01T10:00:00Z"}
    assert article_from_fields(late, "x").date_origins["published"] == DateOrigin("url")
    assert article_from_fields(late, "x").extra == {"published": "2023-06-01"}
    refused = article_from_fields({"body": "Text.", "published": "9654-01-01"}, "x")
    assert refused.published is None
    assert refused.date_origins["published"] == DateOrigin("given", ("future",), (), "9654-01-01")
    assert refused.extra == {"published": "9654-01-01"}


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (DateOrigin("json-ld"), "from the page’s metadata"),
        (
            DateOrigin("meta", ("conflict",), ("url",)),
            "from the page’s metadata; the address says another day",
        ),
        (
            DateOrigin("feed", ("conflict", "after-change"), ("json-ld", "meta", "url")),
            (
                "from the feed; the page’s metadata and the address say another day; "
                "it was changed days before"
            ),
        ),
        (
            DateOrigin("text", ("guess",)),
            "from the text of the page; found by searching, so it may be another date",
        ),
        (
            DateOrigin("given", ("impossible",), refused="2023-13-01"),
            "its record says “2023-13-01”, which is no date an article can have",
        ),
    ],
)
def test_origins_in_words(origin: DateOrigin, words: str) -> None:
    assert remark(origin) == words


def test_another_origin_of_the_same_date_is_a_change_that_keeps_the_names(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store") as store:
        article = of_page("2024-03-02", url="https://example.org/a-story")
        store.put(article, "a")
        store.put_mentions(article, "v1", ())
        doubted = of_page("2024-03-02", url="https://example.org/a-story")
        assert store.put(doubted, "a") == "unchanged"
        other = of_page("2024-03-02", "2024-02-01", url="https://example.org/a-story")
        assert store.put(other, "a") == "changed"
        assert store.count_unread_by("v1") == 0
