"""The language of a text, or none where it cannot be told."""

from __future__ import annotations

import subprocess
import sys

import pytest

from index.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The parliament voted on Tuesday to raise taxes on fuel from next year.", "en"),
        ("Le parlement a voté mardi une hausse des taxes sur les carburants.", "fr"),
        ("Das Parlament stimmte am Dienstag für höhere Steuern auf Kraftstoffe.", "de"),
        ("El parlamento votó el martes a favor de subir los impuestos al combustible.", "es"),
        ("Парламент во вторник проголосовал за повышение налогов на топливо.", "ru"),
        ("Парламент у вівторок проголосував за підвищення податків на пальне.", "uk"),
        ("صوت البرلمان يوم الثلاثاء على زيادة الضرائب على الوقود", "ar"),
        ("议会星期二投票决定从明年起提高燃油税，反对派表示不满。", "zh"),
    ],
)
def test_told(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "Hello", "12345 67890 " * 50, "???", "😀" * 100, "\ud800"])
def test_not_told(text: str) -> None:
    assert detect(text) == ""


def test_long_text_is_told_by_its_beginning() -> None:
    english = "The parliament voted on Tuesday to raise taxes on fuel from next year. "
    assert detect(english + " " * 10_000_000) == "en"


def test_the_model_is_loaded_only_when_asked() -> None:
    code = "import sys, index.language; print('py3langid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
