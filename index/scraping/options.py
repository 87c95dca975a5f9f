"""How to scrape: what may be asked for, how much of it, and how fast."""

from __future__ import annotations

from dataclasses import dataclass

ROBOT = "Dateline"
"""The name under which robots.txt addresses this program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeOptions:
    """How to scrape.

    pages: at most so many are asked for in a visit. depth: how many lists lie between the address
    given and an article. delay: least seconds between two pages of a site. timeout: seconds that
    a page may take. minutes: when to stop and leave the rest to the next time; 0 for never.
    again: ask for pages that are not due, and for all of them whole. allow_private: also connect
    to addresses of the own network. contact: how to reach whoever runs this, a mail or web
    address, sent with every request. verbose: show Scrapy's log.
    """

    pages: int = 100
    depth: int = 2
    delay: float = 1.0
    timeout: float = 30.0
    minutes: float = 0.0
    again: bool = False
    allow_private: bool = False
    contact: str = ""
    verbose: bool = False
