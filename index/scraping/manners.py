"""Downloader middlewares: what may be asked for, how often, and whether it changed."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Headers, Response, TextResponse
from scrapy.robotstxt import RobotParser
from scrapy.utils.sitemap import sitemap_urls_from_robots

from index.addresses import site_of
from index.scraping.failures import outcome_of_failure
from index.scraping.frontier import Frontier
from index.scraping.guarding import Refused
from index.scraping.options import ROBOT
from index.scraping.outcomes import is_readable_type
from index.scraping.records import Entry

if TYPE_CHECKING:
    from index.scraping.spider import NewsSpider

ENTRY = "dateline_entry"
"""Where a request carries its `Entry`; requests for robots.txt have none."""

AGAIN = "DATELINE_AGAIN"
"""Scrapy's name for `ScrapeOptions.again`."""

LONGEST_DELAY = 300.0
"""Seconds between pages that a site may ask for; one that wants more is left alone."""

MOST_SITEMAPS = 20
"""Sitemaps of one robots.txt that are remembered."""

DISALLOW_ALL = b"User-agent: *\nDisallow: /\n"
"""The robots.txt of a site whose own could not be had."""


class _OfCrawler:
    """A component that knows its crawler."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes one."""
        return cls(crawler)


class Gate(_OfCrawler):
    """Lets through what is safe to ask for; before robots.txt and after every redirect."""

    def process_request(self, request: Request) -> None:
        """Raises Refused. Puts requests in the queue of their site, where one waits for another."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused("refused", f"leads to {parts.scheme}:, which is not fetched")
        if parts.username or parts.password:
            raise Refused("refused", "leads to an address with a user name in it")
        redirected = request.meta.get("redirect_urls")
        if redirected and parts.port not in (None, urlsplit(redirected[0]).port):
            raise Refused("refused", f"leads to port {parts.port}, which is not fetched")
        if redirected and ENTRY in request.meta:
            self._stay_on_site(request.meta[ENTRY], request.url)
        request.meta["download_slot"] = site_of(request.url)

    def _stay_on_site(self, entry: Entry, url: str) -> None:
        """The address that was given may have moved anywhere; what it leads to stays there."""
        if entry.depth and not _frontier(self._crawler).is_home(entry.visit, url):
            raise Refused("other site", f"leads to {urlsplit(url).hostname}")


class RobotsAnswers:
    """What an answer to robots.txt means (RFC 9309, section 2.3.1), and the sitemaps in it."""

    def __init__(self) -> None:
        self._unavailable: dict[str, str] = {}
        self._sitemaps: dict[str, tuple[str, ...]] = {}

    def process_response(self, request: Request, response: Response) -> Response:
        """An answer without rules allows everything, a failing server nothing."""
        if not _is_robots(request):
            return response
        if response.status == 429 or response.status >= 500:
            return self._none(request, f"answers {response.status}")
        if response.status != 200:
            return response.replace(body=b"")
        self._sitemaps[_asker(request)] = _sitemaps_in(response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """No answer allows nothing; but refusals stay what they are, for they have a reason."""
        if not _is_robots(request) or isinstance(exception, IgnoreRequest):
            return None
        reason = outcome_of_failure(exception, unavailable="").reason
        return self._none(request, f"could not be fetched: {reason}")

    def sitemaps_for(self, url: str) -> tuple[str, ...]:
        """The addresses of sitemaps in the robots.txt that is about a page."""
        return self._sitemaps.get(urlsplit(url).netloc, ())

    def why_unavailable(self, url: str) -> str:
        """Why the robots.txt about a page could not be had, so that nothing is fetched; or ""."""
        return self._unavailable.get(urlsplit(url).netloc, "")

    def _none(self, request: Request, reason: str) -> Response:
        self._unavailable[_asker(request)] = f"its robots.txt {reason}"
        return TextResponse(request.url, body=DISALLOW_ALL, encoding="utf-8", request=request)


class Pace(_OfCrawler):
    """Keeps to the pauses that a site asks for: Crawl-delay in robots.txt, and Retry-After."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._least: dict[str, float] = {}  # seconds between pages, by site
        self._until: dict[str, float] = {}  # monotonic time, by site
        crawler.signals.connect(self._robots_parsed, signals.robots_parsed)
        crawler.signals.connect(self._before_download, signals.request_reached_downloader)

    def process_request(self, request: Request) -> None:
        """Raises Refused for a site that wants longer pauses than anybody has time for."""
        site = site_of(request.url)
        least = self._least.get(site, 0.0)
        if least > LONGEST_DELAY:
            raise Refused("forbidden", f"the site asks for {least:,.0f} seconds between pages")
        wait = self._until.get(site, 0.0) - time.monotonic()
        if wait > LONGEST_DELAY:
            raise Refused("failed", f"the site asks to come back in {wait:,.0f} seconds")

    def process_response(self, request: Request, response: Response) -> Response:
        """See Retry-After before the request is tried again."""
        if response.status in (429, 503):
            header = response.headers.get(b"Retry-After") or b""
            seconds = retry_seconds(header.decode("latin-1"))
            self._until[site_of(request.url)] = time.monotonic() + seconds
        return response

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        seconds = robotparser.crawl_delay(ROBOT) or 0.0
        site = site_of(request.url)
        if math.isfinite(seconds):
            self._least[site] = max(self._least.get(site, 0.0), seconds)

    def _before_download(self, request: Request) -> None:
        """AutoThrottle changes the delay with every answer; this is before it is waited for."""
        site = request.meta["download_slot"]
        slot = self._crawler.engine.downloader.slots[site]
        until = self._until.get(site, 0.0) - slot.lastseen  # from the page before
        slot.delay = max(slot.delay, self._least.get(site, 0.0), until)


class Conditional(_OfCrawler):
    """Asks only for what has changed since the page was fetched, as far as its server can tell."""

    def process_request(self, request: Request) -> None:
        """Also after a redirect, which keeps the headers meant for another address."""
        known = _frontier(self._crawler).known(request.url) if ENTRY in request.meta else None
        if self._crawler.settings.getbool(AGAIN):
            known = None
        headers = {
            "If-None-Match": known.etag if known else "",
            "If-Modified-Since": known.last_modified if known else "",
        }
        for name, value in headers.items():
            request.headers.pop(name, None)
            if value:
                request.headers[name] = value


class Types(_OfCrawler):
    """Extension: stops what is no page as soon as its headers say so, before it is downloaded."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self.headers_received, signals.headers_received)

    def headers_received(self, headers: Headers, request: Request) -> None:
        """Raises StopDownload; the answer then comes without its body."""
        kind = (headers.get(b"Content-Type") or b"").decode("latin-1")
        if not _is_robots(request) and not is_readable_type(kind):
            raise StopDownload(fail=False)


def retry_seconds(header: str) -> float:
    """The seconds that a Retry-After header asks for: a number, or until a date; else 0."""
    if header.strip().isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _sitemaps_in(robots: Response) -> tuple[str, ...]:
    """The addresses of sitemaps in a robots.txt; none when one of them is no address."""
    try:
        return tuple(islice(sitemap_urls_from_robots(robots.body, robots.url), MOST_SITEMAPS))
    except ValueError:
        return ()


def _frontier(crawler: Crawler) -> Frontier:
    return cast("NewsSpider", crawler.spider).frontier


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))


def _asker(request: Request) -> str:
    """Host and port of the site whose robots.txt was asked for, wherever it was found."""
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return urlsplit(first).netloc
