"""What changed from one text to the next: complete, readable, and quick for hostile texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.differences import Paragraph, Piece, differences


def told(before: str, after: str) -> list[tuple[str, str]]:
    """Each paragraph with its kind; [-what went-] and {+what came+} in edited ones."""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return [
        (
            paragraph.kind,
            "".join(
                marks[piece.kind if paragraph.kind == "changed" else "same"].format(piece.text)
                for piece in paragraph.pieces
            ),
        )
        for paragraph in differences(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("One.", "One.", [("same", "One.")]),
        ("", "One.", [("added", "One.")]),
        ("One.", "", [("removed", "One.")]),
        (
            "The court found her not guilty.",
            "The court found her guilty.",
            [("changed", "The court found her [-not -]guilty.")],
        ),
        (
            "It opens on Monday, he said.",
            "It opens on Tuesday, he said.",
            [("changed", "It opens on [-Monday-]{+Tuesday+}, he said.")],
        ),
        (
            "First.\nThe river is high today.\nLast.",
            "First.\nPrices of bread went up.\nLast.",
            [
                ("same", "First."),
                ("removed", "The river is high today."),
                ("added", "Prices of bread went up."),
                ("same", "Last."),
            ],
        ),
        (
            "The minister will resign.\nNothing else is known.",
            "News: rivers are high.\nThe minister will not resign.\nNothing else is known.",
            [
                ("added", "News: rivers are high."),
                ("changed", "The minister will {+not +}resign."),
                ("same", "Nothing else is known."),
            ],
        ),
    ],
)
def test_differences(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert told(before, after) == expected


def words_of(paragraphs: tuple[Paragraph, ...], *kinds: str) -> list[list[str]]:
    """The words of the paragraphs in which anything of these kinds is."""
    texts = (
        "".join(piece.text for piece in paragraph.pieces if piece.kind in kinds)
        for paragraph in paragraphs
    )
    return [text.split() for text in texts if text.split()]


_LINES = st.lists(st.sampled_from(["a", "b,", "cc", "d.", "—", " "]), max_size=6).map(" ".join)
_TEXTS = st.lists(_LINES, max_size=6).map("\n".join)


@given(_TEXTS, _TEXTS)
def test_nothing_is_lost_or_made_up(before: str, after: str) -> None:
    found = differences(before, after)
    assert words_of(found, "same", "removed") == [
        w for line in before.split("\n") if (w := line.split())
    ]
    assert words_of(found, "same", "added") == [
        w for line in after.split("\n") if (w := line.split())
    ]
    for paragraph in found:
        if paragraph.kind != "changed":
            assert {piece.kind for piece in paragraph.pieces} == {paragraph.kind}


def test_long_texts_are_compared() -> None:
    before = "\n".join(f"Paragraph {number} has words of its own." for number in range(3_000))
    after = before.replace("Paragraph 1500 has", "Paragraph 1500 had")
    changed = [paragraph for paragraph in differences(before, after) if paragraph.kind != "same"]
    assert [paragraph.kind for paragraph in changed] == ["changed"]


def test_what_cannot_be_compared_counts_as_replaced() -> None:
    before, after = "aaa " * 30_000, "bbb " * 30_000
    (went, came) = differences(before, after)
    assert (went.kind, came.kind) == ("removed", "added")
    alike = "same words " * 6_000
    (paragraph,) = differences(alike + "x", alike + "y")
    assert paragraph.pieces == (Piece("removed", alike + "x"), Piece("added", alike + "y"))
    lines = "\n".join("ab"[number % 2] for number in range(12_000))
    assert {each.kind for each in differences(lines, lines + "\nc")} <= {"removed", "added", "same"}
