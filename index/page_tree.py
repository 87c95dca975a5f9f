"""Bytes of a saved page → text in Unicode → one lxml tree, whatever the bytes are."""

from __future__ import annotations

import codecs
import re
from itertools import islice

import lxml.html
from charset_normalizer import from_bytes
from charset_normalizer.constant import IANA_SUPPORTED
from lxml import etree
from lxml.html import HtmlElement

from index.errors import UnreadableSource

LARGEST_PAGE = 10_000_000
"""Bytes. The largest of 80 news pages measured has 3 MB; more than this is no article."""

MOST_ELEMENTS = 250_000
"""The largest of these pages has 4,400 elements; a live blog of a day may have 50,000."""

MOST_ATTRIBUTES = 2_000
"""Of one element: libxml2 takes quadratic time for them, 6 seconds for 40,000."""

MOST_STRANGE = 0.1
"""Share of control characters and lone surrogates up to which a page is damaged text; above, it
is no text. A page of uniformly random bytes has 0.12."""

_OTHER_FORMATS = {
    b"%PDF": "a PDF file",
    b"\x1f\x8b": "gzip-compressed data",
    b"PK\x03\x04": "a zip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
"""How files begin that are saved or served as web pages by mistake."""

_LONG_TAG = 10_000
"""Characters of a start tag from which its attributes are counted."""

_SAMPLE = 65_536
"""Bytes looked at to guess a charset that neither the page nor UTF-8 explains."""

_MOST_MISREAD = 0.001
"""Share of undecodable characters up to which a declared charset is believed."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_XML_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_BROADER_CHARSETS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
    "windows-874": "iso8859_11",
    "x-user-defined": "cp1252",
}
"""What a declared name means in practice (WHATWG Encoding, section 4.2). A page that could say
"utf-16" in ASCII is not UTF-16."""

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_XML_PROLOG = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style)\b.*?(?:</(?P=raw)|\Z)"
    r"""|<[a-z](?:[^"'>]++|"[^"]*+"|'[^']*+'|["'])*+>?""",
    re.DOTALL | re.IGNORECASE,
)
"""Comments, scripts and tags, each consumed whole, so that one pass is linear."""

_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")


def parse_page(html: bytes | str, origin: str) -> HtmlElement:
    """Read the page into a tree. `origin` names it in errors.

    Raises UnreadableSource when the page is empty, too large, nested too deeply, or has more
    elements or attributes than any article.
    """
    if len(html) > LARGEST_PAGE:
        raise UnreadableSource(origin, f"larger than {LARGEST_PAGE:,} bytes")
    if isinstance(html, bytes):
        _refuse_other_formats(html, origin)
        html = decode_page(html)
    text, strange = _NOT_TEXT.subn(" ", html)
    if strange > MOST_STRANGE * len(text):
        raise UnreadableSource(origin, "binary data, not a web page")
    text = _XML_PROLOG.sub("", text)
    if not text.strip():
        raise UnreadableSource(origin, "the page is empty")
    if _has_too_many_attributes(text):
        raise UnreadableSource(origin, f"an element with more than {MOST_ATTRIBUTES:,} attributes")
    # huge_tree raises the depth allowed from 256, which broken pages reach, to 2048.
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableSource(origin, f"no HTML could be read from it ({error})") from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise UnreadableSource(origin, "its elements are nested more than 2,000 deep")
    if next(islice(tree.iter(), MOST_ELEMENTS, None), None) is not None:
        raise UnreadableSource(origin, f"more than {MOST_ELEMENTS:,} elements")
    return tree


def _refuse_other_formats(data: bytes, origin: str) -> None:
    for beginning, name in _OTHER_FORMATS.items():
        if data.startswith(beginning):
            raise UnreadableSource(origin, f"{name}, not a web page")


def _has_too_many_attributes(text: str) -> bool:
    for markup in _MARKUP.finditer(text):
        if (
            markup.end() - markup.start() < _LONG_TAG
            or markup["raw"]
            or text.startswith("<!--", markup.start())
        ):
            continue
        if len(_QUOTED.sub(" ", markup[0]).split()) > MOST_ATTRIBUTES:
            return True
    return False


def decode_page(data: bytes) -> str:
    """The text of a page's bytes: by byte order mark, as UTF-8, as declared, else by statistics.

    UTF-8 comes before the declaration because bytes that are valid UTF-8 by accident hardly
    occur, while pages converted to UTF-8 often kept their old declaration.
    """
    for mark, charset in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    if data[:1] == b"<" and data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace")
    if data[:2] == b"\0<":
        return data.decode("utf-16-be", "replace")
    declared = _declared_charset(data[:4096])
    if not declared.startswith("iso2022"):  # escapes in ASCII, hence always valid UTF-8
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for charset in filter(None, (declared, _guessed_charset(data))):
        text = data.decode(charset, "replace")
        if text.count("\ufffd") <= _MOST_MISREAD * len(text):
            return text
    return data.decode("cp1252", "replace")


def _declared_charset(head: bytes) -> str:
    """The charset the page declares, as Python names it; "" for none or an unknown one."""
    match = _DECLARED.search(head) or _XML_DECLARED.search(head)
    if match is None:
        return ""
    name = match[1].decode("ascii").lower()
    try:
        charset = codecs.lookup(_BROADER_CHARSETS.get(name, name)).name.replace("-", "_")
    except LookupError:
        return ""
    return charset if charset in IANA_SUPPORTED else ""  # Python also has codecs like "zip"


def _guessed_charset(data: bytes) -> str:
    # Markup is ASCII and says nothing: the sample starts near the first byte that is not.
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - 1024) if first else 0
    best = from_bytes(data[start : start + _SAMPLE]).best()
    return best.encoding if best else ""
