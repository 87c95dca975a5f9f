"""How much an article is about each name in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.entities.mentions import Mention
from index.salience import LEAST, MOST, salience
from index.updating import document_of

ARTICLE = Article(
    id="x",
    title="Kirby on Kursk",
    body="KYIV – Kirby spoke in Kyiv.\nHe named Ryder.\nKirby left. Kirby came. Ryder slept.",
    dateline="KYIV",
)


def mentions(article: Article, *names: str) -> list[Mention]:
    """A mention wherever one of the names stands."""
    found = []
    for name in names:
        at = article.text.find(name)
        while at >= 0:
            found.append(Mention("person", at, at + len(name), name, name))
            at = article.text.find(name, at + 1)
    return found


def weights(*names: str) -> dict[str, int]:
    found = salience(ARTICLE, mentions(ARTICLE, *names))
    return {name: weight for (_, name), weight in found.items()}


def test_title_lead_and_count_weigh() -> None:
    found = weights("Kirby", "Kursk", "Ryder", "KYIV")
    assert found["Kirby"] > found["Kursk"] > found["Ryder"] > found["KYIV"] == LEAST


def test_a_name_of_the_dateline_that_the_lead_has_too_is_in_the_lead() -> None:
    assert weights("Kyiv")["Kyiv"] > weights("KYIV")["KYIV"]


def test_an_article_that_names_somebody_throughout_is_about_him() -> None:
    near = Article(id="x", title="", body="A b.\nAnn, Ann. " + "b " * 100)
    far = Article(id="x", title="", body="A b.\nAnn. " + "b " * 100 + "Ann")
    assert max(salience(far, mentions(far, "Ann")).values()) > max(
        salience(near, mentions(near, "Ann")).values()
    )


@given(st.text("ab\n", max_size=5), st.text("ab\n", max_size=40), st.lists(st.integers(0, 60)))
def test_weights_are_from_1_to_255(title: str, body: str, starts: list[int]) -> None:
    article = Article(id="x", title=title, body=body, dateline="ab")
    found = [Mention("place", start, start + 1, "a", "a") for start in starts]
    assert all(LEAST <= weight <= MOST for weight in salience(article, found).values())


def test_an_index_is_told_the_weights_in_the_order_of_the_names() -> None:
    document = document_of(ARTICLE, mentions(ARTICLE, "Ryder", "Kirby"))
    found = weights("Kirby", "Ryder")
    assert document.facets["person"] == ("Ryder", "Kirby")
    assert document.weights == {"person": (found["Ryder"], found["Kirby"])}
