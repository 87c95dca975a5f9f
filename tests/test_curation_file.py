"""entities.toml: what it may say, what is said of the rest, and that no edit is ever lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.curation import file as decisions_file
from index.curation.decisions import Decision, Hide, Merge, Rename, Retype, Split
from index.curation.file import add, load, take_back
from index.curation.notation import clean_name, read, with_decision, without, written
from index.errors import DecisionRefused, DecisionsUnusable, OutOfSpace

BY_HAND = """\
# Agreed on with the desk.

[[merge]]  # spellings
type = "person"
names = [
    "Vladimir Example",
    "V. Example",  # wire copy
]
into = "Volodymyr Example"
note = \"\"\"
[[hide]]
is only text here\"\"\"

# Not a person.
[[hide]]
type = "person"
name = "Example News"
"""

texts = st.text(min_size=1).map(clean_name).filter(bool)
types = st.sampled_from(("person", "place", "organisation"))
notes = {"note": st.text().map(clean_name), "date": st.none() | st.dates()}
any_decision = st.one_of(
    st.builds(Merge, type=types, names=st.lists(texts, min_size=1).map(tuple), into=texts, **notes),
    st.builds(Split, type=types, name=texts, origin=texts, **notes),
    st.builds(Rename, type=types, name=texts, to=texts, **notes),
    st.builds(Retype, type=types, name=texts, to=types, **notes),
    st.builds(Hide, type=types, name=texts, **notes),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "entities.toml"


@given(st.lists(any_decision, max_size=5))
def test_what_is_written_is_read(decided: list[Decision]) -> None:
    text = ""
    for decision in decided:
        text = with_decision(text, decision)
    entries, faults = read(text)
    assert faults == []
    assert [entry.decision for entry in entries] == decided
    lines = text.split("\n")
    for entry in entries:
        alone = "\n".join(lines[entry.line - 1 : entry.last_line]) + "\n"
        assert alone == written(entry.decision)


@given(st.lists(any_decision, min_size=1, max_size=5), st.data())
def test_taking_one_out_leaves_the_others(decided: list[Decision], data: st.DataObject) -> None:
    text = ""
    for decision in decided:
        text = with_decision(text, decision)
    at = data.draw(st.integers(0, len(decided) - 1))
    entries, _ = read(without(text, read(text)[0][at]))
    assert [entry.decision for entry in entries] == decided[:at] + decided[at + 1 :]


@given(st.text(alphabet="[]{}=\"'#\n\\merghidtypnaos .,0123456789", max_size=200))
def test_any_text_is_read_or_refused_by_line(text: str) -> None:
    entries, faults = read(text)
    last = text.count("\n") + 1
    assert all(1 <= fault.line <= last for fault in faults)
    assert all(1 <= entry.line <= entry.last_line <= last for entry in entries)


def test_comments_and_order_stay_when_decisions_come_and_go(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(BY_HAND)
    add(path, Hide(type="place", name="Exampleville", date=date(2026, 1, 2)))
    assert path.read_text() == BY_HAND + (
        '\n[[hide]]\ntype = "place"\nname = "Exampleville"\ndate = 2026-01-02\n'
    )
    take_back(path, lambda before: before.entries[-1])
    assert path.read_text().rstrip("\n") == BY_HAND.rstrip("\n")
    taken = take_back(path, lambda before: before.about("V. Example")[0])
    assert taken.decision.note == "[[hide]] is only text here"
    assert path.read_text().rstrip("\n") == (
        '# Agreed on with the desk.\n\n# Not a person.\n[[hide]]\ntype = "person"\n'
        'name = "Example News"'
    )


def test_line_ends_marks_permissions_and_links_stay(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    real = tmp_path / "kept elsewhere.toml"
    real.write_bytes(b"\xef\xbb\xbf# by hand\r\n[[hide]]\r\ntype = 'place'\r\nname = 'A'\r\n")
    real.chmod(0o640)
    path.symlink_to(real)
    add(path, Hide(type="place", name="B"))
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_bytes().startswith(b"\xef\xbb\xbf# by hand\r\n[[hide]]\r\n")
    assert [entry.line for entry in load(path).entries] == [2, 6]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[[hide]]\ntype = person\n", 2, "is not TOML"),
        ("\n[[hid]]\n", 2, "did you mean 'hide'?"),
        ("[hide]\ntype = 'person'\nname = 'A'\n", 1, "begins with a line [[hide]]"),
        ("colour = 1\n", 1, "'colour' is no kind of decision"),
        ("[[hide]]\ntype = 'person'\n", 1, "'name' is missing"),
        ("[[hide]]\nname = 'A'\ntype = 'people'\n", 3, "person, place, organisation"),
        ("[[hide]]\nname = 'A'\ntype = ['person']\n", 3, "person, place, organisation"),
        ("[[hide]]\ntype = 'person'\nname = ' '\n", 3, "expected a text"),
        ("[[hide]]\ntype = 'person'\nname = 'A'\n\n'why' = 'B'\n", 5, "hide has no 'why'"),
        ("[[merge]]\ntype = 'person'\ninto = 'A'\nnames = 'B'\n", 4, "expected a list"),
        ("[[merge]]\ntype = 'person'\ninto = 'A'\nnames = ['B', 1]\n", 4, "expected a list"),
        ("[[retype]]\ntype = 'person'\nname = 'A'\nto = 'B'\n", 4, "person, place, organisation"),
        ("[[hide]]\ntype = 'person'\nname = 'A'\ndate = 'x'\n", 4, "expected a day"),
        ("x = " + "[" * 20_000, 1, "is not TOML"),
        ("x = " + "1" * 20_000, 1, "is not TOML"),
    ],
)
def test_what_cannot_be_used_is_said_by_line(path: Path, text: str, line: int, reason: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(DecisionsUnusable) as error:
        load(path)
    assert [fault[0] for fault in error.value.faults] == [line]
    assert reason in error.value.faults[0][1]
    assert str(error.value).startswith(f"{path}:{line}: ")
    with pytest.raises(DecisionsUnusable):
        add(path, Hide(type="place", name="B"))
    assert path.read_text() == text


def test_text_in_another_encoding_and_a_folder_are_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(DecisionsUnusable, match="cannot be read"):
        load(path)
    path.rmdir()
    path.write_bytes("# Größe\n# é\n".encode("latin-1"))
    with pytest.raises(DecisionsUnusable, match=":1: is not UTF-8"):
        load(path)


def test_contradictions_name_both_lines(path: Path) -> None:
    add(path, Merge(type="person", names=("A", "B"), into="C"))
    before = path.read_text()
    with pytest.raises(DecisionRefused, match=r"“A” has been decided on in line 1: .* line 6"):
        add(path, Rename(type="person", name="A", to="D"))
    with pytest.raises(DecisionRefused, match="“D” is named twice"):
        add(path, Merge(type="person", names=("D", "D"), into="E"))
    assert path.read_text() == before
    add(path, Rename(type="place", name="A", to="D"))
    add(path, Split(type="person", name="A", origin="D"))


def test_circles_are_refused_and_named(path: Path) -> None:
    add(path, Merge(type="person", names=("A",), into="B"))
    add(path, Rename(type="person", name="B", to="C"))
    with pytest.raises(DecisionRefused, match=r"circle: “A” → “B” → “C” → “A” \(lines 1, 6, 11\)"):
        add(path, Merge(type="person", names=("C",), into="A"))
    with pytest.raises(DecisionRefused, match="back to itself: “D” → “D”"):
        add(path, Rename(type="person", name="D", to="D"))
    with pytest.raises(DecisionRefused, match="back to itself: “D” → “D”"):
        add(path, Retype(type="person", name="D", to="person"))
    with pytest.raises(DecisionRefused, match="back to itself: “D” → “D”"):
        add(path, Split(type="person", name="D", origin="D"))


def test_an_edit_by_hand_at_the_same_time_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(path, Hide(type="person", name="A"))
    edits = iter(['\n[[hide]]\ntype = "person"\nname = "By hand"\n', ""])
    read_before = decisions_file._content

    def content_then_saved_in_an_editor(read_path: Path) -> bytes:
        content = read_before(read_path)
        with read_path.open("a") as file:
            file.write(next(edits, ""))
        return content

    monkeypatch.setattr(decisions_file, "_content", content_then_saved_in_an_editor)
    add(path, Hide(type="person", name="B"))
    monkeypatch.undo()
    assert [entry.decision.name for entry in load(path).entries] == ["A", "By hand", "B"]  # type: ignore[union-attr]


def test_a_full_disk_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(path, Hide(type="person", name="A"))
    before = path.read_text()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutOfSpace, match="the disk is full"):
        add(path, Hide(type="person", name="B"))
    assert path.read_text() == before


WRITE = """
import sys
from pathlib import Path
from index.curation.decisions import Hide
from index.curation.file import add
path, who = Path(sys.argv[1]), sys.argv[2]
for number in range(int(sys.argv[3])):
    add(path, Hide(type="person", name=f"{who} {number}"))
    print(number, flush=True)
"""


def test_processes_at_once_lose_nothing(path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(path), who, "15"], stdout=-3)
        for who in ("first", "second", "third")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    names = [entry.decision.name for entry in load(path).entries]  # type: ignore[union-attr]
    assert sorted(names) == sorted(
        f"{who} {number}" for who in ("first", "second", "third") for number in range(15)
    )


def test_killed_while_writing_the_file_is_whole(path: Path) -> None:
    for attempt in range(4):
        command = [sys.executable, "-c", WRITE, str(path), f"try {attempt}", "100000"]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout
        with writer.stdout as said:
            for _ in range(5 + 3 * attempt):
                said.readline()
            time.sleep(0.001 * attempt)
            writer.send_signal(signal.SIGKILL)
            writer.wait(60)
        for number in range(5 + 3 * attempt):
            assert load(path).about(f"try {attempt} {number}")
    add(path, Hide(type="person", name="after all"))
    assert load(path).about("after all")
