"""The entries of a sitemap, with the dates it gives them, as printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from index.errors import UnreadableSource


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page or sitemap that a sitemap names; each of its fields is "" where there is none.

    modified: `lastmod`. published: `news:publication_date`, which only news sitemaps have.
    """

    address: str
    modified: str = ""
    published: str = ""


def entries_of_sitemap(body: bytes, url: str) -> Iterator[SitemapEntry]:
    """The entries of a sitemap in XML, or of an index of some; its namespaces may be wrong.

    Not Scrapy's, which leaves out what is within `news:news`. Raises UnreadableSource.
    """
    events = etree.iterparse(
        BytesIO(body),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        for _, element in events:
            if element.find("{*}loc") is not None:
                yield SitemapEntry(
                    _text(element, "{*}loc"),
                    _text(element, "{*}lastmod"),
                    _text(element, "{*}news/{*}publication_date"),
                )
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise UnreadableSource(url, f"is no sitemap ({error})") from error


def entries_of_lines(body: bytes) -> Iterator[SitemapEntry]:
    """The entries of a sitemap in plain text: an address a line."""
    for line in body.decode("utf-8", "replace").split():
        yield SitemapEntry(line)


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _forget(element: etree._Element) -> None:
    """Free an element and those before it, for a sitemap may be large."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
