"""Scrapy's settings: what is its own is configured here, and nowhere rewritten."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from index.page_tree import LARGEST_PAGE
from index.scraping.guarding import ALLOW_PRIVATE
from index.scraping.manners import AGAIN
from index.scraping.options import ROBOT, ScrapeOptions

MOST_SITES = 200
"""Sites that are asked at once, each for one page."""

MOST_REDIRECTS = 10

LONGEST_REFRESH = 5
"""Seconds up to which a page that sends its readers on is a redirect, and not a live blog."""

_RETRIED = [
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectionDone",
    "twisted.internet.error.ConnectError",
    "twisted.internet.error.ConnectionLost",
]
"""Not what took too long, for it would take as long again; and no name without an address."""


def user_agent(contact: str) -> str:
    """How every request names this program and, if they say so, whoever runs it."""
    name = f"{ROBOT}/{version('dateline')}"
    return f"{name} (+{contact})" if contact else name


def scrapy_settings(options: ScrapeOptions) -> dict[str, Any]:
    """Everything that is not as Scrapy has it."""
    room = "index.scraping"
    return {
        "BOT_NAME": ROBOT,
        "USER_AGENT": user_agent(options.contact),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": ROBOT,
        "SCHEDULER": f"{room}.scheduler.FrontierScheduler",
        "TWISTED_DNS_RESOLVER": f"{room}.guarding.GuardedResolver",
        "DOWNLOADER_MIDDLEWARES": {
            f"{room}.manners.Gate": 40,
            f"{room}.manners.RobotsAnswers": 90,
            f"{room}.manners.Conditional": 450,
            f"{room}.manners.Pace": 555,  # sees a Retry-After before the request is tried again
            f"{room}.guarding.Guard": 950,  # before anybody takes a refusal for a missing address
        },
        "EXTENSIONS": {f"{room}.manners.Types": 0},
        ALLOW_PRIVATE: options.allow_private,
        AGAIN: options.again,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        "CONCURRENT_REQUESTS": MOST_SITES,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": options.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # a pause that was asked for is never shortened
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": options.delay,
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DOWNLOAD_MAXSIZE": LARGEST_PAGE,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "REDIRECT_MAX_TIMES": MOST_REDIRECTS,
        "METAREFRESH_MAXDELAY": LONGEST_REFRESH,
        "RETRY_EXCEPTIONS": _RETRIED,
        "HTTPERROR_ALLOW_ALL": True,  # every answer is noted
        "HTTPPROXY_ENABLED": False,  # behind a proxy nobody could check what is connected to
        "COOKIES_ENABLED": False,
        "CLOSESPIDER_TIMEOUT": options.minutes * 60,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": options.verbose,
        "LOG_LEVEL": "DEBUG" if options.verbose else "CRITICAL",
    }
