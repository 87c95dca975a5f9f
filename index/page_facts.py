"""Which of a page's sources to believe: its title, authors, address, section, and the like."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from rapidfuzz import fuzz

from index import page_rules as rules
from index.addresses import is_front_page, same_site, working_address
from index.dating import date_in_url
from index.page_metadata import SAME_TITLE, PageMetadata, squeeze, texts_of

LONGEST_TITLE = 500
"""Characters of a title that count; likeness takes quadratic time."""

LONGEST_DESCRIPTION = 1_000
MOST_AUTHORS = 50

_LONGEST_KICKER = 25
"""Characters: a label before the headline inside the h1 ("Opinion", "Exclusive")."""

_LAST_PART = re.compile(r"\s+(?P<mark>[|–—»·-])\s+(?P<part>[^|–—»·]{2,40})$")
_FIRST_PART = re.compile(r"(?P<part>[^|–—»·]{2,40}?)\s+[|–—»·:-]\s+")
_PARAGRAPH_TAG = re.compile(r"</?(?:p|br|div|h\d|li)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_NAME_SEPARATORS = re.compile(r"\s*(?:[,;|•·/]|\band\b|&|\bet\b|\bund\b|\by\b|\s[-–—]\s)\s*")
_BYLINE_LEAD = re.compile(
    r"^(?:(?:written|posted|published|reported|story|words|text)\s+)?(?:by|von|par|por)\b[:\s]*",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?!\S+\.[a-z]{2,4}$)[^\W\d_][^\d_@<>{}\[\]()?!:\"“”]{1,60}")


def title_of(metadata: PageMetadata) -> str:
    """The h1 that agrees with JSON-LD or OpenGraph, else what these say, else any title."""
    stated = tuple(_stated_titles(metadata))
    for heading in metadata.headings:
        for title in stated:
            if fuzz.ratio(heading.casefold(), title.casefold()) >= SAME_TITLE:
                return _without_kicker(heading, title)
    return next(iter((*stated, *metadata.headings)), "")


def _stated_titles(metadata: PageMetadata) -> Iterator[str]:
    headline = next(iter(texts_of(metadata.article.get("headline"))), "")
    written = next((tag.get_text() for tag in metadata.soup.find_all("title")), "")
    publication = {_bare(name) for name in _publication_names(metadata)}
    for title in (headline, metadata.first_meta(rules.META_TITLE), written):
        plain = squeeze(html.unescape(title))[:LONGEST_TITLE]
        if plain:
            yield _without_site(plain, publication)


def _without_site(title: str, publication: set[str]) -> str:
    """The title without the name of the site that pages put before or behind it."""
    last = _LAST_PART.search(title)
    if last and (last["mark"] in "|»" or _bare(last["part"]) in publication):
        title = title[: last.start()]
    first = _FIRST_PART.match(title)
    if first and _bare(first["part"]) in publication:
        title = title[first.end() :]
    return title


def _without_kicker(heading: str, title: str) -> str:
    kicker = len(heading) - len(title)
    if 0 < kicker <= _LONGEST_KICKER and heading.casefold().endswith(" " + title.casefold()):
        return heading[kicker:]
    return heading


def authors_of(metadata: PageMetadata) -> tuple[str, ...]:
    """The names of JSON-LD, else of meta tags, else of the byline; () when nobody is named.

    The publication itself is no author, nor is an agency beside the names of its reporters.
    """
    article = metadata.article
    sources = (
        texts_of(article.get("author")) or texts_of(article.get("creator")),
        *(metadata.meta.get(name, ()) for name in rules.META_AUTHOR),
        metadata.explicit_bylines,
        next((found for found in zip(metadata.bylines) if any(names_in(found[0]))), ()),
    )
    publication = {_bare(name) for name in _publication_names(metadata)}
    for texts in sources:
        names = dict.fromkeys(name for text in texts for name in names_in(text))
        named = [name for name in names if _bare(name) not in publication]
        people = [name for name in named if " " in name and _bare(name) not in rules.AGENCIES]
        if named:
            return tuple(people or named)[:MOST_AUTHORS]
    return ()


def _publication_names(metadata: PageMetadata) -> Iterator[str]:
    yield from metadata.meta.get("og:site_name", ())
    yield from texts_of(metadata.article.get("publisher"))
    for address in (canonical_of(metadata, None), *metadata.meta.get("og:url", ())):
        yield _site(_host(address)).rpartition(".")[0]


def _bare(name: str) -> str:
    return re.sub(r"\W|^the\b", "", name.casefold())


def names_in(byline: str) -> Iterator[str]:
    """The names in a byline: "By Jane Roe, Staff Writer and Richard Doe" has two."""
    if "://" in byline:
        return
    for piece in _NAME_SEPARATORS.split(_BYLINE_LEAD.sub("", html.unescape(byline))):
        name = squeeze(_BYLINE_LEAD.sub("", piece)).strip("-–— ")
        words = re.findall(r"\w+", name.casefold())
        if (
            _NAME.fullmatch(name)
            and not name.casefold().startswith(rules.NO_NAME_BEGINNINGS)
            and not rules.NOT_AUTHORS.issuperset(words)
            and rules.ROLES.isdisjoint(words)
        ):
            yield name.title() if name.islower() else name


def canonical_of(metadata: PageMetadata, url: str | None) -> str | None:
    """The page's own address: rel=canonical or og:url when it stays on the site, else `url`.

    A front page is not believed: some sites give it as the address of all their articles.
    """
    stated = (str(tag.get("href") or "") for tag in metadata.soup.find_all("link"))
    candidates: Iterable[str] = (*stated, metadata.first_meta(("og:url",)))
    for candidate in filter(str.strip, candidates):
        try:
            address = working_address(urljoin(url or "", candidate.strip()))
        except ValueError:
            continue
        if address and not is_front_page(address) and (url is None or same_site(address, url)):
            return address
    return url


def _host(address: str | None) -> str:
    try:
        return urlsplit(address or "").hostname or ""
    except ValueError:
        return ""


def _site(host: str | None) -> str:
    """The host without the subdomains that only name a rendition of the same pages."""
    return re.sub(r"^(?:www\d?|m|mobile|amp|edition)\.", "", (host or "").lower())


def section_of(metadata: PageMetadata) -> str:
    """The section of the newspaper, or ""."""
    record = texts_of(metadata.article.get("articleSection"))
    return next(iter(record), "") or metadata.first_meta(rules.META_SECTION)


def source_of(metadata: PageMetadata, url: str | None) -> str:
    """The publication's name: of OpenGraph, JSON-LD or meta tags, else the host."""
    record = next(iter(texts_of(metadata.article.get("publisher"))), "")
    site = metadata.first_meta(("og:site_name",))
    return site or record or metadata.first_meta(rules.META_PUBLISHER) or _site(_host(url))


def tags_of(metadata: PageMetadata) -> tuple[str, ...]:
    """The keywords of the page, each once."""
    stated: list[str] = [*texts_of(metadata.article.get("keywords"))]
    for name in rules.META_TAGS:
        stated.extend(metadata.meta.get(name, ()))
        if stated:
            break
    pieces = (squeeze(piece) for text in stated for piece in re.split("[,;]", html.unescape(text)))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def declared_language(metadata: PageMetadata) -> str:
    """The ISO 639-1 code the page declares, or ""."""
    for text in (metadata.language_attribute, metadata.first_meta(rules.META_LANGUAGE)):
        match = re.match(r"([a-z]{2})(?:[-_]|$)", text.strip().lower())
        if match:
            return match[1]
    return ""


def description_of(metadata: PageMetadata) -> str:
    """The summary that the page gives of itself, or ""."""
    stated = texts_of(metadata.article.get("description"))
    description = metadata.first_meta(rules.META_DESCRIPTION) or next(iter(stated), "")
    return html.unescape(description)[:LONGEST_DESCRIPTION]


def article_body_of(metadata: PageMetadata) -> str:
    """The articleBody of JSON-LD without the markup some pages leave in it, or ""."""
    stated = metadata.article.get("articleBody")
    if isinstance(stated, list):
        stated = "\n".join(item for item in stated if isinstance(item, str))
    if not isinstance(stated, str):
        return ""
    return _TAG.sub(" ", _PARAGRAPH_TAG.sub("\n", html.unescape(stated)))


def is_paywalled(metadata: PageMetadata) -> bool:
    """Whether the page says that its text is not free to read."""
    free = metadata.article.get("isAccessibleForFree")
    tier = metadata.first_meta(("article:content_tier",)).lower()
    return str(free).lower() == "false" or tier in ("locked", "metered")


def says_it_is_an_article(metadata: PageMetadata, url: str | None) -> bool:
    """Whether JSON-LD, OpenGraph, a date of publication or the address say so."""
    return bool(
        metadata.article
        or metadata.first_meta(("og:type",)).lower() == "article"
        or metadata.first_meta(rules.META_PUBLISHED)
        or date_in_url(url or "")
    )
