"""Facets under other names: which files are written when, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import corpus
import pytest
from native_index import article

from index.articles import Document
from index.errors import IndexDamaged
from index.naming import Naming
from index.native.check import damages
from index.native.files import Arrays
from index.native.manifest import Manifest, read_manifest
from index.native.renaming import read_naming, write_naming
from index.native.writer import NativeTarget
from search.native.engine import NativeEngine
from search.request import FacetRequest, SearchRequest

NAMING = Naming(
    {
        ("person", "Kirby"): ("person", "John Kirby"),
        ("person", "Kyiv"): ("place", "Kyiv"),
        ("place", "Nowhere"): None,
    }
)


def commit(
    folder: Path, documents: Iterable[Document] = (), naming: Naming | None = None
) -> Manifest:
    """One commit; what is live then."""
    with NativeTarget(folder) as target:
        if naming is not None:
            target.rename(naming)
        for document in documents:
            target.put(document)
        target.commit()
    return read_manifest(folder)


def named(article_id: str, **facets: str) -> Document:
    return article(article_id, facets={facet: (value,) for facet, value in facets.items()})


def counts(engine: NativeEngine, facet: str) -> dict[str, int]:
    request = SearchRequest(facets=(FacetRequest(facet=facet, size=100),))
    return dict(engine.search(request).facets[0].counts)


def test_a_naming_is_read_as_it_was_written(tmp_path: Path) -> None:
    for number, naming in enumerate(
        (
            Naming(),
            NAMING,
            Naming({("source", ""): ("author", "Élise 北京"), ("person", "\0"): None}),
            Naming({("person", str(n)): ("place", str(n % 7)) for n in range(3_000)}),
        )
    ):
        write_naming(tmp_path / str(number), naming)
        assert read_naming(tmp_path / str(number)) == naming


def test_only_what_a_naming_changes_is_written(tmp_path: Path) -> None:
    several = [named(f"a{n}", person="Kirby") for n in range(9)]
    first = commit(tmp_path, several, NAMING)
    assert [bool(entry.facets) for entry in first.segments] == [True]
    second = commit(tmp_path, [named("b1", person="Zoe"), named("b2", place="Kyiv")])
    assert second.naming == first.naming
    assert second.segments[0] == first.segments[0]
    assert [bool(entry.facets) for entry in second.segments] == [True, False]
    third = commit(tmp_path, [named("c", place="Nowhere", person="Kyiv")])
    assert third.segments[0] == first.segments[0]
    assert third.segments[-1].facets
    assert commit(tmp_path, (), Naming(dict(NAMING.names))).segments == third.segments
    engine = NativeEngine.open(tmp_path)
    assert counts(engine, "person") == {"John Kirby": 9, "Zoe": 1}
    assert counts(engine, "place") == {"Kyiv": 2}
    none = commit(tmp_path, (), Naming())
    assert (none.naming, {entry.facets for entry in none.segments}) == ("", {""})
    newer = engine.refreshed()
    assert counts(newer, "person") == {"Kirby": 9, "Kyiv": 1, "Zoe": 1}
    assert counts(engine, "person") == {"John Kirby": 9, "Zoe": 1}
    on_disk = {path.name for path in tmp_path.iterdir()}
    assert on_disk == none.names() | {"manifest.json", "writer.lock"}


def test_merged_segments_keep_the_values_articles_came_with(tmp_path: Path) -> None:
    for n in range(20):
        commit(tmp_path, [named(f"a{n}", person="Kirby")], NAMING if n == 3 else None)
        assert len(read_manifest(tmp_path).segments) < 5
    engine = NativeEngine.open(tmp_path)
    assert counts(engine, "person") == {"John Kirby": 20}
    commit(tmp_path, (), Naming({("person", "Kirby"): ("person", "K.")}))
    assert counts(engine.refreshed(), "person") == {"K.": 20}
    assert damages(tmp_path) == []


@pytest.mark.parametrize("suffix", ["facets", "naming"])
@pytest.mark.parametrize("harm", ["missing", "cut", "flipped", "foreign"])
def test_damaged_names_are_found(tmp_path: Path, suffix: str, harm: str) -> None:
    commit(tmp_path, [named("a", person="Kirby")], NAMING)
    (path,) = tmp_path.glob(f"*.{suffix}")
    data = path.read_bytes()
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "flipped":
        path.write_bytes(data[:64] + bytes([data[64] ^ 1]) + data[65:])
    else:
        commit(tmp_path / "other", corpus.archive(seed=2, articles=9), NAMING)
        (segment,) = (tmp_path / "other").glob("*.segment")
        path.write_bytes(segment.read_bytes())
    (found,) = damages(tmp_path)
    assert path.name in found
    if suffix == "facets" and harm != "flipped":  # of those only the arrays read may be named
        with pytest.raises(IndexDamaged, match=path.name):
            NativeEngine.open(tmp_path)


def test_names_that_come_with_a_commit_that_never_was(tmp_path: Path) -> None:
    live = commit(tmp_path, [named("a", person="Kirby")])
    with NativeTarget(tmp_path) as target:
        target.rename(NAMING)
    assert read_manifest(tmp_path) == live
    assert not list(tmp_path.glob("*.naming"))
    (segment,) = tmp_path.glob("*.segment")
    assert Arrays(segment).facts["facets"] == ["person"]
