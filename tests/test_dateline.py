"""Datelines of agencies, and titles for texts that have none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dateline import LONGEST_TITLE, place_of_dateline, title_of_text

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("KYIV, Ukraine – Recent reports say", "KYIV, Ukraine"),
        ("LONDON (AP) — A man suspected of", "LONDON"),
        ("RAFAH, Gaza Strip (AP) — More than", "RAFAH, Gaza Strip"),
        ("WASHINGTON, March 3 (Reuters) - The Fed", "WASHINGTON"),
        ("Paris (AFP) - The museum", "Paris"),
        ("NEW YORK -- Stocks fell", "NEW YORK"),
        ("ST. LOUIS — The arch", "ST. LOUIS"),
        ("PORT-AU-PRINCE, Haiti – Gangs", "PORT-AU-PRINCE, Haiti"),
        ("SÃO PAULO — Voters", "SÃO PAULO"),
        ("Stocks fell - and then rose", ""),
        ("The well-known man", ""),
        ("Ukraine – a country at war", ""),
        ("", ""),
        ("–", ""),
        ("NATO said on Monday", ""),
    ],
)
def test_place(text: str, place: str) -> None:
    assert place_of_dateline(text) == place


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("KYIV, Ukraine – Troops crossed. More came.", "Troops crossed"),
        ("Maj. Gen. Pat Ryder spoke. He left.", "Maj. Gen. Pat Ryder spoke"),
        ("The U.S. economy grew. It shrank later.", "The U.S. economy grew"),
        ("Who won? Nobody knows.", "Who won?"),
        ("A headline without a stop\nThe text begins.", "A headline without a stop"),
        ("  Spaces   and\ttabs. Next.", "Spaces and tabs"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_title(body: str, title: str) -> None:
    assert title_of_text(body) == title


def test_long_title_ends_after_a_word() -> None:
    title = title_of_text("word " * 50 + "end. Next sentence.")
    assert title == "word " * 19 + "word…"


def test_one_endless_word() -> None:
    assert title_of_text("x" * 1_000_000) == "x" * LONGEST_TITLE + "…"


@given(st.text(max_size=500))
def test_title_is_one_short_line(body: str) -> None:
    title = title_of_text(body)
    assert len(title) <= LONGEST_TITLE + 1
    assert "\n" not in title


def test_seed_article() -> None:
    text = next(path for path in SEEDS.rglob("*") if path.is_file() and _begins_with_kyiv(path))
    body = text.read_text(encoding="utf-8")
    assert place_of_dateline(body) == "KYIV, Ukraine"
    assert title_of_text(body).startswith("Recent reports from Ukraine’s military intelligence")
    assert title_of_text(body).endswith("…")


def _begins_with_kyiv(path: Path) -> bool:
    return path.read_bytes().startswith("KYIV, Ukraine – ".encode())
