"""Whatever is done to a file, its reader reads what it can and reports the rest."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from reading import read
from web_archives import archive_of, page

STRAY = (
    b"\0",
    b"\r\n",
    b'"',
    b"\xff\xfe",
    b"999999999999",
    b"-1",
    b"=?x?q?=",
    b"<",
    b"&x;",
    b"charset=\0",
)


def letter() -> bytes:
    message = EmailMessage()
    message["From"] = "The Wire <news@wire.example>"
    message["Subject"] = "Größer"
    message["Date"] = "Mon, 06 May 2024 07:08:09 +0200"
    message.set_content("Ships with grain left the port.")
    message.add_alternative("<p>Ships with grain left the port.</p>", subtype="html")
    return message.as_bytes()


def packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "Text of a. " * 30)
        archive.writestr("archive/b.warc.gz", archive_of("One ship").data)
    return out.getvalue()


FEED = (
    b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Wire</title>'
    b"<item><title>Ships</title><link>https://news.example/1</link><guid>1</guid>"
    b"<pubDate>Mon, 06 May 2024 07:08:09 +0200</pubDate><author>a@b.example (Ada One)</author>"
    b"<description>&lt;p&gt;Ships left.&lt;/p&gt;</description></item></channel></rss>"
)
FILES = {
    "a.warc": archive_of("One ship", "Two ships", plain=True).data,
    "a.warc.gz": archive_of("One ship", "Two ships").data,
    "a.wacz": packed(),
    "a.zip": packed(),
    "a.eml": letter(),
    "a.mhtml": letter().replace(b"<p>", page("One ship")),
    "a.rss": FEED,
    "a.csv": b'id;title;body;date\r\n"1";"A";"b ""c"" d";2020-01-01\r\n' * 3,
    "a.csv.gz": gzip.compress(b"title,body\nA,b\n" * 9),
    "a.jsonl": b'{"title": "A", "body": "b", "tags": ["x"], "date": "2020"}\n' * 3,
}


def damaged(data: bytes, drawn: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(drawn.choice((1, 2, 5))):
        start = drawn.randrange(len(changed) + 1)
        end = start + drawn.choice((0, 1, 8, 60, 500))
        some = drawn.randrange(len(data))
        changed[start:end] = drawn.choice(
            (b"", drawn.choice(STRAY), drawn.randbytes(8), data[some : some + 100])
        )
    return bytes(changed)


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_read_or_reported(tmp_path: Path, name: str) -> None:
    drawn = random.Random(name)
    path = tmp_path / name
    for _ in range(40):
        path.write_bytes(damaged(FILES[name], drawn))
        assert all(str(item) for item in read(path))
