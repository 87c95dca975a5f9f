"""Which of a page's sources to believe: its title, authors, dates, address and kind."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.html import HtmlElement
from rapidfuzz import fuzz

from index import page_rules as rules
from index.articles import PublicationDate
from index.dates import is_plausible, parse_publication_date
from index.page_metadata import SAME_TITLE, PageMetadata, squeeze, texts_of

_LONGEST_KICKER = 25
"""Characters: a label before the headline inside the h1 ("Opinion", "Exclusive")."""

_SITE_SUFFIX = re.compile(r"\s+[|–—»·-]\s+[^|–—»·]{2,40}$")
_URL_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d{1,2}|[a-z]{3})[/-](?P<day>\d{1,2})(?=[/_-]|$)"
    r"|[/_-](?P<compact>20\d\d[01]\d[0-3]\d)(?=\D|$)",
    re.IGNORECASE | re.ASCII,
)
_NAME_SEPARATORS = re.compile(r"\s*(?:[,;|•·/]|\band\b|&|\bet\b|\bund\b|\by\b|\s[-–—]\s)\s*")
_BYLINE_LEAD = re.compile(
    r"^(?:(?:written|posted|published|reported|story|words|text)\s+)?(?:by|von|par|por)\b[:\s]*",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?!\S+\.[a-z]{2,4}$)[^\W\d_][^\d_@<>{}\[\]()?!:\"“”]{1,60}")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and which source of the page it came from."""

    date: PublicationDate
    source: str


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
    written = next((squeeze(tag.get_text()) for tag in metadata.soup.find_all("title")), "")
    for title in (headline, metadata.first_meta(rules.META_TITLE), written):
        plain = squeeze(html.unescape(title))
        if plain:
            yield _SITE_SUFFIX.sub("", plain)


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
            return tuple(people or named)
    return ()


def _publication_names(metadata: PageMetadata) -> Iterator[str]:
    yield from metadata.meta.get("og:site_name", ())
    yield from texts_of(metadata.article.get("publisher"))


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


def published_of(
    metadata: PageMetadata, tree: HtmlElement, url: str | None, now: datetime
) -> FoundDate | None:
    """The first plausible date of JSON-LD, meta tags, time elements, the URL and htmldate.

    When none is plausible, the first implausible one: the caller flags it.
    """
    implausible = None
    address = parse_publication_date(date_in_url(url or ""))
    for text, source in _published_texts(metadata, url):
        date = parse_publication_date(text)
        if date is None:
            continue
        if address and _is_another_day_in_utc(date, address):
            return FoundDate(address, "url")
        if is_plausible(date, now):
            return FoundDate(date, source)
        implausible = implausible or FoundDate(date, source)
    return implausible or _searched_date(tree, url, now)


def _is_another_day_in_utc(date: PublicationDate, address: PublicationDate) -> bool:
    """Whether the date is in UTC and a day off the one in the URL, which is the newsroom's."""
    in_utc = date.precision == "time" and date.moment.utcoffset() == timedelta(0)
    return in_utc and abs(date.day - address.day) == timedelta(days=1)


def modified_of(metadata: PageMetadata) -> datetime | None:
    """When the page says it was last changed."""
    stated = (
        *texts_of(metadata.article.get("dateModified")),
        metadata.first_meta(rules.META_MODIFIED),
    )
    dates = (parse_publication_date(text) for text in stated)
    return next((date.moment for date in dates if date), None)


def _published_texts(metadata: PageMetadata, url: str | None) -> Iterator[tuple[str, str]]:
    for record in (metadata.article, *metadata.records):
        for text in texts_of(record.get("datePublished")):
            yield text, "json-ld"
    for name in rules.META_PUBLISHED:
        for content in metadata.meta.get(name, ()):
            yield content, "meta"
    for tag in metadata.soup.find_all(attrs={"itemprop": "datePublished"}):
        yield str(tag.get("datetime") or tag.get_text()), "time"
    date = date_in_url(url or "")
    if date:
        yield date, "url"


def date_in_url(url: str) -> str:
    """The day in an address, as ISO 8601: /2023/dec/22/ or /2023-12-22/ or -20231222-."""
    match = _URL_DATE.search(urlsplit(url).path)
    if match is None:
        return ""
    text = match["compact"] or f"{match['year']}-{match['month']}-{match['day']}"
    date = parse_publication_date(text)
    return date.isoformat() if date else ""


def _searched_date(tree: HtmlElement, url: str | None, now: datetime) -> FoundDate | None:
    latest = (now.astimezone(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")
    try:
        text = find_date(tree, original_date=True, url=url, max_date=latest)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return None  # htmldate on broken pages
    date = parse_publication_date(text or "")
    return FoundDate(date, "htmldate") if date else None


def canonical_of(metadata: PageMetadata, url: str | None) -> str | None:
    """The page's own address: rel=canonical when it stays on the site, else `url`."""
    stated = (str(tag.get("href") or "") for tag in metadata.soup.find_all("link"))
    candidates: Iterable[str] = (*stated, metadata.first_meta(("og:url",)))
    for candidate in candidates:
        try:
            address = urljoin(url or "", candidate.strip())
            parts = urlsplit(address)
            trusted = url is None or _site(parts.hostname) == _site(urlsplit(url).hostname)
        except ValueError:
            continue
        if candidate.strip() and parts.scheme in ("http", "https") and parts.hostname and trusted:
            return address
    return url


def _site(host: str | None) -> str:
    """The host without the subdomains that only name a rendition of the same pages."""
    return re.sub(r"^(?:www\d?|m|mobile|amp|edition)\.", "", (host or "").lower())


def section_of(metadata: PageMetadata) -> str:
    """The section of the newspaper, or ""."""
    record = texts_of(metadata.article.get("articleSection"))
    return next(iter(record), "") or metadata.first_meta(rules.META_SECTION)


def source_of(metadata: PageMetadata, url: str | None) -> str:
    """The publication's name: OpenGraph, JSON-LD, else the host."""
    record = texts_of(metadata.article.get("publisher"))
    host = _site(urlsplit(url or "").hostname)
    return metadata.first_meta(rules.META_SOURCE[:1]) or next(iter(record), "") or host


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
    return html.unescape(metadata.first_meta(rules.META_DESCRIPTION) or next(iter(stated), ""))


def article_body_of(metadata: PageMetadata) -> str:
    """The articleBody of JSON-LD, or ""."""
    return html.unescape(next(iter(_raw_texts(metadata.article.get("articleBody"))), ""))


def _raw_texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield "\n".join(item for item in value if isinstance(item, str))


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
