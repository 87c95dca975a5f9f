"""`dateline import` and `dateline reindex`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from index.folder import ArchiveFolder
from index.importing import ImportOptions, ImportSummary, import_files
from index.stages import recording
from index.store import Store
from web.config import Config
from web.import_report import report, report_stages, summary_record
from web.options import DONE_WITH_PROBLEMS, counted, engine_option, json_option, map_option
from web.preparing import prepare
from web.progress_bar import ShownProgress

PATH = click.Path(path_type=Path)


@click.command("import", short_help="Add the articles of files and folders.")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--source", default="", metavar="NAME", help="The source of articles without one.")
@map_option
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--reread", is_flag=True, help="Also read files that have not changed.")
@click.option("--no-index", is_flag=True, help="Leave finding names and indexing to a reindex.")
@json_option
@engine_option
@click.pass_context
def import_articles(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    paths: tuple[Path, ...],
    source: str,
    columns: Mapping[str, str],
    dry_run: bool,
    reread: bool,
    no_index: bool,
    as_json: bool,
) -> None:
    """Add the articles of files and folders to the archive.

    Text files (.txt, .md), saved pages (.html, .mhtml), web archives (.warc, .wacz), JSON lines
    (.jsonl), tables (.csv, .tsv), feeds (.rss, .atom, .xml) and newsletters (.eml), also packed
    (.gz, .bz2, .xz) and in .zip. Articles that are there already are left alone.
    """
    config: Config = context.obj
    folder, progress = ArchiveFolder(config.archive), ShownProgress()
    options = ImportOptions(
        source=source.strip(),
        columns=columns,
        reread=reread,
        dry_run=dry_run,
        processes=config.processes,
    )
    with recording() as stages, _store(folder, dry_run=dry_run) as store:
        summary = import_files(store, paths, options, progress)
        if not dry_run and not no_index:
            # Imported here because loading the recogniser takes longer than a dry run.
            from index.completing import complete  # noqa: PLC0415

            prepare(config.engine, load=False)
            complete(folder, store, config.engine, config.processes, progress)
        count = store.count()
    if as_json:
        click.echo(json.dumps(summary_record(summary, stages, count), ensure_ascii=False))
    else:
        report(summary, dry_run=dry_run)
        if not dry_run:
            click.echo(f"The archive has {counted(count, 'article')}.")
        report_stages(stages)
    _exit(context, summary, progress)


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
@json_option
@engine_option
@click.pass_context
def reindex_archive(
    context: click.Context,
    *,
    folders: tuple[Path, ...],
    reread: bool,
    delete_missing: bool,
    as_json: bool,
) -> None:
    """Build a complete new index from the configured folders and the archive.

    Searches go on meanwhile, on the earlier index; a running server then takes the new one.
    """
    # Imported here because loading the recogniser takes a second that other commands save.
    from index.reindex import ReindexOptions, reindex  # noqa: PLC0415

    config: Config = context.obj
    folder, progress = ArchiveFolder(config.archive), ShownProgress()
    options = ReindexOptions(
        sources=folders or config.sources,
        reread=reread,
        delete_missing=delete_missing,
        processes=config.processes,
    )
    prepare(config.engine)
    with recording() as stages, Store.open(folder.store_path) as store:
        summary = reindex(folder, store, config.engine, options, progress)
    if as_json:
        record = summary_record(summary.imported, stages, summary.indexed)
        click.echo(json.dumps(record, ensure_ascii=False))
    else:
        report(summary.imported)
        if summary.recognised:
            click.echo(f"Names were looked for in {counted(summary.recognised, 'article')}.")
        click.echo(f"The new {config.engine} index has {counted(summary.indexed, 'article')}.")
        report_stages(stages)
    _exit(context, summary.imported, progress)


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


def _exit(context: click.Context, summary: ImportSummary, progress: ShownProgress) -> None:
    if summary.problems or progress.problems:
        context.exit(DONE_WITH_PROBLEMS)
