"""A page as lines of text, and which run of them is the article.

The reading is a maximum-sum one: each block of text counts for the article when it looks like
prose (long, few links) and against it otherwise, and the article is the element whose blocks
have the greatest sum. Elements wrapped round the whole page (an ASP.NET form, say) thus do no
harm, and an article in several sibling containers is taken whole.

Everything is one or two passes over the tree: linear in the size of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from lxml import etree
from lxml.html import HtmlElement

from index import page_rules as rules

LINKED = 0.5
"""Share of a block's characters inside links from which it is a list of links, not prose."""

PROSE = 80
"""Characters from which a block is prose even if it does not end like a sentence."""

SENTENCE = 25
"""Characters from which a block that ends like a sentence is prose."""

SHORT_COST = 0.5
"""What a character of a block that is no prose costs; inside links it costs 1."""

MOST_BOILERPLATE = 0.4
"""A class name that would remove more than this share of all paragraphs names the article. On 80
pages F1 is the same from 0.2 to 0.5, 0.003 less at 0.6 and 0.009 less at 0.7."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_SENTENCE_END = re.compile(r"[.!?…。:;][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or list item: its text, and how many characters are in links."""

    text: str
    linked: int
    element: HtmlElement

    @property
    def is_heading(self) -> bool:
        """Whether it is an h1 to h6."""
        return self.element.tag in HEADINGS

    @property
    def is_linked(self) -> bool:
        """Whether most of it is links."""
        return self.linked > LINKED * len(self.text)

    @property
    def worth(self) -> float:
        """How much it speaks for being part of the article (in characters), or against."""
        length = len(self.text)
        if self.is_linked:
            return -float(length)
        if self.is_heading:
            return 0.0
        if length >= PROSE or (length >= SENTENCE and _SENTENCE_END.search(self.text)):
            return float(length)
        return -SHORT_COST * length


@dataclass(frozen=True, slots=True)
class PageBlocks:
    """The blocks of a page without its boilerplate; the article is blocks[start:end]."""

    blocks: tuple[Block, ...]
    start: int
    end: int


def read_blocks(tree: HtmlElement) -> PageBlocks:
    """Cut a page into blocks and find the article among them."""
    body = tree.find("body")
    root = tree if body is None else body
    reader = _BlockReader(root, _boilerplate(root))
    best, start, end = 0.0, 0, 0
    sums = [0.0, *accumulate(block.worth for block in reader.blocks)]
    for first, last in reader.spans:
        if sums[last] - sums[first] > best:
            best, start, end = sums[last] - sums[first], first, last
    return PageBlocks(tuple(reader.blocks), start, end)


class _BlockReader:
    """One walk over the tree that leaves out `skipped` elements.

    spans: first and last block (exclusive) of each block element, inner ones first.
    """

    def __init__(self, root: HtmlElement, skipped: set[HtmlElement]) -> None:
        self.blocks: list[Block] = []
        self.spans: list[tuple[int, int]] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0
        self._open: list[tuple[HtmlElement, int]] = [(root, 0)]
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if element in skipped or not isinstance(element.tag, str):
                if event == "start":
                    walk.skip_subtree()
                    self._break_at(element)
                    continue
            elif event == "start":
                self._enter(element)
            else:
                self._leave(element)
            if event == "end" and element is not root and element.tail:
                self._add(element.tail)
        self._finish(root)

    def _enter(self, element: HtmlElement) -> None:
        if element.tag in rules.BLOCK_TAGS:
            self._finish(self._open[-1][0])
            self._open.append((element, len(self.blocks)))
        elif element.tag == "a":
            self._links += 1
        elif element.tag == "br":
            self._break_line(element)
        if element.text:
            self._add(element.text)

    def _leave(self, element: HtmlElement) -> None:
        if element.tag in rules.BLOCK_TAGS:
            self._finish(element)
            _, first = self._open.pop()
            self.spans.append((first, len(self.blocks)))
        elif element.tag == "a":
            self._links -= 1

    def _break_line(self, element: HtmlElement) -> None:
        """Two line breaks in a row end a paragraph, one is a space."""
        following = element.getnext()
        if following is not None and following.tag == "br" and not (element.tail or "").strip():
            self._finish(self._open[-1][0])
        else:
            self._pieces.append(" ")

    def _break_at(self, element: HtmlElement) -> None:
        if element.tag in rules.BLOCK_TAGS:
            self._finish(self._open[-1][0])

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        if self._links:
            self._linked += len(" ".join(text.split()))

    def _finish(self, element: HtmlElement) -> None:
        text = " ".join("".join(self._pieces).split())
        if text:
            self.blocks.append(Block(text, min(self._linked, len(text)), element))
        self._pieces.clear()
        self._linked = 0


def _boilerplate(root: HtmlElement) -> set[HtmlElement]:
    """The elements that are not the article's by their tag, role or class.

    A name that covers most of the page's paragraphs names the article (a "gallery" article, a
    "related" theme), whatever it means elsewhere, and so does one round the h1.
    """
    found: list[tuple[HtmlElement, str]] = []
    covered: Counter[str] = Counter()
    active: Counter[str] = Counter()
    opened: list[tuple[str, int, int]] = []
    text = headings = paragraphs = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            name = "" if element is root else boilerplate_name(element)
            opened.append((name, text, headings))
            active[name] += 1
            headings += element.tag == "h1"
            paragraphs += element.tag == "p"
            text += len(element.text or "") if paragraphs else 0
            continue
        name, text_before, headings_before = opened.pop()
        active[name] -= 1
        if not active[name]:
            covered[name] += text - text_before
        if name == _BY_TAG or (name and headings == headings_before):
            found.append((element, name))
        paragraphs -= element.tag == "p"
        text += len(element.tail or "") if paragraphs else 0
    return {
        element
        for element, name in found
        if name == _BY_TAG
        or name in rules.CERTAIN_BOILERPLATE
        or covered[name] <= MOST_BOILERPLATE * text
    }


def boilerplate_name(element: HtmlElement) -> str:
    """What marks the element as no part of an article: a tag, role or word of its class, or ""."""
    tag = element.tag
    if not isinstance(tag, str) or tag in rules.BOILERPLATE_TAGS:
        return _BY_TAG
    if (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search(element.get("style") or "")
    ):
        return "invisible"
    if element.get("role") in rules.BOILERPLATE_ROLES:
        return str(element.get("role"))
    if tag in rules.CONTENT_TAGS:
        return ""
    return _name_in_class(
        f"{element.get('class') or ''} {element.get('id') or ''}"[:_LONGEST_CLASS]
    )


_LONGEST_CLASS = 500
_BY_TAG = "element"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BOILERPLATE_CLASS = re.compile(
    "-(" + "|".join(sorted(rules.BOILERPLATE_CLASSES, key=len, reverse=True)) + ")(?=-)"
)


@lru_cache(maxsize=20_000)
def _name_in_class(classes: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", _CAMEL.sub("-", classes).lower())
    match = _BOILERPLATE_CLASS.search(f"-{words}-")
    return match[1] if match else ""


def iter_classes(element: HtmlElement, levels: int) -> Iterator[str]:
    """The classes of the element and its next ancestors, inner ones first, in lower case."""
    for _ in range(levels):
        if element is None:
            return
        yield (element.get("class") or "").lower()
        element = element.getparent()
