"""How well the native engine ranks, on test collections with judged queries.

    python -m benchmarks.relevance --collections FOLDER [--json OUT]

FOLDER holds a folder a collection, each with docs.jsonl.gz, queries.tsv (id, text) and qrels.tsv
(query, document, gain). Queries are read with match="any". nDCG@10 has linear gains: the sum of
gain / log2(1 + rank), as a part of what the best order would have, 0 for a query without answer;
its mean is over the queries that have a judged document. The reciprocal rank is of the first
relevant document among the top 10, 0 when there is none.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.corpus import LANGUAGE, document_of
from benchmarks.report import table
from index.articles import Document
from index.target import open_target
from search.engine import ENGINES, Engine
from search.query import read_query
from search.request import SearchRequest
from search.vocabulary import expand

DEPTH = 10

REFERENCE = {
    "cacm": 0.5189,
    "cisi": 0.3957,
    "cranfield": 0.5186,
    "knownitem_reuters": 0.7598,
    "medline": 0.6986,
    "npl_vaswani": 0.4361,
}
"""nDCG@10 of BM25 by bm25s: k1 1.2, b 0.75, Snowball English, English stop words removed, title
and body joined, linear gains. The reciprocal rank of knownitem_reuters is 0.722."""

Gains = Mapping[str, int]
"""The gain of each judged document of a query."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the judged queries of a collection."""

    queries: int
    ndcg: float
    reciprocal_rank: float


def measure(collection: Path, engine: str = "native") -> Quality:
    """Index the documents of a collection and ask all its judged queries."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_target(engine, folder) as target:
            for document in _documents(collection / "docs.jsonl.gz"):
                target.put(document)
            target.commit()
        opened = ENGINES[engine](folder)
        try:
            return _quality(opened, collection)
        finally:
            opened.close()


def ndcg(ranked: Sequence[str], gains: Gains) -> float:
    """NDCG of the documents in this order, as deep as DEPTH."""
    best = sorted(gains.values(), reverse=True)[:DEPTH]
    ideal = _discounted(best)
    return _discounted([gains.get(each, 0) for each in ranked[:DEPTH]]) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], gains: Gains) -> float:
    """1 / the rank of the first relevant document, as deep as DEPTH; else 0."""
    ranks = (rank for rank, each in enumerate(ranked[:DEPTH], 1) if gains.get(each, 0) > 0)
    return 1 / next(ranks, math.inf)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(1 + rank) for rank, gain in enumerate(gains, 1))


def _quality(engine: Engine, collection: Path) -> Quality:
    judged: dict[str, dict[str, int]] = {}
    for query, document, gain in _rows(collection / "qrels.tsv"):
        judged.setdefault(query, {})[document] = int(gain)
    texts = dict(_rows(collection / "queries.tsv"))
    asked = [query for query in texts if max(judged.get(query, {}).values(), default=0) > 0]
    ranked = {query: _ranked(engine, texts[query]) for query in asked}
    return Quality(
        queries=len(asked),
        ndcg=sum(ndcg(ranked[query], judged[query]) for query in asked) / len(asked),
        reciprocal_rank=sum(reciprocal_rank(ranked[query], judged[query]) for query in asked)
        / len(asked),
    )


def _ranked(engine: Engine, text: str) -> list[str]:
    """The ids of the best documents for a query as it would be typed."""
    plan = expand(read_query(text, match="any", languages=(LANGUAGE,)).plan, engine)
    results = engine.search(SearchRequest(plan=plan, size=DEPTH))
    return [hit.article_id for hit in results.hits]


def _documents(path: Path) -> Iterator[Document]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            yield document_of(json.loads(line), number)


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield line.split("\t")


def _shown(found: Mapping[str, Quality]) -> str:
    """The figures beside the reference, and their means over the collections that have one."""
    rows = [("collection", "queries", "nDCG@10", "reference", "difference", "MRR@10")]
    for name, each in found.items():
        reference = REFERENCE.get(name)
        rows.append(
            (
                name,
                str(each.queries),
                f"{each.ndcg:.4f}",
                f"{reference:.4f}" if reference else "–",
                f"{each.ndcg - reference:+.4f}" if reference else "–",
                f"{each.reciprocal_rank:.4f}",
            )
        )
    known = [(found[name].ndcg, REFERENCE[name]) for name in found if name in REFERENCE]
    if known:
        ours, theirs = (sum(column) / len(known) for column in zip(*known, strict=True))
        rows.append(("mean", "", f"{ours:.4f}", f"{theirs:.4f}", f"{ours - theirs:+.4f}", ""))
    return table(rows)


def main() -> None:
    """Print the figures of each collection beside those of the reference."""
    parser = argparse.ArgumentParser(description="Measure ranking on judged collections.")
    parser.add_argument("--collections", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args()
    folders = sorted(path.parent for path in given.collections.glob("*/qrels.tsv"))
    if not folders:
        parser.error(f"{given.collections} holds no folder with qrels.tsv")
    found = {folder.name: measure(folder) for folder in folders}
    print(_shown(found))
    if given.json:
        figures = {name: asdict(each) for name, each in found.items()}
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
