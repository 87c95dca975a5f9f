"""What names stand for across articles."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article, article_id
from index.entities.mentions import EntityType, Mention
from index.names.counting import count_names
from index.names.naming import naming, version
from index.names.resolving import resolve_names
from index.store import Store

Given = tuple[EntityType, str, str]
"""A mention: type, surface and name."""


def put(store: Store, key: str, mentions: Iterable[Given]) -> None:
    """Store an article with these mentions."""
    article = Article(id=article_id(key), title=key, body="")
    store.put(article, key)
    found = [Mention(kind, 0, 1, surface, name) for kind, surface, name in mentions]
    assert store.put_mentions(article, "v1", found)


def resolve(store: Store) -> None:
    count_names(store)
    resolve_names(store)


WORDS = (
    "Kim",
    "Jong",
    "Un",
    "John",
    "J.",
    "Q.",
    "Kirby",
    "Kirbys",
    "Ford",
    "Motor",
    "Co",
    "Jr.",
    "de",
)
NAMES = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    st.sampled_from(("FORD", "John Kirby", "Kim Jong-un", "ISW", "Institute for War", "...")),
)
MENTIONS = st.lists(
    st.tuples(st.sampled_from(("person", "place", "organisation")), NAMES, NAMES), max_size=4
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from("abcdefgh"), st.sampled_from(("put", "put", "delete", "resolve")), MENTIONS
    ),
    max_size=25,
)


def rows(store: Store) -> list[list[tuple[object, ...]]]:
    """All that is known of names, without the numbers of the rows."""
    queries = (
        (
            "SELECT type, name, articles, core, voted, bucket, grouped, entity_type, entity, reason"
            " FROM names ORDER BY 1, 2"
        ),
        (
            "SELECT type, name, surface, name_surfaces.articles, short"
            " FROM name_surfaces LEFT JOIN names USING (number) ORDER BY 1, 2, 3"
        ),
        "SELECT part, type, name FROM name_parts LEFT JOIN names USING (number) ORDER BY 1, 2, 3",
        "SELECT * FROM names_due",
        "SELECT * FROM names_uncounted",
        "SELECT * FROM names_outdated",
    )
    return [[tuple(row) for row in store.rows(query)] for query in queries]


@settings(max_examples=60)
@given(STEPS)
def test_any_history_gives_what_a_rebuild_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, list[Given]]]
) -> None:
    folder = tmp_path_factory.mktemp("names")
    left: dict[str, list[Given]] = {}
    with (
        Store.open(folder / "history.sqlite") as store,
        Store.open(folder / "new.sqlite") as new,
        store.transaction(),  # for want of time: writing to the disk is tested elsewhere
        new.transaction(),
    ):
        for key, action, mentions in steps:
            if action == "put":
                put(store, key, mentions)
                left[key] = mentions
            elif action == "delete":
                store.delete(article_id(key))
                left.pop(key, None)
            else:
                before, number = naming(store), version(store)
                resolve(store)
                assert version(store) > number or naming(store) == before
        resolve(store)
        for key, mentions in sorted(left.items(), reverse=True):
            put(new, key, mentions)
        resolve(new)
        assert rows(store) == rows(new)
        assert naming(store) == naming(new)
