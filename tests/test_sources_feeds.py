from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from reading import articles, passed_over, read, reasons

TEXT = "<p>Ships with grain left the port on Monday.</p><p>More would follow within the week.</p>"


def feed(folder: Path, text: str | bytes, name: str = "feed.rss") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rss(*items: str, head: str = "") -> str:
    return (
        '<?xml version="1.0"?>' + head + '<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Wire</title>'
        "<language>en-gb</language>" + "".join(items) + "</channel></rss>"
    )


def item(title: str, **fields: str) -> str:
    inner = "".join(
        f"<{name.replace('_', ':')}>{escape(value)}</{name.replace('_', ':')}>"
        for name, value in ({"title": title} | fields).items()
    )
    return f"<item>{inner}</item>"


def test_entries_with_content(tmp_path: Path) -> None:
    path = feed(
        tmp_path,
        rss(
            item(
                "Ships &amp; grain",
                link="https://news.example/1?utm_source=rss",
                guid="n1",
                pubDate="Mon, 06 May 2024 07:08:09 +0200",
                dc_creator="Ada One",
                category="grain",
                description="Ships left.",
                content_encoded=TEXT,
            ),
            item("A teaser", link="https://news.example/2", description="Ships left. Read more."),
            item("A description", guid="n3", description=TEXT * 9),
        ),
    )
    found = read(path, "Feeds")
    first, third = articles(found)
    assert first.title == "Ships & grain"
    assert first.body.split("\n") == [
        "Ships with grain left the port on Monday.",
        "More would follow within the week.",
    ]
    assert (first.url, first.source, first.language) == ("https://news.example/1", "The Wire", "en")
    assert (first.authors, first.tags) == (("Ada One",), ("grain",))
    assert first.published is not None
    assert first.published.moment.isoformat().startswith("2024-05-06T")
    assert (third.title, third.url) == ("A description", None)
    assert passed_over(found) == ["entries of feeds that only lead to their article"]


def test_an_atom_feed(tmp_path: Path) -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Wire</title>'
        "<entry><id>urn:1</id><title>Ships leave</title><updated>2024-05-06T07:08:09Z</updated>"
        '<link href="https://news.example/1"/><author><name>Ada One</name></author>'
        f'<content type="html">{escape(TEXT)}</content></entry>'
        "<entry><id>urn:2</id><title>Plain</title><content>Only a sentence &lt;3.</content></entry>"
        "</feed>"
    )
    for name in ("feed.atom", "feed.xml"):
        first, second = articles(read(feed(tmp_path, text, name)))
        assert (first.title, first.authors) == ("Ships leave", ("Ada One",))
        assert first.url == "https://news.example/1"
        assert second.body.startswith("Only a sentence")


@pytest.mark.parametrize("cut", [30, 200, 400, 600])
def test_a_feed_that_was_cut_short(tmp_path: Path, cut: int) -> None:
    whole = rss(*(item(f"Item {n}", content_encoded=TEXT) for n in range(3)))
    found = read(feed(tmp_path, whole[:cut]))
    assert all(article.title.startswith("Item") for article in articles(found))
    assert found or cut > 100


def test_what_is_no_feed(tmp_path: Path) -> None:
    sitemap = "<urlset><url><loc>https://news.example/</loc></url></urlset>"
    path = feed(tmp_path, sitemap)
    assert reasons(read(path)) == [f"{path}: is no RSS or Atom feed"]
    assert passed_over(read(feed(tmp_path, sitemap, "map.xml"))) == ["XML files that are no feeds"]
    for data in (b"", b"\0\1\2" * 500, b"<html><p>Hello", b"<rss"):
        assert len(read(feed(tmp_path, data))) <= 1


def test_other_encodings(tmp_path: Path) -> None:
    text = rss(item("Café fermé", content_encoded=TEXT)).replace(
        '<?xml version="1.0"?>', '<?xml version="1.0" encoding="iso-8859-1"?>'
    )
    (article,) = articles(read(feed(tmp_path, text.encode("iso-8859-1"))))
    assert article.title == "Café fermé"


def test_entities_that_expand_to_billions(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE rss [<!ENTITY lol0 "lol">{entities}]>'
    text = rss(item("Safe", content_encoded=TEXT), "<item><title>&lol9;</title></item>", head=head)
    found = read(feed(tmp_path, text))
    assert all(len(article.text) < 10_000 for article in articles(found))


def test_entities_that_name_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The secret.")
    head = f'<!DOCTYPE rss [<!ENTITY file SYSTEM "file://{secret}">]>'
    text = rss(item("Safe", content_encoded=TEXT), head=head).replace("on Monday", "on &file;")
    found = read(feed(tmp_path, text))
    assert "The secret" not in repr(found)


def test_markup_nested_too_deeply(tmp_path: Path) -> None:
    deep = "<div>" * 5_000 + "Grain"
    found = read(
        feed(tmp_path, rss(item("Deep", content_encoded=deep), item("Good", content_encoded=TEXT)))
    )
    assert [article.title for article in articles(found)][-1] == "Good"
