from __future__ import annotations

import bz2
import gzip
import random
import shutil
import subprocess
import threading
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
from reading import articles, passed_over, read, reasons
from web_archives import HTML, WebArchive, archive_of, packed_zeros, page

from index.sources import content

NAMES = ("First ships", "Second ships", "Third ships", "Fourth ships")


def written(folder: Path, data: bytes, name: str = "crawl.warc") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def titles(path: Path) -> list[str]:
    return [article.title for article in articles(read(path))]


@pytest.mark.parametrize("plain", [True, False])
def test_the_pages_of_a_web_archive(tmp_path: Path, plain: bool) -> None:
    archive = archive_of(*NAMES, plain=plain)
    found = read(written(tmp_path, archive.data), "The Wire")
    assert [article.title for article in articles(found)] == list(NAMES)
    assert len(found) == 4
    first = articles(found)[0]
    assert first.url == "https://news.example/First-ships"
    assert first.fetched == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert first.source


def test_packed_as_a_whole_or_twice(tmp_path: Path) -> None:
    plain = archive_of(*NAMES, plain=True).data
    assert titles(written(tmp_path, gzip.compress(plain), "crawl.warc.gz")) == list(NAMES)
    assert titles(written(tmp_path, gzip.compress(plain), "crawl.warc")) == list(NAMES)

    assert titles(written(tmp_path, bz2.compress(plain), "crawl.warc.bz2")) == list(NAMES)


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    archive = WebArchive()
    archive.response("moved", b"", "301 Moved Permanently", {"Location": "/there"})
    archive.response("gone", page("Not found"), "404 Not Found")
    archive.response("logo", b"\x89PNG", headers={"Content-Type": "image/png"})
    archive.revisit("again")
    archive.response("empty", b"<html><body></body></html>")
    archive.response("list", section(), headers={"Content-Type": "TEXT/HTML"})
    archive.resource("https://news.example/saved", page("A resource"), "text/html")
    archive.resource("file:///wget.log", b"log", "text/plain")
    found = read(written(tmp_path, archive.data))
    assert [article.title for article in articles(found)] == ["A resource"]
    assert set(passed_over(found)) == {
        "files that are no pages",
        "revisits of pages saved before",
        "pages that lead to articles",
        "pages without an article",
        "responses that are no pages, but redirections or errors",
    }
    assert len(found) == 8


def section() -> bytes:
    links = "".join(
        f'<li><a href="/{n}">Ministers meet again over the price of grain, part {n}</a></li>'
        for n in range(30)
    )
    return f"<html><head><title>News</title></head><body><ul>{links}</ul></body></html>".encode()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("br", brotli.compress),
        ("identity", bytes),
    ],
)
def test_pages_as_they_were_sent(tmp_path: Path, encoding: str, pack: object) -> None:
    archive = WebArchive()
    assert callable(pack)
    archive.response("packed", pack(page("Packed")), headers={"Content-Encoding": encoding})
    body = pack(page("In pieces"))
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(body[n : n + 50]), body[n : n + 50]) for n in range(0, len(body), 50)
    )
    archive.response(
        "pieces",
        chunks + b"0\r\n\r\n",
        headers={"Content-Encoding": encoding, "Transfer-Encoding": "chunked"},
    )
    assert titles(written(tmp_path, archive.data)) == ["Packed", "In pieces"]


def test_the_charset_is_what_the_server_said(tmp_path: Path) -> None:
    archive = WebArchive()
    for name, charset in (("cp1251", "windows-1251"), ("latin", "no-such"), ("utf8", "koi8-r")):
        archive.response(
            name,
            page(f"Ship {name} Ж", "utf-8" if name == "utf8" else "cp1251"),
            headers={"Content-Type": f"text/html;charset={charset}"},
        )
    assert titles(written(tmp_path, archive.data))[::2] == ["Ship cp1251 Ж", "Ship utf8 Ж"]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_packed_pages_that_are_damaged(tmp_path: Path, encoding: str) -> None:
    archive = WebArchive()
    archive.response("bad", b"\x99\xab" * 500, headers={"Content-Encoding": encoding})
    archive.response("odd", b"abc", headers={"Content-Encoding": "squeezed"})
    archive.response("good", page("Good"))
    found = read(written(tmp_path, archive.data))
    assert [article.title for article in articles(found)] == ["Good"]
    assert reasons(found)[0].endswith(f":2: is damaged ({encoding} data)")
    assert reasons(found)[1].endswith(":3: is packed as squeezed, which is unknown")


def test_a_page_that_unpacks_to_too_much(tmp_path: Path) -> None:
    archive = WebArchive()
    for encoding, body in (("gzip", packed_zeros(20)), ("br", brotli.compress(bytes(2 * 10**7)))):
        archive.response("bomb", body, headers={"Content-Encoding": encoding})
    found = read(written(tmp_path, archive.data))
    assert [reason.partition(": ")[2] for reason in reasons(found)] == [
        "larger than 10,000,000 bytes"
    ] * 2


@pytest.mark.parametrize("plain", [True, False])
def test_an_archive_that_was_cut_short_anywhere(tmp_path: Path, plain: bool) -> None:
    archive = archive_of(*NAMES, plain=plain)
    data, path = archive.data, tmp_path / "crawl.warc"
    drawn = random.Random(5)
    places = {drawn.randrange(1, len(data)) for _ in range(60)}
    places |= {end + by for end in archive.ends[:-1] for by in (-5, -1, 0, 1, 12)}
    for place in sorted(places):
        path.write_bytes(data[:place])
        found = read(path)
        whole = sum(place >= end for end in archive.ends[1:])
        read_titles = [article.title for article in articles(found)]
        assert read_titles[:whole] == list(NAMES[:whole]), place
        assert read_titles == list(NAMES[: len(read_titles)])
        in_a_record = all(not 0 <= end - place <= 4 * plain for end in archive.ends)
        assert bool(reasons(found)) == in_a_record, (place, archive.ends)


@pytest.mark.parametrize("plain", [True, False])
def test_damage_costs_a_record(tmp_path: Path, plain: bool) -> None:
    archive = archive_of(*NAMES, plain=plain)
    for record in range(1, 5):
        start, end = archive.ends[record - 1], archive.ends[record]
        damaged = bytearray(archive.data)
        damaged[start : start + 40] = b"x" * 40
        found = read(written(tmp_path, bytes(damaged)))
        rest = [*NAMES[: record - 1], *NAMES[record:]]
        assert [article.title for article in articles(found)] == rest
        assert reasons(found)[0].endswith(f":{record + 1}: is damaged")
        if not plain:
            damaged = bytearray(archive.data)
            damaged[(start + end) // 2] ^= 0xFF
            found = read(written(tmp_path, bytes(damaged)))
            assert [a.title for a in articles(found) if a.title not in rest] in (
                [],
                [NAMES[record - 1]],
            )
            assert [a.title for a in articles(found) if a.title in rest] == rest
            assert reasons(found)


def test_much_between_two_records_that_belongs_to_none(tmp_path: Path) -> None:
    archive = archive_of(*NAMES)
    second = archive.ends[1]
    noise = random.Random(7).randbytes(300_000) + b"\x1f\x8b\x08" * 1_000
    for between in (noise, noise + b"\x1f", b"\0" * 65_536, b"\x1f\x8b"):
        data = archive.data[:second] + between + archive.data[second:]
        found = read(written(tmp_path, data))
        assert [article.title for article in articles(found)] == list(NAMES)
        assert [reason.partition(": ")[2] for reason in reasons(found)] == ["is damaged"]


def test_what_is_missing_in_the_middle(tmp_path: Path) -> None:
    archive = archive_of(*NAMES)
    second, third = archive.ends[1], archive.ends[2]
    data = archive.data[: (second + third) // 2] + archive.data[third:]
    found = read(written(tmp_path, data))
    assert [article.title for article in articles(found)] == [NAMES[0], *NAMES[2:]]
    assert len(reasons(found)) == 1


def test_a_record_without_a_length_or_with_a_wrong_one(tmp_path: Path) -> None:
    archive = archive_of(*NAMES, plain=True)
    lines = archive.data.split(b"\r\n")
    lengths = [n for n, line in enumerate(lines) if line.startswith(b"Content-Length")]
    for replacement in (b"X: y", b"Content-Length: many", b"Content-Length: 7"):
        changed = list(lines)
        changed[lengths[2]] = replacement
        found = read(written(tmp_path, b"\r\n".join(changed)))
        assert [article.title for article in articles(found)] == [NAMES[0], *NAMES[2:]]
        assert reasons(found), replacement


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive",
        b"\0" * 5_000,
        bytes(random.Random(1).randbytes(50_000)),
        gzip.compress(b"no archive either"),
        b"\x1f\x8b\x08" * 30_000,
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\n" + b"A: b\r\n" * 400_000,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\n",
        b"WARC/1.0\r\n" + b"x" * 3_000_000,
        b"http://news.example/ 1.2.3.4 20200101000000 text/html 5\nabcde\n",
    ],
)
@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_what_is_no_web_archive(tmp_path: Path, data: bytes, name: str) -> None:
    found = read(written(tmp_path, data, name))
    assert reasons(found)
    assert len(found) == len(reasons(found)) < 5


def test_warcio_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = archive_of(*NAMES, plain=True).data.replace(b"Content-Length: ", b"Content-Length: 1", 3)
    read(written(tmp_path, data))
    read(written(tmp_path, data.replace(b"Content-Length: 1", b"Content-Length: ")))
    assert capfd.readouterr() == ("", "")


def test_more_than_an_archive_can_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "UNPACKED_FREELY", 5_000_000)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99000000\r\n\r\n"
    for name in ("bomb.warc.gz", "bomb.warc"):
        found = read(written(tmp_path, gzip.compress(head + bytes(50_000_000)), name))
        assert "grows more than 300 times" in reasons(found)[-1]


# Archives of archives


def zipped(
    folder: Path, files: dict[str, bytes], name: str, method: int = zipfile.ZIP_STORED
) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", method) as archive:
        for member, data in files.items():
            archive.writestr(member, data)
    return path


def test_the_web_archives_of_a_wacz(tmp_path: Path) -> None:
    files = {
        "datapackage.json": b"{}",
        "pages/pages.jsonl": b'{"title": "No article", "url": "https://news.example/"}\n',
        "archive/one.warc.gz": archive_of(*NAMES[:2]).data,
        "archive/two.warc": archive_of(*NAMES[2:], plain=True).data,
        "indexes/index.cdx.gz": gzip.compress(b"cdx"),
    }
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        path = zipped(tmp_path, files, "crawl.wacz", method)
        found = read(path)
        assert [article.title for article in articles(found)] == list(NAMES)
        assert reasons(found) == []
    cut = written(tmp_path, path.read_bytes()[:-200], "cut.wacz")
    assert "is damaged or cut short (zip archive" in reasons(read(cut))[0]


def test_the_files_of_a_zip_archive(tmp_path: Path) -> None:
    files = {
        "news/a.txt": b"Text of a",
        "news/b.jsonl.gz": gzip.compress(b'{"title": "B"}\n{broken\n'),
        "../../etc/c.txt": b"Text of c",
        "/etc/\x1b[31md.txt": b"",
        "page.html": page("A page"),
        "__MACOSX/a.txt": b"x",
        ".hidden/e.txt": b"x",
        "picture.png": b"\x89PNG",
        "inner.zip": b"PK",
        "empty/": b"",
    }
    path = zipped(tmp_path, files, "news.zip", zipfile.ZIP_DEFLATED)
    found = read(path)
    assert [article.title for article in articles(found)] == [
        "Text of a",
        "B",
        "Text of c",
        "A page",
    ]
    assert reasons(found)[0].startswith(f"{path}/news/b.jsonl.gz:2: is not JSON")
    assert reasons(found)[1] == f"{path}/etc/\ufffd[31md.txt: has neither title nor body"
    assert passed_over(found) == ["files in archives, for want of a reader"] * 2


def test_zip_archives_that_grow_out_of_proportion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = b" " * 1_000_000 + b"\n"
    files = {"a.jsonl": line * 30, "b.txt": bytes(70_000_000), "c.txt": b"Text of c."}
    path = zipped(tmp_path, files, "bomb.zip", zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(content, "UNPACKED_FREELY", 5_000_000)
    found = read(path)
    assert [article.title for article in articles(found)] == ["Text of c"]
    assert [reason.partition(": ")[2] for reason in reasons(found)] == [
        "grows more than 300 times when it is unpacked"
    ] * 2


def test_zip_archives_that_cannot_be_read(tmp_path: Path) -> None:
    whole = zipped(tmp_path, {"a.txt": b"Text of a." * 50, "b.txt": b"Text of b."}, "a.zip")
    data = whole.read_bytes()
    damaged = written(tmp_path, data.replace(b"Text of a.", b"Test of a.", 1), "damaged.zip")
    found = read(damaged)
    assert [article.title for article in articles(found)] == ["Text of b"]
    assert "Bad CRC-32" in reasons(found)[0]
    locked = bytearray(data)
    locked[data.index(b"PK\x01\x02") + 8] |= 1
    assert reasons(read(written(tmp_path, bytes(locked), "locked.zip")))[0].endswith(
        "a.txt: is encrypted"
    )
    nameless = data.replace(b"a.txt", b"\0.txt")
    assert [a.title for a in articles(read(written(tmp_path, nameless, "none.zip")))] == [
        "Text of b"
    ]
    for broken in (b"", b"PK\x03\x04", data[:-30], b"\0" * 100):
        assert reasons(read(written(tmp_path, broken, "broken.zip")))
    assert reasons(read(written(tmp_path, gzip.compress(data), "packed.zip.gz")))


# Written by another tool


class Site(BaseHTTPRequestHandler):
    """A front page with links to two articles, one of them by a redirection."""

    def do_GET(self) -> None:
        links = b'<html><body><p><a href="/one">One</a> <a href="/old">Old</a></p></body></html>'
        pages = {"/": links, "/one": page("One ship"), "/two": page("Two ships")}
        if self.path == "/old":
            self.send_response(302)
            self.send_header("Location", "/two")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = pages.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", HTML)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("options", [[], ["--no-warc-compression"]])
def test_a_web_archive_written_by_wget(tmp_path: Path, site: str, options: list[str]) -> None:
    wget = shutil.which("wget")
    if wget is None:
        pytest.skip("wget is missing: `apt-get install wget`")
    subprocess.run(
        [wget, "--quiet", "--recursive", "--no-proxy", "--warc-file=crawl", *options, f"{site}/"],
        cwd=tmp_path,
        check=False,  # 8, because there is no robots.txt
        timeout=60,
    )
    (path,) = tmp_path.glob("crawl.warc*")
    found = read(path)
    assert reasons(found) == []
    assert {(article.title, article.url) for article in articles(found)} == {
        ("One ship", f"{site}/one"),
        ("Two ships", f"{site}/two"),
    }
    assert all(article.fetched for article in articles(found))
