"""What a page says of itself: title, authors, dates, section, in JSON-LD, meta tags and byline.

BeautifulSoup reads only the elements that can tell, which one XPath picks from the tree the body
is read from: 2.5 ms a page, against 20 for a whole soup and 8 for one behind a SoupStrainer, which
still parses the whole page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from bs4 import BeautifulSoup, Tag
from lxml import etree
from lxml.html import HtmlElement
from rapidfuzz import fuzz

from index import page_rules as rules

_LOWER_CLASS = "translate(@class, 'ABCW', 'abcw')"
_NAMED_LIKE_A_BYLINE = " or ".join(
    f"contains({_LOWER_CLASS}, '{name}')" for name in rules.BYLINE_CLASSES
)
_TELLING = etree.XPath(
    "//meta[@content] | //title | //link[@rel='canonical'] | //h1 | //time[@datetime]"
    " | //script[@type='application/ld+json'] | //*[@rel='author' or @itemprop='author'"
    f" or @itemprop='datePublished' or {_NAMED_LIKE_A_BYLINE}]"
)

SAME_TITLE = 60
"""Likeness (0 to 100, by edit distance) from which two texts are the same headline."""

_MANY_ARTICLES = 3
_MOST_ELEMENTS = 500
_LARGEST_ELEMENT = 2_000_000
"""Characters of markup; JSON-LD with the article's body in it stays far below."""

_MOST_DESCENDANTS = 60
_DEEPEST_RECORD = 12
_LONGEST_HEADING = 500
_LONGEST_BYLINE = 150
_MOST_RECORDS = 1_000

Record = Mapping[str, Any]


@dataclass(frozen=True)
class PageMetadata:
    """The telling elements of one page, in the order of the page."""

    soup: BeautifulSoup
    language_attribute: str

    @cached_property
    def meta(self) -> Mapping[str, tuple[str, ...]]:
        """Contents of the meta tags by name (or property, itemprop, http-equiv) in lower case."""
        found: dict[str, list[str]] = {}
        for tag in self.soup.find_all("meta"):
            content = squeeze(str(tag.get("content") or ""))
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                name = str(tag.get(attribute) or "").strip().lower()
                if name and content:
                    found.setdefault(name, []).append(content)
        return {name: tuple(contents) for name, contents in found.items()}

    def first_meta(self, names: Iterable[str]) -> str:
        """The content of the first of these meta tags that the page has, or ""."""
        return next((self.meta[name][0] for name in names if name in self.meta), "")

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """All objects of the page's JSON-LD that have a type, outermost first."""
        found: list[Record] = []
        for script in self.soup.find_all("script"):
            objects = _objects(_read_json(script.get_text()))
            found.extend(record for record in objects if record.get("@type"))
        return tuple(found[:_MOST_RECORDS])

    @cached_property
    def article(self) -> Record:
        """The JSON-LD object that describes the article; empty when there is none.

        A page that lists articles may describe each of them: none is the page's own then.
        """
        articles = [record for record in self.records if types_of(record) & rules.ARTICLE_TYPES]
        if len(articles) >= _MANY_ARTICLES:
            likeness, best = max((self._likeness(a), -i) for i, a in enumerate(articles))
            return articles[-best] if likeness >= SAME_TITLE else {}
        dated = [record for record in articles if record.get("datePublished")]
        return next(iter(dated or articles), {})

    def _likeness(self, record: Record) -> float:
        """How much (0 to 100) the record's headline is like the page's titles."""
        titles = (*self.headings, *self.meta.get("og:title", ()))
        headline = " ".join(texts_of(record.get("headline"))).casefold()[:_LONGEST_HEADING]
        return max(
            (fuzz.ratio(headline, title.casefold()[:_LONGEST_HEADING]) for title in titles),
            default=0.0,
        )

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of all h1 elements."""
        texts = (squeeze(tag.get_text())[:_LONGEST_HEADING] for tag in self.soup.find_all("h1"))
        return tuple(text for text in texts if text)

    @cached_property
    def explicit_bylines(self) -> tuple[str, ...]:
        """The texts of the elements marked up as authors that are written like the first."""
        tags = [
            tag
            for tag in self.soup.find_all(True)
            if ("author" in (tag.get("rel") or ()) or tag.get("itemprop") == "author")
            and tag.name not in ("meta", "link")
        ]
        alike = [tag for tag in tags if tag.get("class") == tags[0].get("class")]
        return _bylines_in(alike)

    @cached_property
    def bylines(self) -> tuple[str, ...]:
        """The texts of the elements whose class looks like a byline's."""
        tags = self.soup.find_all(class_=lambda name: bool(name) and _names_a_byline(name))
        return _bylines_in(tags)


def read_metadata(tree: HtmlElement) -> PageMetadata:
    """Collect the telling elements of a page."""
    pieces = (
        etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        for element in _TELLING(tree)[:_MOST_ELEMENTS]
        if not _is_container(element)
    )
    markup = "".join(piece for piece in pieces if len(piece) <= _LARGEST_ELEMENT)
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    return PageMetadata(BeautifulSoup(markup, "lxml"), str(root.get("lang") or ""))


def _is_container(element: HtmlElement) -> bool:
    """Whether it has so many descendants that it is a part of the page, not a line."""
    return next(islice(element.iter(), _MOST_DESCENDANTS, None), None) is not None


def squeeze(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def types_of(record: Record) -> frozenset[str]:
    """The schema.org types of a JSON-LD object, in lower case and without the schema's URL."""
    types = record.get("@type")
    names = types if isinstance(types, list) else [types]
    return frozenset(str(name).rpartition("/")[2].lower() for name in names)


def texts_of(value: object) -> tuple[str, ...]:
    """The names or texts in a JSON-LD value, which may be a text, an object or a list."""
    if isinstance(value, str):
        return (squeeze(value),) if value.strip() else ()
    if isinstance(value, dict):
        return texts_of(value.get("name") or value.get("@value") or "")
    if isinstance(value, list):
        return tuple(text for item in value[:_MOST_RECORDS] for text in texts_of(item))
    return ()


def _read_json(text: str) -> object:
    text = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$", "", text)
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: object, depth: int = 0) -> Iterator[Record]:
    """All objects in a JSON value, outermost first."""
    if depth > _DEEPEST_RECORD:
        return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value[:_MOST_RECORDS]:
            yield from _objects(item, depth + 1)


def _names_a_byline(css_class: str) -> bool:
    return any(name in css_class.lower() for name in rules.BYLINE_CLASSES)


def _bylines_in(tags: Iterable[Tag]) -> tuple[str, ...]:
    texts = (squeeze(tag.get_text(" ")) for tag in tags)
    return tuple(dict.fromkeys(text for text in texts if 2 < len(text) <= _LONGEST_BYLINE))
