from __future__ import annotations

import email.policy
import gzip
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from reading import read, read_one, reasons
from web_archives import page

BODY = "Ships with grain left the port on Monday.\n\nMore would follow within the week."


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    fields = {
        "From": "The Wire <news@wire.example>",
        "To": "reader@home.example",
        "Subject": "Grain ships leave",
        "Date": "Mon, 06 May 2024 07:08:09 +0200",
        "Message-ID": "<1@wire.example>",
    }
    for name, value in (fields | headers).items():
        message[name] = value
    return message


def saved(folder: Path, message: EmailMessage | bytes, name: str = "letter.eml") -> Path:
    path = folder / name
    data = message if isinstance(message, bytes) else message.as_bytes(policy=email.policy.SMTP)
    path.write_bytes(data)
    return path


def test_a_newsletter_of_plain_text(tmp_path: Path) -> None:
    message = letter()
    message.set_content(BODY)
    article = read_one(saved(tmp_path, message), "Mail")
    assert article.title == "Grain ships leave"
    assert article.body == BODY.replace("\n\n", "\n")
    assert article.source == "The Wire"
    assert article.published is not None
    assert article.published.isoformat() == "2024-05-06T07:08:09+02:00"
    assert article.extra["sender"] == "news@wire.example"


def test_a_newsletter_in_two_forms_and_with_attachments(tmp_path: Path) -> None:
    message = letter(
        Subject="Zwölf Schiffe im Hafen", From="=?utf-8?q?Der_Bote_=C3=9C?= <a@b.example>"
    )
    message.set_content("See the browser version: https://wire.example/1")
    message.add_alternative(
        "<html><head><style>p {color: red}</style></head><body><table><tr><td><h1>Zwölf Schiffe</h1>"
        '<p>Das erste ist fort.</p><div style="display:none">unseen</div></td></tr>'
        "<tr><td>Das zweite<br>folgt.</td></tr></table></body></html>",
        subtype="html",
        charset="iso-8859-1",
    )
    message.add_attachment("<p>No news</p>", subtype="html", filename="a.html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    article = read_one(saved(tmp_path, message))
    assert (article.title, article.source) == ("Zwölf Schiffe im Hafen", "Der Bote Ü")
    assert article.body.split("\n") == ["Zwölf Schiffe", "Das erste ist fort.", "Das zweite folgt."]


def test_the_sender_without_a_name_and_letters_without_anything(tmp_path: Path) -> None:
    message = letter(From="news@wire.example")
    message.set_content(BODY)
    assert read_one(saved(tmp_path, message)).source == "wire.example"
    bare = read_one(saved(tmp_path, b"X: y\n\n" + BODY.encode()), "Mail")
    assert (bare.source, bare.published) == ("Mail", None)
    assert bare.title.startswith("Ships with grain")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 500,
        b"Just some text.\n\nNo letter.",
        b"Subject: Nothing\n\n",
        b"Content-Type: application/pdf\n\n%PDF",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x--\n",
        b"Content-Type: multipart/mixed\n\nno boundary",
    ],
)
def test_files_that_are_no_letters(tmp_path: Path, data: bytes) -> None:
    found = read(saved(tmp_path, data))
    assert len(reasons(found)) == len(found) == 1 or data.startswith(b"Subject")


def test_wrong_encodings_are_repaired(tmp_path: Path) -> None:
    head = b"Subject: =?no-such?q?Ships?= and =?utf-8?b?!!?=\nDate: never\nFrom: \n"
    for kind in (b"utf-8", b"no-such-charset", b"ascii"):
        body = b"Content-Type: text/plain; charset=" + kind + b"\n\nCaf\xe9 and more at the quay.\n"
        article = read_one(saved(tmp_path, head + body))
        assert article.body == "Café and more at the quay."
        assert "and" in article.title
    null = b"Content-Type: text/plain; charset=a\0b\n\nCaf\xe9 and more at the quay.\n"
    assert read_one(saved(tmp_path, head + null)).body == "Café and more at the quay."
    broken = b"Content-Transfer-Encoding: base64\n\n!!!not base64, \xff\xfe\n"
    assert len(read(saved(tmp_path, head + broken))) == 1


def nested(depth: int, inner: bytes) -> bytes:
    parts = inner
    for number in range(depth):
        head = b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
        parts = head + parts + b"\n--b%d--\n" % number
    return b"Subject: Deep\n" + parts


def test_parts_nested_a_thousand_deep(tmp_path: Path) -> None:
    inner = b"Content-Type: text/plain\n\nGrain ships leave.\n"
    assert read_one(saved(tmp_path, nested(20, inner))).body == "Grain ships leave."
    for name in ("deep.eml", "deep.mhtml"):
        path = saved(tmp_path, nested(1_000, inner), name)
        (reason,) = reasons(read(path))
        assert reason.startswith(f"{path}: ")


def mhtml(folder: Path, html: bytes, charset: str = "utf-8", name: str = "page.mhtml") -> Path:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://news.example/ships?utm_source=x"
    message["Subject"] = "Ships"
    message["Date"] = "Mon, 6 May 2024 07:08:09 -0000"
    message["MIME-Version"] = "1.0"
    message.make_related()
    part = EmailMessage()
    part.set_content(html, "text", "html", cte="quoted-printable")
    part.set_param("charset", charset)
    part["Content-Location"] = "https://news.example/ships"
    message.attach(part)
    picture = EmailMessage()
    picture.set_content(b"\x89PNG", "image", "png")
    message.attach(picture)
    frame = EmailMessage()
    frame.set_content(page("An advertisement"), "text", "html")
    message.attach(frame)
    return saved(folder, message, name)


@pytest.mark.parametrize("name", ["page.mhtml", "page.mht", "page.mhtml.gz"])
def test_a_page_saved_by_a_browser(tmp_path: Path, name: str) -> None:
    path = mhtml(tmp_path, page("Ships leave"), name=name)
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(path.read_bytes()))
    article = read_one(path)
    assert (article.title, article.url) == ("Ships leave", "https://news.example/ships")
    assert article.fetched == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_a_page_in_another_charset(tmp_path: Path) -> None:
    assert (
        read_one(mhtml(tmp_path, page("Корабли Ж", "cp1251"), "windows-1251")).title == "Корабли Ж"
    )


@pytest.mark.parametrize("cut", [0, 100, 500, 900, 1500])
def test_mhtml_that_was_cut_short(tmp_path: Path, cut: int) -> None:
    path = mhtml(tmp_path, page("Ships leave"))
    path.write_bytes(path.read_bytes()[:cut])
    assert len(read(path)) == 1


@pytest.mark.parametrize("date", [b"", b"never", b"Mon, 6 May 99999999999 07:08:09 -0000"])
def test_mhtml_without_a_time(tmp_path: Path, date: bytes) -> None:
    data = mhtml(tmp_path, page("Ships leave")).read_bytes()
    path = saved(tmp_path, re.sub(rb"Date: [^\r]*", b"Date: " + date, data), "page.mhtml")
    article = read_one(path)
    assert (article.title, article.fetched) == ("Ships leave", None)


def test_mhtml_without_a_page(tmp_path: Path) -> None:
    message = letter()
    message.set_content(BODY)
    path = saved(tmp_path, message, "page.mhtml")
    assert reasons(read(path)) == [f"{path}: has no page in it"]
