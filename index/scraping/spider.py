"""The spider: from the frontier to Scrapy, and from Scrapy's answers to the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from index.errors import ArchiveError
from index.scraping.answers import Answers
from index.scraping.failures import outcome_of_failure
from index.scraping.frontier import Frontier
from index.scraping.manners import ENTRY, RobotsAnswers
from index.scraping.outcomes import Outcome
from index.scraping.records import Entry

if TYPE_CHECKING:
    from index.scraping.scheduler import FrontierScheduler

INTERRUPTED = "shutdown"
"""`NewsSpider.ended` after a signal, such as that of Ctrl-C."""

Watch = Callable[[Entry, Outcome], None]
"""Is told what came of each page, in the thread of the reactor."""


class NewsSpider(Spider):
    """Asks for the pages of a frontier and hands the answers on.

    Pages are read in one thread beside the reactor's, so that a long one holds up nobody's
    timeout. `error` is what ended the scrape before its time, None when nothing did; `ended` is
    Scrapy's word for why it ended.
    """

    name = "dateline"

    def __init__(self, frontier: Frontier, answers: Answers, watch: Watch) -> None:
        super().__init__()
        self.frontier = frontier
        self.error: Exception | None = None
        self.ended = ""
        self._answers = answers
        self._watch = watch
        self._reader = ThreadPoolExecutor(1, "reader")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        """See Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.dropped, signals.request_dropped)
        crawler.signals.connect(spider.closing, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the frontier has all of it."""
        for item in list[Any]():
            yield item

    def request(self, entry: Entry) -> Request:
        """The request for a page of the frontier."""
        return Request(entry.url, callback=self.answered, errback=self.failed, meta={ENTRY: entry})

    async def answered(self, response: Response) -> None:
        """Callback: a server has answered, whatever it said."""
        entry: Entry = response.meta[ENTRY]
        robots = self.crawler.get_downloader_middleware(RobotsAnswers)
        sitemaps = robots.sitemaps_for(response.url) if robots else ()
        await self._settle(entry, lambda: self._answers.take(entry, response, sitemaps))

    async def failed(self, failure: Failure) -> None:
        """Errback: there is no answer."""
        request = cast("Request", failure.request)  # type: ignore[attr-defined]
        entry: Entry = request.meta[ENTRY]
        robots = self.crawler.get_downloader_middleware(RobotsAnswers)
        unavailable = robots.why_unavailable(request.url) if robots else ""
        outcome = outcome_of_failure(cast("Exception", failure.value), unavailable)
        addresses = (*request.meta.get("redirect_urls", ()), request.url)
        await self._settle(entry, lambda: self._answers.note(entry, addresses, outcome))

    def dropped(self, request: Request) -> None:
        """A redirect leads to a page that was fetched already, or back to where it began."""
        entry: Entry = request.meta[ENTRY]
        addresses = tuple(request.meta["redirect_urls"])
        if request.url in addresses:
            outcome = Outcome("failed", "redirects in a circle")
        else:
            outcome = Outcome("already fetched", f"leads to {request.url}")
        try:
            self._answers.note(entry, addresses, outcome)
        except ArchiveError as error:
            self.stop(error)
        else:
            self._released(entry, outcome)

    def stop(self, error: Exception) -> None:
        """End the scrape, for it cannot go on."""
        if self.error is None:
            self.error = error
            ending = self.crawler.engine.close_spider_async(reason="failed")
            self._ending = asyncio.ensure_future(ending)

    def closing(self, reason: str) -> None:
        """The scrape has ended."""
        self.ended = reason
        self._reader.shutdown()

    async def _settle(self, entry: Entry, work: Callable[[], Outcome]) -> None:
        try:
            outcome = await asyncio.get_running_loop().run_in_executor(self._reader, work)
        except Exception as error:  # noqa: BLE001 - whatever it is, `scrape` raises it
            self.stop(error)
        else:
            self._released(entry, outcome)

    def _released(self, entry: Entry, outcome: Outcome) -> None:
        cast("FrontierScheduler", self.crawler.engine.scheduler).release(entry)
        self._watch(entry, outcome)
