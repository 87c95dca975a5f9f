"""HTML that is an article and nothing else: that of feeds and newsletters."""

from __future__ import annotations

from index.page_blocks import read_blocks
from index.page_tree import parse_page


def text_of_html(html: str, origin: str) -> str:
    """The paragraphs of some HTML, an empty line between them; "" when it has no text.

    Raises UnreadableSource when it is too large or nested too deeply.
    """
    if not html.strip():
        return ""
    blocks = read_blocks(parse_page(html, origin)).blocks
    return "\n\n".join(block.text for block in blocks)
