"""The text of the article on a page: trafilatura's reading, mended where it errs."""

from __future__ import annotations

from lxml.html import HtmlElement
from trafilatura import extract

TINY_TEXT = 250


def read_body(tree: HtmlElement, title: str, article_body: str) -> str:
    """The paragraphs of the article, separated by newlines; "" when there is none."""
    text = extract(tree, fast=True, include_comments=False) or ""
    lines = [line for line in text.split("\n") if line and line != title]
    body = "\n".join(lines)
    return article_body if len(body) < TINY_TEXT < len(article_body) else body
