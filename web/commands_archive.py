"""`dateline import` and `dateline reindex`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from index.folder import ArchiveFolder
from index.importing import ImportOptions, ImportSummary, import_files
from index.stages import Stages, recording
from index.store import Store
from web.config import Config
from web.options import DONE_WITH_PROBLEMS, counted, engine_option
from web.preparing import prepare
from web.progress_bar import ShownProgress

PATH = click.Path(path_type=Path)


@click.command("import", short_help="Add the articles of files and folders.")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--source", default="", metavar="NAME", help="The source of articles without one.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--reread", is_flag=True, help="Also read files that have not changed.")
@click.option("--no-index", is_flag=True, help="Leave finding names and indexing to a reindex.")
@engine_option
@click.pass_context
def import_articles(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    paths: tuple[Path, ...],
    source: str,
    dry_run: bool,
    reread: bool,
    no_index: bool,
) -> None:
    """Add the articles of files and folders to the archive.

    Text files with or without front matter (.txt, .md), saved pages (.html) and JSON lines
    (.jsonl), each also compressed (.gz). Articles that are there already are left alone.
    """
    config: Config = context.obj
    folder, progress = ArchiveFolder(config.archive), ShownProgress()
    options = ImportOptions(source=source.strip(), reread=reread, dry_run=dry_run)
    with recording() as stages, _store(folder, dry_run=dry_run) as store:
        summary = import_files(store, paths, options, progress)
        if not dry_run and not no_index:
            # Imported here because loading the recogniser takes longer than a dry run.
            from index.completing import complete  # noqa: PLC0415

            prepare(config.engine, load=False)
            complete(folder, store, config.engine, config.processes, progress)
        count = store.count()
    _report(summary, dry_run=dry_run)
    if not dry_run:
        click.echo(f"The archive has {counted(count, 'article')}.")
    _report_stages(stages)
    _exit(context, summary)


@click.command("reindex", short_help="Build a new index, while the old one answers.")
@click.option(
    "--source-folder",
    "folders",
    multiple=True,
    type=PATH,
    help="Read this instead of the configured folders; may be repeated.",
)
@click.option("--reread", is_flag=True, help="Also read files that have not changed.")
@click.option("--delete-missing", is_flag=True, help="Delete articles whose files are gone.")
@engine_option
@click.pass_context
def reindex_archive(
    context: click.Context,
    *,
    folders: tuple[Path, ...],
    reread: bool,
    delete_missing: bool,
) -> None:
    """Build a complete new index from the configured folders and the archive.

    Searches go on meanwhile, on the earlier index; a running server then takes the new one.
    """
    # Imported here because loading the recogniser takes a second that other commands save.
    from index.reindex import ReindexOptions, reindex  # noqa: PLC0415

    config: Config = context.obj
    folder = ArchiveFolder(config.archive)
    options = ReindexOptions(
        sources=folders or config.sources,
        reread=reread,
        delete_missing=delete_missing,
        processes=config.processes,
    )
    prepare(config.engine)
    with recording() as stages, Store.open(folder.store_path) as store:
        summary = reindex(folder, store, config.engine, options, ShownProgress())
    _report(summary.imported)
    if summary.recognised:
        click.echo(f"Names were looked for in {counted(summary.recognised, 'article')}.")
    click.echo(f"The new {config.engine} index has {counted(summary.indexed, 'article')}.")
    _report_stages(stages)
    _exit(context, summary.imported)


@contextmanager
def _store(folder: ArchiveFolder, *, dry_run: bool) -> Iterator[Store]:
    """The store; for a dry run without one, an empty one that is gone afterwards."""
    if not dry_run:
        with Store.open(folder.store_path) as store:
            yield store
    elif folder.store_path.exists():
        with Store.read(folder.store_path) as store:
            yield store
    else:
        with TemporaryDirectory() as path, Store.open(Path(path) / "articles.sqlite") as store:
            yield store


def _report(summary: ImportSummary, *, dry_run: bool = False) -> None:
    outcomes, would = summary.outcomes, " would be" if dry_run else ""
    click.echo(
        f"{counted(summary.files, 'file')}, {summary.unchanged_files:,} of them unchanged. "
        f"{counted(summary.read, 'article')} read: {outcomes['new']:,}{would} new, "
        f"{outcomes['changed']:,}{would} changed, {outcomes['unchanged']:,} unchanged."
    )
    if summary.deleted:
        click.echo(f"{counted(summary.deleted, 'article')} deleted, for want of their files.")
    if summary.skipped:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(summary.skipped.items()))
        click.echo(f"Skipped, for want of a reader: {kinds}.")
    if summary.problems:
        click.echo(f"{summary.problems:,} could not be read; see above.", err=True)


def _report_stages(stages: Stages) -> None:
    """One line a stage; on standard error, as progress is."""
    for stage in stages:
        click.echo(
            f"{stage.name:<12}{counted(stage.articles, 'article'):>18}"
            f"{stage.seconds:>10.1f} s{stage.rate:>12,.0f}/s",
            err=True,
        )


def _exit(context: click.Context, summary: ImportSummary) -> None:
    if summary.problems:
        context.exit(DONE_WITH_PROBLEMS)
