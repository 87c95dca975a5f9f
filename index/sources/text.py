"""Text files, one article each, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.sources.content import Content, read_whole
from index.sources.encodings import decode
from index.sources.items import Read, ReadOptions
from index.sources.records import Sourced, article_from_fields

_FRONT_MATTER = re.compile(r"\ufeff?\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"([\w.-]+)[ \t]*:[ \t]*(.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.+)")
_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t#]*\n")


def read_text(content: Content, options: ReadOptions) -> Iterator[Read]:
    """The article of a .txt or .md file.

    Front matter is a block of `key: value` lines between two lines `---`, its keys as in
    FIELD_NAMES. Values may contain colons and stand in quotes; lists are comma-separated, in
    [brackets] or one `- item` a line. Without a title the first heading of a .md file is
    taken, else the first sentence. Raises UnreadableSource.
    """
    text = decode(read_whole(content), content.origin)
    fields, body = split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    heading = _HEADING.match(body) if content.name.lower().endswith(".md") else None
    if heading and not (fields.get("title") or fields.get("headline")):
        fields["title"] = heading[1]
        body = body[heading.end() :]
    article = article_from_fields(
        fields | {"body": body}, content.origin, source=options.source, collection=content.name
    )
    yield Sourced(article, content.origin, sole=True)


def split_front_matter(text: str) -> tuple[dict[str, str | list[str]], str]:
    """The fields before the text, and the text. A block that has no field is text."""
    match = _FRONT_MATTER.match(text)
    fields: dict[str, str | list[str]] = {}
    if match is None:
        return fields, text
    key = ""
    for line in match[1].split("\n"):
        field, item = _FIELD.match(line), _ITEM.match(line)
        if field:
            key = field[1].lower()
            fields[key] = _value(field[2].strip())
        elif item and key and isinstance(values := fields[key] or [], list):
            fields[key] = [*values, _unquoted(item[1].strip())]
        elif line.strip() and not line.lstrip().startswith("#"):
            return {}, text
    return (fields, text[match.end() :]) if fields else ({}, text)


def _value(text: str) -> str | list[str]:
    if text.startswith("[") and text.endswith("]"):
        items = (_unquoted(item.strip()) for item in text[1:-1].split(","))
        return [item for item in items if item]
    return _unquoted(text)


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text
