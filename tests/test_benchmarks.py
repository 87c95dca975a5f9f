"""The measurements run, and engines that are compared find the same."""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import geometric_mean

import pytest
from lxml import etree

from benchmarks import (
    engines,
    growth,
    importing,
    measure,
    memory,
    pages,
    relevance,
    start,
    tagger,
)
from benchmarks.corpus import documents
from benchmarks.measure import Times
from benchmarks.peers.peer import NAMES, TASKS, Indexed, Peer, Task, open_peer
from benchmarks.questions import CLASSES, Question, draw_questions, read_questions
from benchmarks.report import Results, report
from benchmarks.synthetic import articles as synthetic_articles
from index.articles import Document
from index.target import open_target

ARTICLES = 300


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "synthetic.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as out:
        for article in synthetic_articles(ARTICLES):
            out.write(json.dumps(article) + "\n")
    return path


@pytest.fixture(scope="module")
def articles(corpus: Path) -> list[Document]:
    return list(documents(corpus))


@pytest.fixture(scope="module")
def questions(articles: list[Document]) -> list[Question]:
    return draw_questions(articles, 3)


@pytest.fixture(scope="module")
def peers(articles: list[Document], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Peer]:
    """Every engine that is installed, with the articles."""
    found = {}
    for name in NAMES:
        try:
            found[name] = open_peer(name, tmp_path_factory.mktemp(name))
        except ImportError:
            continue
        assert found[name].index(articles).size > 0
    return found


@pytest.fixture(params=NAMES)
def peer(request: pytest.FixtureRequest, peers: dict[str, Peer]) -> Peer:
    if request.param not in peers:
        pytest.skip(f"{request.param} is not installed")
    return peers[request.param]


def test_corpus_keeps_what_a_line_has(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        {"id": "a", "title": "T", "body": "B", "published": "1970-01-02", "source": "Wire"},
        {"id": "a", "title": "again"},
        {"body": "no id", "published": "yesterday", "places": ["X", "", "X", "Y"]},
        {"id": 7, "title": None, "published": "1970-01-01T00:00:01-05:00", "people": None},
    ]
    path.write_text("\n\n".join(map(json.dumps, lines)))
    first, second, third = documents(path)
    assert (first.title, first.body, first.published) == ("T", "B", 86_400)
    assert first.facets == {"source": ("Wire",)}
    assert (second.article_id, second.published) == ("line-5", None)
    assert second.facets == {"place": ("X", "Y")}
    assert (third.article_id, third.title, third.published) == ("7", "", 1)
    assert [each.article_id for each in documents(path, 1)] == ["a"]


@pytest.mark.parametrize("line", ['{"id": ', "[1]"])
def test_corpus_names_the_line_it_cannot_read(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a"}\n' + line)
    with pytest.raises(ValueError, match=r"a\.jsonl:2: "):
        list(documents(path))


def test_questions_are_of_every_class_and_the_same_again(
    articles: list[Document], questions: list[Question]
) -> None:
    assert list(dict.fromkeys(each.kind for each in questions)) == list(CLASSES)
    assert len(questions) == 3 * len(CLASSES)
    assert draw_questions(articles, 3) == questions
    assert draw_questions(articles, 3, seed=2) != questions
    assert sum(bool(each.page_filters) for each in questions) == len(CLASSES)
    assert all(
        set(each.on_the_page().filters) == set(each.filters + each.page_filters)
        for each in questions
    )


def test_no_articles_give_no_questions() -> None:
    assert draw_questions([], 3) == []


def test_classes_of_a_query_file_follow_its_forms(tmp_path: Path, articles: list[Document]) -> None:
    path = tmp_path / "queries.txt"
    path.write_text('Running\nred cars Red\nred OR cars\n"the red cars"\nrun*\n\n!?\n')
    found = read_questions(path, articles)
    assert [(each.kind, each.form, each.stems) for each in found] == [
        ("one word", "all", ("run",)),
        ("all of 2", "all", ("red", "car")),
        ("any of 2", "any", ("red", "car")),
        ("phrase", "phrase", ("the", "red", "car")),
        ("prefix", "prefix", ("run",)),
    ]


def test_ids_are_different_and_of_articles(
    peer: Peer, articles: list[Document], questions: list[Question]
) -> None:
    known = {each.article_id for each in articles}
    for question in questions:
        for task in TASKS:
            if not peer.answers(question, task):
                continue
            answer = measure.asking(peer, task)(question)
            assert known.issuperset(answer.ids)
            assert len(set(answer.ids)) == len(answer.ids)
            assert answer.ids, question
            assert answer.total is None or len(answer.ids) == min(10, answer.total)


def test_engines_count_alike(peers: Mapping[str, Peer], questions: list[Question]) -> None:
    """Stems of made-up words may differ, so a few questions may."""
    for name, peer in peers.items():
        asked = [each for each in questions if peer.answers(each, "count")]
        same = [peer.count(q).total == peers["native"].count(q).total for q in asked]
        assert sum(same) >= 0.9 * len(asked), name


def test_engines_rank_alike(peers: Mapping[str, Peer], questions: list[Question]) -> None:
    """Formulas differ a little; what one finds best is nearly always among another's top 10."""
    for name, peer in peers.items():
        asked = [
            each
            for each in questions
            if each.form in {"any", "all"} and peer.answers(each, "top10")
        ]
        found = [peers["native"].top10(q).ids[0] in peer.top10(q).ids for q in asked]
        assert sum(found) >= 0.7 * len(asked), name


def test_facets_count_alike(peers: Mapping[str, Peer], questions: list[Question]) -> None:
    for name, peer in peers.items():
        asked = [each.on_the_page() for each in questions if peer.answers(each, "page")]
        same = []
        for question in asked:
            ours = peers["native"].facet_counts(peers["native"].page(question))
            theirs = peer.facet_counts(peer.page(question))
            assert theirs.keys() == ours.keys()
            same += [
                [count for _, count in theirs[facet]] == [count for _, count in values]
                for facet, values in ours.items()
            ]
        assert sum(same) >= 0.9 * len(same), name


def test_figures_are_written_as_promised(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out.json"
    options = ["--limit", "200", "--queries-a-class", "2", "--engines", "native,fts5"]
    command = ["engines", "--corpus", str(corpus), *options, "--threads", "2", "--json", str(out)]
    monkeypatch.setattr(sys, "argv", command)
    monkeypatch.setattr(measure, "SECONDS", 0.01)
    engines.main()
    written = json.loads(out.read_text())
    assert written.keys() == {"index", "times"}
    assert {each["engine"] for each in written["index"]} == {"native", "fts5"}
    for each in written["index"]:
        assert each.keys() == {"engine", "seconds", "bytes", "articles"}
        assert each["articles"] == 200
        assert each["bytes"] > 0
    for each in written["times"]:
        assert each.keys() == {"engine", "class", "task", "median_ms", "p99_ms", "queries"}
        assert each["median_ms"] > 0
    found = {(each["engine"], each["class"], each["task"]) for each in written["times"]}
    assert found == {(e, c, t) for e in ("native", "fts5") for c in CLASSES for t in TASKS}
    printed = capsys.readouterr().out
    assert printed.startswith("Ratios")
    assert "Pages a second" in printed


def test_median_is_of_repeats_and_mean_of_questions() -> None:
    found = measure.times("e", "k", "page", [[0.001, 0.001, 9.0], [0.004, 0.004, 0.004]])
    assert found.median_ms == pytest.approx(2.0)
    assert found.p99_ms == pytest.approx(9000, rel=0.06)
    assert found.queries == 2


def test_ratios_are_of_what_both_answer() -> None:
    def found(engine: str, kind: str, milliseconds: float, task: Task = "page") -> Times:
        return Times(engine, kind, task, milliseconds, milliseconds, 1)

    results = Results(
        articles=10,
        index={"native": Indexed(1.0, 200), "tantivy": Indexed(3.0, 100)},
        times=[
            found("native", "a", 1.0),
            found("native", "b", 2.0),
            found("native", "c", 1.0),
            found("tantivy", "a", 8.0),
            found("tantivy", "b", 4.0),
            found("native", "a", 1.0, "count"),
            found("tantivy", "a", 3.0, "count"),
        ],
        agreement={},
        hits={},
        throughput={},
    )
    assert results.ratios("tantivy", "page") == {"a": 8.0, "b": 2.0}
    assert results.ratios("tantivy", "count") == {"a": 3.0}
    assert results.ratios("tantivy", "top10") == {}
    assert geometric_mean(results.ratios("tantivy", "page").values()) == pytest.approx(4.0)
    ratios = report(results).partition("\n\n")[0].splitlines()[2:]
    assert [line.endswith("missed") for line in ratios] == [True, False, False, False, False, True]


def test_an_archive_grows_by_commits(articles: list[Document], tmp_path: Path) -> None:
    points = growth.growth(iter(articles), [100, 200, 500, 600], tmp_path, a_class=1)
    assert [each.articles for each in points] == [100, 200, 300]
    assert all(each.milliseconds > 0 for each in points)


def test_growth_is_plotted_to_scale() -> None:
    points = [growth.Point(100, 2.0), growth.Point(1_000, 4.0), growth.Point(10_000, 8.0)]
    assert growth.exponent(points) == pytest.approx(math.log10(4) / 2)
    plotted = etree.fromstring(growth.plot(points).encode())
    circles = plotted.findall("{*}circle")
    places = [(float(each.get("cx", "")), float(each.get("cy", ""))) for each in circles]
    (left, low), (middle, between), (right, high) = places
    assert middle == pytest.approx((left + right) / 2, abs=0.1)
    assert between == pytest.approx((low + high) / 2, abs=0.1)
    assert low > high


def test_one_size_alone_has_no_growth() -> None:
    points = [growth.Point(100, 2.0)]
    assert growth.exponent(points) == 0.0
    assert etree.fromstring(growth.plot(points).encode()) is not None


def test_memory_is_what_no_file_backs() -> None:
    with memory.Watch() as watch:
        taken = bytearray(b"x" * 50_000_000)
        assert memory.anonymous() - watch.memory.before > 40_000_000
    assert len(taken) == 50_000_000
    assert watch.memory.most - watch.memory.before > 40_000_000


def test_memory_of_indexing_and_searching(
    corpus: Path, questions: list[Question], tmp_path: Path
) -> None:
    indexed = memory.indexing(corpus, 100, tmp_path, 1 << 26)
    assert indexed.most >= indexed.before > 0
    searched = memory.searching(questions[:3], tmp_path)
    assert searched.most >= searched.before > 0


def test_a_new_process_answers(articles: list[Document], tmp_path: Path) -> None:
    with open_target("native", tmp_path) as target:
        target.put(articles[0])
        target.commit()
    found = start.start(tmp_path, "anything")
    assert 0 < found.opening + found.answering < found.whole


def test_ndcg_has_linear_gains() -> None:
    gains = {"a": 3, "b": 1, "c": 0}
    best = 3 + 1 / math.log2(3)
    assert relevance.ndcg(["a", "b"], gains) == pytest.approx(1.0)
    assert relevance.ndcg(["c", "b", "a"], gains) == pytest.approx((1 / math.log2(3) + 1.5) / best)
    assert relevance.ndcg(["x"] * 10 + ["a"], gains) == 0.0
    assert relevance.ndcg(["a"], {}) == 0.0


def test_reciprocal_rank_is_of_the_first_relevant() -> None:
    gains = {"a": 0, "b": 1, "c": 1}
    assert relevance.reciprocal_rank(["a", "b", "c"], gains) == pytest.approx(0.5)
    assert relevance.reciprocal_rank(["a"], gains) == 0.0


def test_relevance_of_a_collection(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "docs.jsonl.gz", "wt") as out:
        for number, body in enumerate(("red cars", "blue cars", "a green tree"), 1):
            out.write(json.dumps({"id": str(number), "title": "", "body": body}) + "\n")
    (tmp_path / "queries.tsv").write_text("q1\tthe blue car\nq2\ttrees\nq3\tunjudged\n")
    (tmp_path / "qrels.tsv").write_text("q1\t2\t1\nq2\t1\t1\n")
    assert relevance.measure(tmp_path) == relevance.Quality(
        queries=2, ndcg=0.5, reciprocal_rank=0.5
    )


def test_imports_are_compared_by_stage(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in synthetic_articles(20)))
    done = importing.run(path, tmp_path / "archive", names=False)
    assert done.articles == 20
    assert {"read", "store", "index"} <= set(done.stages)
    larger = replace(done, articles=200, stages=dict.fromkeys(done.stages, 10.0))
    rows = [line.split() for line in importing.compare(done, larger).splitlines()]
    assert rows[1] == ["articles", "20.0", "200.0", "10.0"]
    assert ["all", "stages,", "s"] in [row[:3] for row in rows]


def test_pages_are_read_by_one_process_and_by_several(tmp_path: Path) -> None:
    path = tmp_path / "a.html.gz"
    path.write_bytes(gzip.compress(b"<p>" + b"Ships with grain left the port. " * 20))
    reading = pages.measure([path], 3, 1)
    assert (reading.pages, reading.elsewhere) == (3, 0.0)
    assert reading.rate_alone() == 3 / reading.here


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # its open files
def test_the_tagger_that_is_compared_tags() -> None:
    lessons = tagger.sentences(["The court sentenced a man. He lied to the court in May."] * 30)
    learnt = tagger.taught(lessons, words=10_000)
    assert dict(learnt.tag(["The", "court", "lied"])) == {"The": "DT", "court": "NN", "lied": "VBD"}
