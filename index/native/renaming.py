"""Facets under other names: a file beside each segment that has them, and the naming itself.

The facets of a segment keep the values that documents were put with. Where a naming changes any,
its facets are written once more, with the names in force and in the same layout; readers take
those instead. So another naming needs the segments only.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.naming import FacetName, Naming
from index.native.facets import Facets, FacetValues, write_facets
from index.native.files import Arrays, ArraysWriter
from index.native.merge_postings import GONE
from index.native.texts import read_texts, write_texts

NAMING_ARRAYS = {
    "old.facet": "<u1",
    "old.text": "<u1",
    "old.start": "<u4",
    "new.facet": "<u1",
    "new.text": "<u1",
    "new.start": "<u4",
}

HIDDEN = 255
"""The facet of a new name that stands for none."""


def write_naming(path: Path, naming: Naming) -> None:
    """Write a naming. Raises OutOfSpace."""
    old = sorted(naming.names)
    new = [naming.names[name] for name in old]
    facets = sorted({name[0] for name in (*old, *new) if name is not None})
    places = {facet: place for place, facet in enumerate(facets)}
    file = ArraysWriter(path)
    try:
        file.add("old.facet", np.array([places[facet] for facet, _ in old], np.uint8), "<u1")
        write_texts(file, "old", (value.encode() for _, value in old))
        called = [HIDDEN if name is None else places[name[0]] for name in new]
        file.add("new.facet", np.array(called, np.uint8), "<u1")
        write_texts(file, "new", (b"" if name is None else name[1].encode() for name in new))
        file.close({"facets": facets})
    finally:
        file.abandon()


def read_naming(path: Path) -> Naming:
    """The naming in a file. Raises what index.native.files.Arrays raises."""
    file = Arrays(path)
    file.verify()
    facets: list[str] = file.facts["facets"]
    old, new = (
        zip(
            file.array(f"{side}.facet", "<u1").tolist(),
            map(bytes.decode, read_texts(file, side).all_encoded()),
            strict=True,
        )
        for side in ("old", "new")
    )
    return Naming(
        {
            (facets[facet], value): None if called == HIDDEN else (facets[called], name)
            for (facet, value), (called, name) in zip(old, new, strict=True)
        }
    )


def write_renamed(path: Path, facets: Facets, naming: Naming) -> bool:
    """Write the facets of a segment under the names of a naming, if it changes any.

    Says whether it does; else there is no file. Raises OutOfSpace.
    """
    renamed = _renamed(facets, naming)
    if not renamed:
        return False
    documents = len(facets.values.first) - 1
    file = ArraysWriter(path)
    try:
        names, texts, identifier = _identified(facets, renamed)
        values, weights, first = facets.identified(identifier, np.arange(documents))
        written = write_facets(file, FacetValues(names, texts, values, weights, first))
        file.close({"facets": written})
    finally:
        file.abandon()
    return True


def read_renamed(path: Path, articles: int) -> Facets:
    """The facets in a file, for a segment of so many. Raises what Arrays raises."""
    facets = Facets(Arrays(path))
    if len(facets.values.first) != articles + 1:
        raise IndexDamaged(path, f"it is not of a segment of {articles:,} articles")
    return facets


def _renamed(facets: Facets, naming: Naming) -> dict[str, dict[int, FacetName | None]]:
    """By facet, the places of values that have another name, and that."""
    changed: dict[str, dict[int, FacetName | None]] = {}
    wanted = {facet for facet, _ in naming.names}
    for facet in wanted.intersection(facets.names):
        texts = map(bytes.decode, facets.texts(facet).all_encoded())
        found = {
            place: naming.names[facet, text]
            for place, text in enumerate(texts)
            if (facet, text) in naming.names
        }
        if found:
            changed[facet] = found
    return changed


def _identified(
    facets: Facets, renamed: dict[str, dict[int, FacetName | None]]
) -> tuple[list[str], list[list[bytes]], NDArray[np.uint32]]:
    """The facets there are then, the values of each, and the identifier of each number."""
    called: dict[str, set[bytes]] = {facet: set() for facet in facets.names}
    for facet in facets.names:
        gone = renamed.get(facet, {})
        texts = facets.texts(facet).all_encoded()
        called[facet].update(text for place, text in enumerate(texts) if place not in gone)
        for new_name in gone.values():
            if new_name is not None:
                called.setdefault(new_name[0], set()).add(new_name[1].encode())
    names = sorted(called)
    tables = [sorted(called[name]) for name in names]
    identifiers: dict[str, dict[bytes, int]] = {}
    begin = 0
    for name, table in zip(names, tables, strict=True):
        identifiers[name] = {text: begin + place for place, text in enumerate(table)}
        begin += len(table)
    identifier = np.full(len(facets.facet), GONE, np.uint32)
    for facet in facets.names:
        own, gone = identifiers[facet], renamed.get(facet, {})
        new = [own.get(text, GONE) for text in facets.texts(facet).all_encoded()]
        for place, new_name in gone.items():
            new[place] = (
                GONE if new_name is None else identifiers[new_name[0]][new_name[1].encode()]
            )
        identifier[facets.numbers(facet)] = new
    return names, tables, identifier
