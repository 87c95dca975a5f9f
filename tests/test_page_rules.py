"""Furniture is told from sentences, and boilerplate from names that only look like it."""

from __future__ import annotations

import lxml.html
import pytest

from index.page_blocks import boilerplate_name
from index.page_rules import FURNITURE_LINE, PAYWALL_LINE


@pytest.mark.parametrize(
    "line",
    [
        "Read more: The storm that nobody saw",
        "READ MORE",
        "Related: Ten things to know",
        "Related stories",
        "Advertisement",
        "Share this article",
        "Skip past newsletter promotion",
        "Published: 22 December 2023",
        "Saturday 23 December 2023 05:39, UK",
        "CLICK HERE TO READ MORE ON THE STORM",
        "Sign up for our weekly newsletter and never miss a story",
        "Follow Example Times on Facebook and X",
        "© 2024 Example Times",
        "Copyright 2024. All rights reserved.",
        "Photo: Jane Roe",
        "This article was originally published by Example Times.",
    ],
)
def test_furniture(line: str) -> None:
    assert FURNITURE_LINE.match(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read the room, his advisers said.",
        "Related charges against the two men were dropped last week.",
        "Shares fell by 3 percent.",
        "Skip the turkey and serve fish instead.",
        "More is needed, the minister said – much more.",
        "When it first appeared in 2019, nobody knew the virus.",
        "Copyright law does not protect ideas.",
        "(c) the right to appeal.",
        "Follow the money, he used to say.",
        "July 14, 2023",
        "Published in 1922, the novel was banned at first.",
        "Subscribers can cancel at any time, a court ruled.",
        "Photographs of the crash spread quickly.",
    ],
)
def test_sentence(line: str) -> None:
    assert not FURNITURE_LINE.match(line)


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("Subscribe to continue reading", True),
        ("Sign in or create an account to keep reading", True),
        ("To continue reading, subscribe now", True),
        ("This article is for subscribers only", True),
        ("He wanted to continue reading law", False),
        ("The story is for children", False),
    ],
)
def test_paywall(line: str, asks: bool) -> None:
    assert bool(PAYWALL_LINE.search(line)) is asks


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<div class='related-links'>", "related"),
        ("<div class='ArticleRelatedLinks'>", "related"),
        ("<div id='cookie_banner'>", "cookie"),
        ("<p class='wp-caption-text'>", "wp-caption-text"),
        ("<div class='unrelated'>", ""),
        ("<div class='headline'>", ""),
        ("<article class='related'>", ""),
        ("<div style='display: none'>", "invisible"),
        ("<div hidden>", "invisible"),
        ("<div role='navigation'>", "navigation"),
        ("<p>", ""),
    ],
)
def test_boilerplate_name(html: str, name: str) -> None:
    assert boilerplate_name(lxml.html.fragment_fromstring(html)) == name
