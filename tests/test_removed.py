"""`removed:` finds what an earlier version says and the newest does not, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Oracle

from index.articles import Article, PublicationDate
from index.store import Store
from index.target import open_target
from index.tokens import stem, words
from index.updating import document_of
from index.versions import versions_of
from search.archive import Archive, Question
from search.engine import ENGINES, Engine
from search.plan import AmongArticles, Boolean, Word
from search.query import read_query
from search.removed import RemovedText
from search.request import Dates

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)

HISTORIES = {
    "guilty": (
        "The court found her not guilty.\nShe left the building.",
        "The court found her guilty.\nShe left the building.",
    ),
    "pipeline": (
        "Officials blamed sabotage for the leak in the pipeline.",
        "Officials gave no cause for the leak in the pipeline.",
        "Officials gave no cause for the leak in the pipeline. Elections follow in May.",
    ),
    "unchanged": ("Sabotage was not guilty of anything here.",),
    "back": ("The minister resigned.", "The minister stays.", "The minister resigned."),
    "french": ("Le ministre démissionnera lundi.", "Le ministre reste."),
}
LANGUAGES = {"french": "fr"}


def put_all(store: Store, histories: dict[str, tuple[str, ...]]) -> None:
    for day, (article_id, texts) in enumerate(histories.items()):
        for hour, body in enumerate(texts):
            store.put(
                Article(
                    id=article_id,
                    title=f"About {article_id}",
                    body=body,
                    language=LANGUAGES.get(article_id, "en"),
                    published=PublicationDate(NOON + timedelta(days=day)),
                    fetched=NOON + timedelta(days=day, hours=hour),
                ),
                "x",
            )


@pytest.fixture(scope="module", params=sorted(ENGINES))
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("removed")
    store = Store.open(folder / "store")
    put_all(store, HISTORIES)
    with open_target(request.param, folder / "index") as target:
        for article in store.articles(store.ids()).values():
            target.put(document_of(article, ()))
        target.commit()
    return Archive(store, ENGINES[request.param](folder / "index"))


def found(archive: Archive, text: str, **parts: object) -> list[str]:
    answer = archive.search(Question(text=text, **parts))  # type: ignore[arg-type]
    assert answer.results.total == len(answer.found)
    return sorted(each.article.id for each in answer.found)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('removed:"not guilty"', ["guilty"]),
        ("removed:guilty", []),
        ("removed:not", ["guilty"]),
        ("removed:sabotage", ["pipeline"]),
        ("removed:Sabotaged", ["pipeline"]),
        ("removed:elections", []),
        ('removed:"blamed sabotage for the leak"', ["pipeline"]),
        ('removed:"the leak in the pipeline"', []),
        ('removed:"officials cause"~2', []),
        ('removed:"officials leak"~4', ["pipeline"]),
        ("removed:resigned", []),
        ("removed:stays", ["back"]),
        ("removed:démissionnera", ["french"]),
        ("removed:demissionner*", ["french"]),
        ("removed:sab*", ["pipeline"]),
        ("removed:s?botage", ["pipeline"]),
        ("removed:sabotgae~", ["pipeline"]),
        ("removed:zebra*", []),
        ("removed:*", ["back", "french", "guilty", "pipeline"]),
        ("removed:(sabotage OR stays)", ["back", "pipeline"]),
        ("removed:(blamed sabotage)", ["pipeline"]),
        ("removed:(sabotage stays)", []),
        ("pipeline removed:sabotage", ["pipeline"]),
        ("minister removed:sabotage", []),
        ("officials -removed:sabotage", []),
        ("guilty NOT removed:not", ["unchanged"]),
        ("removed:sabotage OR removed:stays OR anything", ["back", "pipeline", "unchanged"]),
        ("removed:sabotage date:2024-03-02", ["pipeline"]),
        ("removed:sabotage date:2024-03-03", []),
        ("removed:sabotage language:en", ["pipeline"]),
        ("removed:sabotage^3", ["pipeline"]),
    ],
)
def test_removed(archive: Archive, text: str, ids: list[str]) -> None:
    assert found(archive, text) == ids
    assert found(archive, read_query(text).understood) == ids


def test_it_goes_with_filters_counts_and_any_word(archive: Archive) -> None:
    assert found(archive, "removed:sabotage zebra pipeline", match="any") == ["pipeline"]
    in_may = Dates(first=NOON.date() + timedelta(days=60))
    assert found(archive, "removed:sabotage", dates=in_may) == []
    answer = archive.search(Question(text="removed:sabotage", size=0))
    assert answer.results.total == 1


def test_lost_passages_are_shown_and_marked(archive: Archive) -> None:
    (hit,) = archive.search(Question(text='leak removed:"blamed sabotage"')).found
    (lost,) = hit.removed
    assert lost.text == "Officials blamed sabotage for the leak in the pipeline."
    assert [lost.text[start:end] for start, end in lost.ranges] == ["blamed sabotage"]
    assert "no cause" in hit.passages[0].text
    marked = [hit.passages[0].text[start:end] for start, end in hit.passages[0].ranges]
    assert marked == ["leak"]
    (hit,) = archive.search(Question(text="removed:* pipeline")).found
    assert hit.removed
    assert not archive.search(Question(text="leak")).found[0].removed
    assert not archive.search(Question(text="guilty -removed:zebra")).found[0].removed


def test_a_misspelled_word_beside_it_is_corrected(archive: Archive) -> None:
    answer = archive.search(Question(text="pipelnie removed:sabotage"))
    assert answer.results.total == 0
    assert answer.correction is not None
    assert answer.correction.text == "pipeline removed:sabotage"
    assert archive.search(Question(text="removed:sabotgae")).correction is None


def test_removed_is_read_as_a_condition() -> None:
    reading = read_query("leak removed:sabotage^2")
    assert reading.plan == Boolean(must=(Word("leak"),), filter=(Word("sabotag", "removed"),))
    assert [token.word for token in reading.words] == ["leak"]
    assert reading.repairs == ("^2 has no meaning for “removed:sabotage”: ignored",)
    assert read_query("removed:*").understood == "removed:*"


def test_an_engine_is_asked_for_articles(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store") as store:
        put_all(store, HISTORIES)
        removed = RemovedText(store)
        plan = removed.resolve(removed.expand(read_query("removed:(s* OR not)").plan))
        assert plan == Boolean(
            should=(AmongArticles(("back", "pipeline")), AmongArticles(("guilty",)))
        )


_WORDS = ("alpha", "beta", "gamma")
_PARAGRAPHS = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)
_BODIES = st.lists(_PARAGRAPHS, min_size=1, max_size=3).map("\n".join)
_HISTORIES = st.lists(st.lists(_BODIES, min_size=1, max_size=4).map(tuple), min_size=1, max_size=3)
_PHRASES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3)


def says(body: str, phrase: list[str]) -> bool:
    """Whether a text has the phrase, within a paragraph or across paragraphs."""
    said = [stem(word, "en") for word in words(body)]
    wanted = [stem(word, "en") for word in phrase]
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said)))


@settings(max_examples=60)
@given(histories=_HISTORIES, phrase=_PHRASES)
def test_removed_is_what_it_says(histories: list[tuple[str, ...]], phrase: list[str]) -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "store") as store:
        put_all(store, {str(number): texts for number, texts in enumerate(histories)})
        engine: Engine = Oracle(
            [document_of(article, ()) for article in store.articles(store.ids()).values()]
        )
        asked = " ".join(phrase)
        ids = found(Archive(store, engine), f'removed:"{asked}"')
        expected = []
        for article_id in store.ids():
            *earlier, newest = versions_of(store, article_id)
            lines = [line for version in earlier for line in version.body.split("\n")]
            if any(says(line, phrase) for line in lines) and not says(newest.body, phrase):
                expected.append(article_id)
        assert ids == expected
