"""`removed:` in a query: which articles once said something, and the passages they have lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.articles import Article
from index.removed import (
    RemovedParagraph,
    articles_that_lost,
    articles_that_may_have_lost,
    articles_with_removed_text,
    removed_paragraphs,
    removed_words,
)
from index.store_reading import ReadableStore
from search.engine import ArchiveWord
from search.highlights import highlighter
from search.plan import (
    REMOVED,
    AmongArticles,
    AnyWord,
    Boolean,
    Nothing,
    Pattern,
    Phrase,
    Plan,
    Word,
)
from search.snippets import Passage, passages
from search.vocabulary import matching_words

MOST_PASSAGES = 2
"""Lost passages shown of one article, beside those of what it says."""

_AT_ONCE = 200

_Leaf = Word | AnyWord | Phrase | Pattern


@dataclass(frozen=True, slots=True)
class RemovedText:
    """What the articles of a store no longer say."""

    store: ReadableStore

    def expand(self, plan: Plan) -> Plan:
        """The plan with each pattern for removed words replaced by the words themselves."""
        match plan:
            case Boolean():
                return _with_children(plan, self.expand)
            case Pattern() if plan.field == REMOVED and plan.text:
                found = matching_words(plan, self)
                stems = tuple(dict.fromkeys(word.stem for word in found))
                return AnyWord(stems, REMOVED) if stems else Nothing()
            case _:
                return plan

    def resolve(self, plan: Plan) -> Plan:
        """An expanded plan with each node about removed text replaced by the articles it means."""
        match plan:
            case Boolean():
                return _with_children(plan, self.resolve)
            case Word() | AnyWord() | Phrase() | Pattern() if plan.field == REMOVED:
                return AmongArticles(tuple(sorted(self._articles(plan))))
            case _:
                return plan

    def words(self, prefix: str) -> Iterator[ArchiveWord]:
        """The words of removed text that begin with `prefix`, in code point order."""
        yield from (ArchiveWord(*found) for found in removed_words(self.store, prefix))

    def passages(
        self, plan: Plan, articles: Sequence[Article]
    ) -> Mapping[str, tuple[Passage, ...]]:
        """What articles have lost of what an expanded plan asks for, by their ids."""
        wanted = tuple(_wanted(plan))
        if not wanted:
            return {}
        lost = removed_paragraphs(self.store, [article.id for article in articles])
        asked = Boolean(should=wanted)
        shown = Boolean(should=tuple(replace(leaf, field="body") for leaf in wanted))
        anything = any(isinstance(leaf, Pattern) for leaf in wanted)
        return {
            article_id: _passages(
                [each for each in paragraphs if anything or _has(asked, each)], shown
            )
            for article_id, paragraphs in lost.items()
        }

    def _articles(self, leaf: _Leaf) -> set[str]:
        match leaf:
            case Word(stem):
                return articles_that_lost(self.store, [stem])
            case AnyWord(stems):
                return articles_that_lost(self.store, stems)
            case Phrase(stems):
                candidates = articles_that_may_have_lost(self.store, stems)
                return set(self._with_phrase(leaf, sorted(candidates)))
            case Pattern():
                return articles_with_removed_text(self.store)

    def _with_phrase(self, phrase: Phrase, ids: Sequence[str]) -> Iterator[str]:
        """Those of these articles that had the phrase and have it no more."""
        for first in range(0, len(ids), _AT_ONCE):
            page = ids[first : first + _AT_ONCE]
            articles = self.store.articles(page)
            for article_id, paragraphs in removed_paragraphs(self.store, page).items():
                article = articles.get(article_id)
                if article is None or not any(_has(phrase, each) for each in paragraphs):
                    continue
                find = highlighter(phrase, REMOVED, article.language).find
                if not find(article.title) and not find(article.body):
                    yield article_id


def _with_children(plan: Boolean, change: Callable[[Plan], Plan]) -> Boolean:
    return replace(
        plan,
        must=tuple(map(change, plan.must)),
        should=tuple(map(change, plan.should)),
        filter=tuple(map(change, plan.filter)),
        must_not=tuple(map(change, plan.must_not)),
    )


def _has(plan: Plan, paragraph: RemovedParagraph) -> bool:
    return bool(highlighter(plan, REMOVED, paragraph.language).find(paragraph.text))


def _wanted(plan: Plan) -> Iterator[_Leaf]:
    """The nodes about removed text, but for those that are denied."""
    match plan:
        case Boolean(must, should, required):
            for child in (*must, *should, *required):
                yield from _wanted(child)
        case Word() | AnyWord() | Phrase() | Pattern() if plan.field == REMOVED:
            yield plan
        case _:
            pass


def _passages(paragraphs: Sequence[RemovedParagraph], plan: Plan) -> tuple[Passage, ...]:
    """Passages of these paragraphs, those of each language cut as one text."""
    found: list[Passage] = []
    for language in dict.fromkeys(each.language for each in paragraphs):
        text = "\n".join(each.text for each in paragraphs if each.language == language)
        lost = Article(id="", title="", body=text, language=language)
        found += passages(lost, plan, most=MOST_PASSAGES)
    return tuple(found[:MOST_PASSAGES])
