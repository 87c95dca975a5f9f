"""Folders: the files in them that have a reader."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

_PAGES = (".html", ".htm", ".xhtml")
_ACCESSORIES = tuple(
    "_files .files -files _archivos _arquivos _bestanden -bestanden -dateien _datoteke _dosyalar"
    " _elemei _fichiers _ficheiros _file -filer _filer _fitxers _pliki _soubory _tiedostot".split()
)
"""How browsers, each in its language, end the name of the folder for what belongs to a page."""


def files_in(folder: Path, passed_over: Callable[[str], None]) -> Iterator[Path]:
    """All files in a folder and those in it, in their order.

    passed_over is told the names of what is left out but of hidden files and folders: what
    browsers keep beside a saved page ("News.html", "News_files") is part of that page.
    """
    for path, folders, names in os.walk(folder):
        pages = {Path(name).stem for name in names if name.lower().endswith(_PAGES)}
        for name in folders:
            if _belongs_to_page(name, pages):
                passed_over(name)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not _belongs_to_page(name, pages)
        )
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(path) / name


def _belongs_to_page(folder: str, pages: set[str]) -> bool:
    return any(
        folder.lower().endswith(ending) and folder[: -len(ending)] in pages
        for ending in _ACCESSORIES
    )
