"""`dateline scrape` and `dateline source`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from index.folder import ArchiveFolder
from index.scraping.options import ScrapeOptions
from index.scraping.outcomes import FOLLOWED, SKIPPED, STORED
from index.scraping.records import Address
from index.scraping.skipped import skipped_pages
from index.scraping.sources import (
    Source,
    add_source,
    remove_source,
    scrapable_address,
    sources,
)
from index.store import Store
from web.config import Config
from web.options import DONE_WITH_PROBLEMS, counted, engine_option, json_option
from web.preparing import prepare
from web.progress_bar import ShownProgress

if TYPE_CHECKING:
    from index.scraping.running import ScrapeSummary, VisitSummary

DEFAULTS = ScrapeOptions()
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@click.command("scrape", short_help="Fetch the articles of sites.")
@click.argument("urls", nargs=-1, metavar="[URL]…")
@click.option("--source", default="", metavar="NAME", help="The source of articles without one.")
@click.option(
    "--pages",
    type=click.IntRange(1),
    default=DEFAULTS.pages,
    show_default=True,
    help="Ask for at most so many pages in a visit.",
)
@click.option(
    "--depth",
    type=click.IntRange(0),
    default=DEFAULTS.depth,
    show_default=True,
    help="Follow lists up to so many steps away.",
)
@click.option(
    "--delay",
    type=click.FloatRange(0, 3600),
    default=DEFAULTS.delay,
    show_default=True,
    help="Least seconds between two pages of a site.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, 3600, min_open=True),
    default=DEFAULTS.timeout,
    show_default=True,
    help="Seconds that a page may take.",
)
@click.option("--minutes", type=click.FloatRange(0), default=0.0, help="Stop after so long.")
@click.option("--again", is_flag=True, help="Also ask for pages that are not due, and whole.")
@click.option("--allow-private", is_flag=True, help="Also connect to the own network.")
@click.option("--no-index", is_flag=True, help="Leave finding names and indexing to a reindex.")
@click.option("-v", "--verbose", is_flag=True, help="Show Scrapy's log.")
@engine_option
@click.pass_context
def scrape_sites(
    context: click.Context,
    /,
    *,
    urls: tuple[str, ...],
    source: str,
    no_index: bool,
    **given: float | bool,
) -> None:
    """Fetch the articles of sites into the archive.

    A URL may be that of an article, a section, a front page, a feed or a sitemap. Without any,
    the sources that are due are visited (`dateline source`), and what was cut short goes on.
    """
    # Imported here because Scrapy takes a second that other commands save.
    from index.scraping.running import scrape  # noqa: PLC0415

    config: Config = context.obj
    folder, progress = ArchiveFolder(config.archive), ShownProgress()
    options = ScrapeOptions(contact=config.contact, **given)  # type: ignore[arg-type]
    with Store.open(folder.store_path) as store:
        names = {kept.url: kept.name for kept in sources(store)}
        addresses = [Address(url, source.strip() or names.get(url, "")) for url in _given(urls)]
        summary = scrape(folder, store, addresses, options, progress)
        _report(summary)
        if summary.interrupted:
            context.exit(1)
        if summary.visits and not no_index:
            from index.completing import complete  # noqa: PLC0415 - loads the recogniser

            prepare(config.engine, load=False)
            complete(folder, store, config.engine, config.processes, progress)
        click.echo(f"The archive has {counted(store.count(), 'article')}.")
    if any(visit.failure for visit in summary.visits):
        context.exit(DONE_WITH_PROBLEMS)


@click.group("source", short_help="Keep the sources that `dateline scrape` visits.")
def keep_sources() -> None:
    """Keep the sources that `dateline scrape` visits, and see what became of their pages."""


@keep_sources.command("add")
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option("--name", default="", help="The source of articles that name none.")
@click.option("--every", default="", metavar="TIME", help="Visit it every 30m, 6h or 2d.")
@click.pass_obj
def add(config: Config, *, urls: tuple[str, ...], name: str, every: str) -> None:
    """Keep sources: feeds, sitemaps, sections or front pages. They are visited next time."""
    interval = _interval(every)
    with Store.open(ArchiveFolder(config.archive).store_path) as store:
        for url in _given(urls):
            added = add_source(store, url, name.strip(), interval)
            click.echo(f"{'Added' if added else 'Changed'}: {url}")


@keep_sources.command("list")
@json_option
@click.pass_obj
def show(config: Config, *, as_json: bool) -> None:
    """Show the sources, and when each is visited next."""
    with Store.open(ArchiveFolder(config.archive).store_path) as store:
        kept = sources(store)
    if as_json:
        click.echo(json.dumps([_as_json(source) for source in kept], ensure_ascii=False))
        return
    for source in kept:
        every = f"every {_words(source.interval)}" + ("" if source.fixed else ", adapted")
        visited = f"visited {_minute(source.visited)}, " if source.visited else ""
        click.echo(f"{source.url}  {source.name}".rstrip())
        click.echo(f"  {every}; {visited}due {_minute(source.due)}")
    click.echo(f"{counted(len(kept), 'source')}.")


@keep_sources.command("remove")
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.pass_obj
def remove(config: Config, *, urls: tuple[str, ...]) -> None:
    """Keep sources no longer. Their articles stay."""
    with Store.open(ArchiveFolder(config.archive).store_path) as store:
        for url in _given(urls):
            if not remove_source(store, url):
                raise click.ClickException(f"{url} is no source; `dateline source list` shows them")
            click.echo(f"Removed: {url}")


@keep_sources.command("skipped")
@click.argument("urls", nargs=-1, metavar="[URL]…")
@json_option
@click.pass_obj
def skipped(config: Config, *, urls: tuple[str, ...], as_json: bool) -> None:
    """Show the pages that were not stored when they were last asked for, and why.

    URL: the addresses that were scraped; all of them by default.
    """
    with Store.open(ArchiveFolder(config.archive).store_path) as store:
        for page in skipped_pages(store, _given(urls)):
            if as_json:
                click.echo(json.dumps(page, ensure_ascii=False))
            else:
                click.echo(f"{page['outcome']}: {page['url']} {page['reason']}")


def _given(urls: Iterable[str]) -> list[str]:
    """The addresses, each once."""
    return list(dict.fromkeys(map(scrapable_address, urls)))


def _report(summary: ScrapeSummary) -> None:
    if not summary.visits:
        click.echo("No source is due; `dateline source list` shows when they are.")
    if summary.resumed:
        click.echo(f"Went on with {counted(summary.resumed, 'visit')} that had been cut short.")
    for visit in summary.visits:
        click.echo(visit.url + (f" ({visit.name})" if visit.name else ""))
        for line in _lines(visit):
            click.echo(f"  {line}")
    if summary.waiting:
        pages = counted(summary.waiting, "page")
        click.echo(f"{pages} not asked for yet; the same command goes on with them.", err=True)


def _lines(visit: VisitSummary) -> Iterable[str]:
    """What came of a visit: articles, lists, and each reason for which pages were skipped."""
    outcomes = visit.outcomes
    stored = ", ".join(f"{outcomes[word]:,} {word}" for word in STORED if outcomes[word])
    yield f"articles: {stored or 'none'}"
    followed = [counted(outcomes[word], word) for word in FOLLOWED if outcomes[word]]
    if followed:
        yield f"followed: {', '.join(followed)}"
    for word, meaning in SKIPPED.items():
        if outcomes[word]:
            yield f"skipped: {outcomes[word]:,} {word} ({meaning})"
    if visit.left:
        yield f"left: {counted(visit.left, 'link')} beyond --pages"
    if visit.given_up:
        yield f"given up: {counted(visit.given_up, 'link')}, after so many pages that failed"
    if visit.failure:
        yield f"could not be read: {visit.failure}"


def _interval(text: str) -> timedelta | None:
    """The time of --every; None when it was not given."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,4})([mhd])", text.strip())
    if found is None or not int(found[1]):
        raise click.BadParameter(f"is {text!r}; expected a time such as 30m, 6h or 2d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _words(interval: timedelta) -> str:
    minutes = round(interval.total_seconds() / 60)
    days, hours = minutes / 1440, minutes / 60
    return f"{days:.3g} days" if days >= 2 else f"{hours:.3g} h" if hours >= 1 else f"{minutes} min"


def _minute(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _as_json(source: Source) -> dict[str, object]:
    return {
        "url": source.url,
        "name": source.name,
        "interval_seconds": int(source.interval.total_seconds()),
        "fixed": source.fixed,
        "visited": source.visited and source.visited.isoformat(),
        "due": source.due.isoformat(),
    }
