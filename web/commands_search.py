"""`dateline search`: the parameters of the web, asked on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import click

from index.articles import FACETS
from index.curation.effect import LiveDecisions
from index.folder import ArchiveFolder
from index.store import Store
from search.archive import Answer, Archive, Found
from search.explanation import Explanation, describe_explanation
from search.live import LiveEngine
from search.plan import describe
from search.similar import similar
from search.snippets import Passage
from web import create_app, params
from web.api import SEARCH, score_address, similar_address
from web.asking import ask
from web.config import Config
from web.filters import reprints
from web.limits import SORTS
from web.options import counted, engine_option, json_option
from web.preparing import prepare


def _facet_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --person, --not-person and so on, named as parameters of params.read with _ for dots."""
    for facet in reversed(FACETS):
        for name, having in ((f"not_{facet}", "without"), (facet, "with")):
            option = click.option(
                f"--{name.replace('_', '-')}",
                name,
                multiple=True,
                metavar="NAME",
                help=f"Only articles {having} this {facet}; may be repeated.",
            )
            command = option(command)
    return command


@click.command("search", short_help="Search from the command line.")
@click.argument("query", nargs=-1)
@_facet_options
@click.option("--story", metavar="ID", help="Only the articles of this story.")
@click.option("--copies", is_flag=True, help="Count every copy of an article, not the first alone.")
@click.option("--any", "any_word", is_flag=True, help="Any word is enough.")
@click.option("--from", "from", metavar="DATE", help="Published on this day or later.")
@click.option("--to", metavar="DATE", help="Published on this day or earlier.")
@click.option(
    "--sort", type=click.Choice(SORTS), help="By default relevance; newest without a query."
)
@click.option("--size", metavar="N", help="How many articles are shown, by default 10.")
@click.option("--page", metavar="N", help="Which page of them.")
@click.option("--facets", default="none", metavar="NAMES", help="Facets to count, with commas.")
@click.option(
    "--by-weight",
    default="",
    metavar="NAMES",
    help="Of these facets, list first what the articles are most about.",
)
@click.option("--explain", is_flag=True, help="Print how the query is carried out.")
@click.option(
    "--explain-hit", metavar="ID", help="Print how this article's score is made up instead."
)
@click.option("--like", metavar="ID", help="List the articles most like this one instead.")
@json_option
@engine_option
@click.pass_obj
def search_archive(  # noqa: PLR0913 - flags are parameters of their own
    config: Config,
    /,
    query: tuple[str, ...],
    any_word: bool,
    copies: bool,
    explain: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Search the archive; without a QUERY, list its articles, newest first.

    The query language is that of the page. Filters in the query do as well:
    dateline search 'grain person:"Antonio Guterres"'
    """
    explain_hit: str | None = options.pop("explain_hit")
    like: str | None = options.pop("like")
    by_weight: str = options.pop("by_weight")
    others = (query, by_weight, *(value for value in options.values() if value != "none"))
    if like is not None and any(others):
        raise click.UsageError("--like takes an article's own words: no query, no other options")
    pairs = [
        ("q", " ".join(query)),
        ("match", "any" if any_word else ""),
        ("copies", "all" if copies else ""),
    ]
    for name, given in options.items():
        values = given if isinstance(given, tuple) else (given or "",)
        pairs += [(name.replace("not_", "not."), value) for value in values]
    pairs += [(f"order.{name.strip()}", "weight") for name in by_weight.split(",") if name.strip()]
    prepare(config.engine, load=False)
    if as_json:
        address = SEARCH if explain_hit is None else score_address(explain_hit)
        if like is not None:
            pairs, address = [], similar_address(like)
        _print_json(config, pairs, address)
        return
    folder = ArchiveFolder(config.archive)
    question = params.read(pairs)
    with (
        Store.read(folder.store_path) as store,
        closing(LiveEngine(folder, config.engine)) as engine,
    ):
        archive = Archive(store, engine, LiveDecisions(folder, config.engine).now)
        if explain_hit is not None:
            _print_explanation(archive.explain(question, explain_hit), explain_hit)
            return
        if like is not None:
            _print_similar(archive, like)
            return
        answer = ask(archive, question)
    for line in _lines(answer, explain=explain):
        click.echo(line)


def _print_similar(archive: Archive, article_id: str) -> None:
    found = similar(archive, article_id)
    if found is None:
        raise click.ClickException(f"There is no article {article_id}.")
    for number, each in enumerate(found, 1):
        for line in _hit_lines(number, each, scored=True):
            click.echo(line)


def _print_explanation(explanation: Explanation | None, article_id: str) -> None:
    if explanation is None:
        raise click.ClickException(f"No article {article_id} is among the results.")
    for line in describe_explanation(explanation):
        click.echo(line)


def _print_json(config: Config, pairs: list[tuple[str, str]], address: str) -> None:
    """Print what the JSON API answers, word for word."""
    response = create_app(config).test_client().get(address, query_string=pairs)
    if response.status_code != 200:
        raise click.ClickException(response.get_data(as_text=True).strip())
    click.echo(response.get_data(as_text=True).strip())


def _lines(answer: Answer, *, explain: bool) -> Iterator[str]:
    reading, results = answer.reading, answer.results
    if explain:
        yield describe(answer.request.plan)
        yield ""
    yield f"{counted(results.total, 'article')} in {answer.took_ms:.0f} ms"
    if reading.repairs:
        yield f"Read as: {reading.understood} ({'; '.join(reading.repairs)})"
    if answer.correction:
        yield f"Did you mean: {answer.correction.text} ({counted(answer.correction.total, 'article')})"
    for number, found in enumerate(answer.found, answer.question.offset + 1):
        yield ""
        yield from _hit_lines(number, found, scored=answer.request.sort == "relevance")
    for counts in results.facets:
        yield ""
        yield click.style(counts.facet, bold=True)
        yield from (f"  {value.count:>7,}  {value.value}" for value in counts.values)


def _hit_lines(number: int, found: Found, *, scored: bool) -> Iterator[str]:
    article = found.article
    about = [
        article.published.isoformat() if article.published else "no date",
        article.source,
        ", ".join(article.authors),
        f"score {found.hit.score:.3f}" if scored else "",
        found.hit.article_id,
    ]
    yield f"{number}. {_marked(found.title)}"
    yield f"   {' · '.join(filter(None, about))}"
    if article.url:
        yield f"   {article.url}"
    for passage in found.passages:
        yield f"   {_marked(passage)}"
    for lost in found.removed:
        yield f"   No longer in the article: {_marked(lost)}"
    if found.hit.copies:
        yield f"   +{reprints(found.hit.copies)}: --story {found.story} --copies"


def _marked(passage: Passage) -> str:
    """The text with its ranges in bold, which click leaves out where it cannot be shown."""
    parts, place = [], 0
    for start, end in passage.ranges:
        parts += [passage.text[place:start], click.style(passage.text[start:end], bold=True)]
        place = end
    return "".join([*parts, passage.text[place:]]).replace("\n", " ")
