"""A scrape: its visits, run by Scrapy in this process, and what came of them."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from scrapy.crawler import AsyncCrawlerProcess

from index.errors import UnreadableSource
from index.folder import ArchiveFolder
from index.progress import SILENT, Progress
from index.scraping.answers import Answers
from index.scraping.frontier import Frontier, unfinished_visits
from index.scraping.options import ScrapeOptions
from index.scraping.outcomes import PASSING, SKIPPED, Outcome
from index.scraping.records import Address, Entry
from index.scraping.settings import scrapy_settings
from index.scraping.sources import due_sources, record_visit
from index.scraping.spider import INTERRUPTED, NewsSpider, Watch
from index.store import Store


@dataclass(frozen=True, slots=True)
class VisitSummary:
    """What came of a visit.

    outcomes: pages by what came of them, in the words of index.scraping.outcomes. left: links
    that were beyond what the options allow. given_up: links not asked for because the pages
    before failed. waiting: pages that the next scrape goes on with. failure: why not even its
    own page could be read, "" if it was.
    """

    url: str
    name: str
    outcomes: Counter[str]
    left: int
    given_up: int
    waiting: int
    failure: str


@dataclass(frozen=True, slots=True)
class ScrapeSummary:
    """What came of a scrape.

    resumed: how many of its visits had been cut short before. interrupted: somebody ended it.
    """

    visits: tuple[VisitSummary, ...]
    resumed: int
    interrupted: bool

    @property
    def waiting(self) -> int:
        """Pages that the next scrape goes on with."""
        return sum(visit.waiting for visit in self.visits)


def scrape(
    folder: ArchiveFolder,
    store: Store,
    addresses: Sequence[Address],
    options: ScrapeOptions,
    progress: Progress = SILENT,
) -> ScrapeSummary:
    """Visit these addresses; without any, the sources that are due and what was cut short.

    May be called once in a process, in its main thread, for Twisted's reactor cannot be started
    again. Ctrl-C ends it after the pages it has asked for. Raises ScrapeRunning, StoreError,
    OutOfSpace.
    """
    with folder.scrape_lock():
        now = datetime.now(UTC)
        frontier = Frontier(store, options)
        due = [Address(source.url, source.name) for source in due_sources(store, now)]
        chosen = addresses or [*unfinished_visits(store), *due]
        if not chosen:
            return ScrapeSummary((), 0, interrupted=False)
        resumed = sum(frontier.open_visit(each.url, each.name, now) for each in chosen)
        watch = _Watch(progress)
        spider = _run(frontier, Answers(store, frontier, options), options, watch)
        watch.end()
        if spider.error is not None:
            raise spider.error
        visits = tuple(_end(store, frontier, each.url, watch.failures) for each in frontier.visits)
    return ScrapeSummary(visits, resumed, interrupted=spider.ended == INTERRUPTED)


def _run(frontier: Frontier, answers: Answers, options: ScrapeOptions, watch: Watch) -> NewsSpider:
    """Crawl until nothing waits, or somebody ends it."""
    process = AsyncCrawlerProcess(scrapy_settings(options))
    crawler = process.create_crawler(NewsSpider)
    crawling = process.crawl(crawler, frontier, answers, watch)
    with _own_signals():
        process.start()
    if crawling.done() and not crawling.cancelled() and (error := crawling.exception()):
        raise error
    return cast("NewsSpider", crawler.spider)


@contextmanager
def _own_signals() -> Iterator[None]:
    """Give back the handlers of signals that Scrapy takes, so that Ctrl-C ends what follows."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


class _Watch:
    """Tells a Progress what came of each page; keeps the failures of the visits' own pages."""

    def __init__(self, progress: Progress) -> None:
        self.failures: dict[str, str] = {}
        self._progress = progress
        self._ended = False
        self._shown = progress.track(self._pages(), "Fetching", unit="pages")

    def __call__(self, entry: Entry, outcome: Outcome) -> None:
        next(self._shown)
        if entry.depth == 0 and outcome.word in SKIPPED:
            self.failures[entry.visit] = outcome.reason
        if (entry.depth == 0 and outcome.word in SKIPPED) or outcome.word in PASSING:
            self._progress.problem(UnreadableSource(entry.url, outcome.reason))

    def end(self) -> None:
        """No more pages come."""
        self._ended = True
        next(self._shown, None)

    def _pages(self) -> Iterator[None]:
        while not self._ended:
            yield None


def _end(store: Store, frontier: Frontier, url: str, failures: dict[str, str]) -> VisitSummary:
    """Sum a visit up, and end it unless pages wait for the next scrape."""
    visit, outcomes = frontier.visit(url), frontier.outcomes(url)
    waiting = frontier.waiting(url)
    if not waiting:
        with store.transaction():
            found = bool(outcomes["new"] or outcomes["changed"])
            record_visit(store, url, datetime.now(UTC), found=found, failed=url in failures)
            frontier.close(url)
    return VisitSummary(
        url=url,
        name=visit.name,
        outcomes=outcomes,
        left=frontier.left[url],
        given_up=frontier.given_up[url],
        waiting=waiting,
        failure=failures.get(url, ""),
    )
