"""From an answer of a server to the store: an article, what it leads to, or why neither."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from scrapy.http import Response

from index.addresses import is_front_page
from index.errors import UnreadableSource
from index.extract import Page
from index.scraping.frontier import Frontier
from index.scraping.options import ScrapeOptions
from index.scraping.outcomes import FOLLOWED, PASSING, STORED, Outcome, is_readable_type
from index.scraping.reading import RANKS, Listing, TooLarge, read_response
from index.scraping.records import Answer, Entry, Known, Link
from index.sources.webpages import article_of_page
from index.store import Store

GIVE_UP_AFTER = 5
"""Pages of a visit that fail one after the other, after which it asks for no more."""

LONGEST_HEADER = 1_000
"""Characters of a header that is kept; what is longer is no validator and no type."""


class Answers:
    """Takes answers into the store, each in one transaction. Raises StoreError, OutOfSpace."""

    def __init__(self, store: Store, frontier: Frontier, options: ScrapeOptions) -> None:
        self._store = store
        self._frontier = frontier
        self._options = options
        self._failures: Counter[str] = Counter()

    def take(self, entry: Entry, response: Response, sitemaps: tuple[str, ...]) -> Outcome:
        """Deal with an answer. sitemaps: those that the site's robots.txt names."""
        fetched = datetime.now(UTC)
        addresses = (*response.meta.get("redirect_urls", ()), response.url)
        known = self._frontier.known(response.url)
        outcome = _outcome_of_status(response, known)
        found = outcome or self._read(entry, response, fetched)
        with self._store.transaction():
            outcome, whole = self._keep(entry, found, response.url, fetched, sitemaps)
            etag, last_modified = _validators(response, known) if whole else ("", "")
            answer = Answer(addresses, outcome, fetched, etag, last_modified)
            self._answered(entry, answer)
        return outcome

    def note(self, entry: Entry, addresses: tuple[str, ...], outcome: Outcome) -> Outcome:
        """Note a page of which there is no answer."""
        with self._store.transaction():
            self._answered(entry, Answer(addresses, outcome, datetime.now(UTC)))
        return outcome

    def _read(
        self, entry: Entry, response: Response, fetched: datetime
    ) -> Page | Listing | Outcome:
        try:
            return read_response(response, fetched, entry.announced, begins_visit=entry.depth == 0)
        except TooLarge as problem:
            return Outcome("too large", problem.reason)
        except UnreadableSource as problem:
            return Outcome("unreadable", problem.reason)
        except (OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - one page that nobody foresaw must not end it all
            return Outcome("unreadable", f"{type(error).__name__}: {error}")

    def _keep(
        self,
        entry: Entry,
        found: Page | Listing | Outcome,
        url: str,
        fetched: datetime,
        sitemaps: tuple[str, ...],
    ) -> tuple[Outcome, bool]:
        """Store what was found; what came of it, and whether nothing was left out."""
        if isinstance(found, Outcome):
            return found, found.word in (*STORED, *FOLLOWED)
        if isinstance(found, Listing):
            return self._follow(entry, found, url, sitemaps)
        if found.kind == "paywalled":
            return Outcome("paywalled", "only its beginning is free to read"), True
        if found.kind == "empty":
            return Outcome("no article", "has no text that could be an article"), True
        name = self._frontier.visit(entry.visit).name
        article = article_of_page(found, name, fetched)
        return Outcome(self._store.put(article, origin=url)), True

    def _follow(
        self, entry: Entry, found: Listing, url: str, sitemaps: tuple[str, ...]
    ) -> tuple[Outcome, bool]:
        if found.kind == "list" and entry.depth >= self._options.depth:
            return Outcome("too deep", f"is {entry.depth} lists away"), False
        links = found.links
        if entry.depth == 0:
            for home in (url, *found.homes):
                self._frontier.add_home(entry.visit, home)
            if is_front_page(url):
                links += tuple(Link(each, RANKS["recent"]) for each in sitemaps)
        whole = self._frontier.add(entry.visit, links, entry.depth + 1)
        return Outcome(found.kind), whole and not found.leads_to_lists

    def _answered(self, entry: Entry, answer: Answer) -> None:
        self._frontier.answered(entry, answer)
        if answer.outcome.word not in PASSING:
            self._failures[entry.visit] = 0
            return
        self._failures[entry.visit] += 1
        if self._failures[entry.visit] >= GIVE_UP_AFTER:
            self._frontier.give_up(entry.visit)


def _outcome_of_status(response: Response, known: Known | None) -> Outcome | None:
    """What an answer is by its status and type; None for one that is to be read."""
    if response.status == 304 and known:
        return Outcome("not modified") if known.outcome in STORED else Outcome(known.outcome)
    if response.status in (404, 410):
        return Outcome("not found", f"its server answers {response.status}")
    if 300 <= response.status < 400:
        location = (response.headers.get(b"Location") or b"").decode("latin-1")
        return Outcome("refused", f"leads to {location or 'nowhere'}, which is not fetched")
    if response.status != 200:
        return Outcome("failed", f"its server answers {response.status}")
    kind = _header(response, b"Content-Type")
    if not is_readable_type(kind):
        return Outcome("wrong type", f"is of the type {kind}")
    return None


def _validators(response: Response, known: Known | None) -> tuple[str, str]:
    found = (_header(response, b"ETag"), _header(response, b"Last-Modified"))
    if response.status == 304 and known and not any(found):
        return known.etag, known.last_modified
    return found


def _header(response: Response, name: bytes) -> str:
    text = (response.headers.get(name) or b"").decode("latin-1")
    return text if len(text) <= LONGEST_HEADER else ""
