"""Measuring the recogniser: CoNLL files in, figures out; floors for the development sets."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from data_sets import data_set

from index.entities import conll, evaluate
from index.entities.recogniser import load

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["ner"]

ARTICLE = """-DOCSTART-\tO

Vladimir\tB-PER
Putin\tI-PER
met\tO
North\tB-MISC
Korean\tI-MISC
officials\tO
in\tO
Moscow\tB-LOC
,\tO
the\tO
Kremlin\tB-ORG
said\tO
.\tO

-DOCSTART-\tO

Putin\tB-PER
's\tO
visit\tO
(\tO
his\tO
first\tO
)\tO
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "news.conll"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_tokens_become_text_with_places(article: Path) -> None:
    first, second = conll.read(article)
    assert first.text == "Vladimir Putin met North Korean officials in Moscow, the Kremlin said.\n"
    assert [(first.text[start:end], kind) for start, end, kind in first.names] == [
        ("Vladimir Putin", "person"),
        ("North Korean", "other"),
        ("Moscow", "place"),
        ("Kremlin", "organisation"),
    ]
    assert second.text == "Putin's visit (his first)\n"
    assert (first.tokens, second.tokens) == (13, 7)


def test_compressed_files_are_read(article: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.conll.gz"
    path.write_bytes(gzip.compress(article.read_bytes()))
    assert list(conll.read(path)) == list(conll.read(article))


def test_only_exact_names_of_the_right_type_count() -> None:
    articles = [
        conll.Annotated("Vladimir Putin left Moscow.\n", names, 5)
        for names in (
            ((0, 14, "person"), (20, 26, "place")),
            ((9, 14, "person"), (20, 26, "organisation")),
        )
    ]
    counts = evaluate.count(articles, load())
    assert counts["person"] == evaluate.Counts(found=2, true=2, right=1)
    assert counts["place"] == evaluate.Counts(found=2, true=1, right=1)
    assert counts["organisation"] == evaluate.Counts(found=0, true=1, right=0)
    assert counts["person"].score() == evaluate.Score(50.0, 50.0, 50.0)
    assert evaluate.Counts().score() == evaluate.Score(0.0, 0.0, 0.0)


def test_the_command_prints_and_writes_figures(
    article: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evaluate, "_AT_LEAST", 0.01)
    out = tmp_path / "figures.json"
    assert evaluate.main([str(article), "--json", str(out)]) == 0
    assert "tokens/s" in capsys.readouterr().out
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["overall"].keys() == {"precision", "recall", "f1"}
    assert figures["by_type"].keys() == {"PER", "LOC", "ORG"}
    assert figures["tokens_per_second"] > 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Moscow B-LOC\n", "line 1: expected a token, a tab and a BIO tag"),
        ("Moscow\tLOC\n", "line 1: expected"),
        ("a\tO\nMoscow\tB-CITY\n", "line 2: expected"),
        ("", "no articles"),
    ],
)
def test_other_files_are_refused(
    content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.conll"
    path.write_text(content, encoding="utf-8")
    assert evaluate.main([str(path)]) == 1
    assert message in capsys.readouterr().err


def test_missing_and_truncated_files_are_refused(
    article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.conll.gz"
    cut.write_bytes(gzip.compress(article.read_bytes())[:-12])
    assert evaluate.main([str(cut)]) == 1
    assert evaluate.main([str(tmp_path / "nowhere.conll")]) == 1
    assert "nowhere.conll" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_development_sets_stay_above_their_floors(name: str) -> None:
    articles = list(conll.read(data_set("ner") / "dev" / f"{name}.conll.gz"))
    counts = evaluate.count(articles, load())
    score = sum(counts.values(), evaluate.Counts()).score()
    assert score.f1 >= FLOORS[name]
