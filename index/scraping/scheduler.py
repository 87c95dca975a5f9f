"""Scrapy's scheduler on the frontier: one page of a site at a time, until it is dealt with."""

from __future__ import annotations

from collections import deque
from typing import cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

from index.errors import ArchiveError
from index.scraping.manners import ENTRY
from index.scraping.records import Entry
from index.scraping.spider import NewsSpider

REDIRECTS = "dateline_redirects"
"""Where a request carries how many redirects led to it when it was taken."""


class FrontierScheduler(BaseScheduler):
    """Hands out the pages of the frontier.

    A site's next page is handed out when the one before has been released, hence when all that
    came of it is in the store: a scrape that is killed has one page a site to ask for again, the
    one it had no answer to.
    """

    def open(self, spider: Spider) -> None:
        """See Scrapy."""
        self._spider = cast("NewsSpider", spider)
        self._again: deque[Request] = deque()
        self._busy: set[str] = set()
        self._sites = self._spider.frontier.added_sites()

    def has_pending_requests(self) -> bool:
        """See Scrapy."""
        return bool(self._again or self._sites)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that follows from another: a redirect, or a second try.

        False for a redirect to a page that this visit has fetched already, or in a circle.
        """
        before: list[str] = request.meta.get("redirect_urls", [])
        redirected = len(before) > request.meta.get(REDIRECTS, 0)
        if redirected:
            entry: Entry = request.meta[ENTRY]
            fetched = self._spider.frontier.is_fetched(request.url, entry.visit)
            if fetched or request.url in before:
                return False
        request.meta[REDIRECTS] = len(before)
        self._again.append(request)
        return True

    def next_request(self) -> Request | None:
        """See Scrapy."""
        try:
            return self._next()
        except ArchiveError as error:
            self._spider.stop(error)
            return None

    def _next(self) -> Request | None:
        if self._again:
            return self._again.popleft()
        for site in sorted(self._sites - self._busy):
            entry = self._spider.frontier.take(site)
            if entry is not None:
                self._busy.add(site)
                return self._spider.request(entry)
            self._sites.discard(site)
        return None

    def release(self, entry: Entry) -> None:
        """A page was dealt with, and what it leads to is in the frontier."""
        self._busy.discard(entry.site)
        self._sites |= self._spider.frontier.added_sites()
