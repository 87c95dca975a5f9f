"""docs/reference/index-format.md says what the code writes, and the code writes what it says."""

from __future__ import annotations

import itertools
import json
import re
import struct
import zlib
from pathlib import Path

import corpus
import numpy as np
import pytest
from native_index import commit

from index.articles import STORY
from index.naming import Naming
from index.native import facets, lists, postings, renaming, segment
from index.native.files import (
    ALIGNMENT,
    END_MAGIC,
    FORMAT,
    MAGIC,
    Arrays,
    read_facts,
)
from index.native.manifest import FILE_NAME
from index.native.segment import FACTS, Segment, hash_of_id
from index.native.writer import NativeTarget

DOCUMENT = Path(__file__).parents[1] / "docs" / "reference" / "index-format.md"


def table(name: str) -> dict[str, str]:
    """The dtype of each array in the table of the document that a comment marks."""
    text = DOCUMENT.read_text(encoding="utf-8")
    _, found, rest = text.partition(f"<!-- arrays: {name} -->")
    assert found
    rows = re.findall(r"^\| `([^`]+)` \|(?: `([^`]+)`)? \|", rest.split("\n#")[0], re.MULTILINE)
    return dict(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of articles with all facets, some of them deleted."""
    folder = tmp_path_factory.mktemp("index")
    documents = corpus.archive(seed=41, articles=300)
    commit(folder, documents)
    commit(folder, [document.article_id for document in documents[:30]])
    return folder


def expected_arrays(facets: list[str], *, segment: bool = True) -> dict[str, str]:
    """By the document: the arrays of a segment with these facets, or of the facets alone."""
    expected: dict[str, str] = {}
    parts = {
        "<lists>": table("index.native.lists.DTYPES"),
        "<occurrences>": table("index.native.postings.OCCURRENCE_DTYPES"),
    }
    tables = [table("index.native.facets.ARRAYS")]
    if segment:
        tables.append(table("index.native.segment.ARRAYS"))
    for name, dtype in itertools.chain(*(each.items() for each in tables)):
        names = [name.replace("<name>", facet) for facet in (facets if "<name>" in name else [""])]
        for each in names:
            prefix, _, last = each.rpartition(".")
            for part, its_dtype in parts.get(last, {last: dtype}).items():
                expected[f"{prefix}.{part}"] = its_dtype
    return expected


def test_the_tables_are_those_of_the_code() -> None:
    assert table("index.native.segment.ARRAYS") == segment.ARRAYS
    assert table("index.native.facets.ARRAYS") == facets.ARRAYS
    assert table("index.native.renaming.NAMING_ARRAYS") == renaming.NAMING_ARRAYS
    assert table("index.native.lists.DTYPES") == lists.DTYPES
    assert table("index.native.postings.OCCURRENCE_DTYPES") == postings.OCCURRENCE_DTYPES


def test_the_named_tuples_have_the_arrays_of_the_tables() -> None:
    assert lists.Lists._fields == tuple(lists.DTYPES)
    assert postings.Occurrences._fields == tuple(postings.OCCURRENCE_DTYPES)


def test_a_segment_has_exactly_these_arrays(folder: Path) -> None:
    (path,) = folder.glob("*.segment")
    file = Arrays(path)
    names = file.facts["facets"]
    assert names == sorted((*corpus.VALUES, STORY))
    expected = expected_arrays(names)
    assert {name: file._listed[name][0].replace("|", "<") for name in file.names()} == expected
    for name, dtype in expected.items():
        assert file.array(name, dtype).dtype == np.dtype(dtype)
    assert file.facts.keys() == FACTS


def test_deletions_have_exactly_these_arrays(folder: Path) -> None:
    (path,) = folder.glob("*.deletions")
    file = Arrays(path)
    listed = {name: file._listed[name][0] for name in file.names()}
    assert listed == table("deletions")
    assert file.facts.keys() == {"words"}


def test_names_have_exactly_these_arrays(tmp_path: Path) -> None:
    documents = corpus.archive(seed=42, articles=30)
    kyiv = ("place", "Kyiv")
    with NativeTarget(tmp_path) as target:
        target.rename(Naming({kyiv: ("place", "Kyïv"), ("person", "O'Brien"): None}))
        for document in documents:
            target.put(document)
        target.commit()
    (naming,) = map(Arrays, tmp_path.glob("*.naming"))
    listed = {name: naming._listed[name][0].replace("|", "<") for name in naming.names()}
    assert listed == table("index.native.renaming.NAMING_ARRAYS")
    assert naming.facts == {"facets": ["person", "place"]}
    (renamed,) = map(Arrays, tmp_path.glob("*.facets"))
    listed = {name: renamed._listed[name][0].replace("|", "<") for name in renamed.names()}
    assert listed == expected_arrays(renamed.facts["facets"], segment=False)
    facts = read_facts(tmp_path / FILE_NAME)
    assert facts["naming"] == naming.path.name
    assert [entry["facets"] for entry in facts["segments"]] == [renamed.path.name]


def test_the_shapes_are_as_the_document_says(folder: Path) -> None:
    (path,) = folder.glob("*.segment")
    (deletions,) = folder.glob("*.deletions")
    whole = Segment(path)
    terms, words, ids = whole.terms, whole.words, whole.ids
    articles = whole.articles
    assert (len(ids), len(whole.published), len(whole.hashes)) == (articles, articles, articles)
    assert len(words) == len(whole.word_terms) == len(whole.word_articles)
    assert list(terms) == sorted(terms)
    assert list(words) == sorted(words)
    assert whole.hashes.tolist() == sorted(hash_of_id(article_id) for article_id in ids)
    assert [hash_of_id(ids[each]) for each in whole.by_hash.tolist()] == whole.hashes.tolist()
    every = whole.occurrences
    count = int(whole.term_lists.first_posting[-1])
    assert len(every.other) == -(-count // 64)
    assert len(every.position_start) == -(-len(every.code) // 6)
    assert len(every.once) + len(every.code) == count
    assert len(every.other_rank) == -(-count // 512)
    for packed, number in [(whole.term_lists, len(terms))] + [
        (whole.facets.lists(name), len(whole.facets.texts(name))) for name in whole.facets.names
    ]:
        assert len(packed.first_container) == len(packed.first_posting) == number + 1
        assert len(packed.container_block) == packed.first_container[-1]
        assert len(packed.sparse) == packed.first_sparse[-1]
        assert len(packed.dense) == packed.first_dense[-1] * 1_024
        assert len(packed.dense_rank) == packed.first_dense[-1] * 128
    live = Arrays(deletions).array("live", "<u8")
    assert len(live) == -(-articles // 64)
    assert int(np.bitwise_count(live).sum()) == articles - 30


def test_the_bytes_of_a_file(folder: Path) -> None:
    """Read by nothing but struct, json and zlib, following the document."""
    (path,) = folder.glob("*.segment")
    data = path.read_bytes()
    assert data[:8] == MAGIC == b"DATELINE"
    assert struct.unpack("<I", data[8:12]) == (FORMAT,) == (3,)
    assert data[12:64] == bytes(52)
    begin, length, checksum, magic = struct.unpack("<QII8s", data[-24:])
    assert magic == END_MAGIC == b"ENILETAD"
    contents = data[begin : begin + length]
    assert begin + length + 24 == len(data)
    assert zlib.crc32(contents) == checksum
    end = 64
    for dtype, items, offset, its_checksum in json.loads(contents)["arrays"].values():
        assert offset % ALIGNMENT == 0
        assert offset - end < ALIGNMENT
        assert not any(data[end:offset])
        end = offset + items * np.dtype(dtype).itemsize
        assert zlib.crc32(data[offset:end]) == its_checksum
    assert end == begin


def test_the_manifest(folder: Path) -> None:
    facts = read_facts(folder / FILE_NAME)
    assert facts.keys() == {"format", "commit", "segments", "naming"}
    assert facts["naming"] == ""
    assert (facts["format"], facts["commit"]) == (FORMAT, 2)
    (entry,) = facts["segments"]
    assert entry.keys() == {"name", "articles", "deleted", "deletions", "facets"}
    assert entry["facets"] == ""
    assert (entry["name"], entry["deletions"]) == (
        "00000001-0001.segment",
        "00000002-0001.deletions",
    )
    assert (entry["articles"], entry["deleted"]) == (300, 30)
    on_disk = {path.name for path in folder.iterdir()}
    assert on_disk == {entry["name"], entry["deletions"], FILE_NAME, "writer.lock"}
