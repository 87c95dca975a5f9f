"""`dateline status` and `dateline check`."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from index.errors import IndexFault, StoreMissing
from index.folder import ArchiveFolder
from index.store import Store
from index.versions import count_versions
from search.checking import problems
from web.config import Config
from web.options import DONE_WITH_PROBLEMS, engine_option, json_option


@click.command("status")
@json_option
@engine_option
@click.pass_obj
def show_status(config: Config, as_json: bool) -> None:
    """Say what is in the archive, and how far its index is."""
    status = _status(ArchiveFolder(config.archive), config.engine)
    if as_json:
        click.echo(json.dumps(status, ensure_ascii=False))
        return
    for name, value in status.items():
        shown = "none" if value is None else f"{value:,}" if isinstance(value, int) else value
        click.echo(f"{name.replace('_', ' '):<16}{shown}")


def _status(folder: ArchiveFolder, engine: str) -> Mapping[str, str | int | None]:
    """pending_changes: changes of the store that are not in the index; None without an index."""
    try:
        generation = folder.live_generation(engine)
        state = folder.state(engine, generation)
    except IndexFault:
        state = None
    articles, versions, pending = 0, 0, None
    try:
        with Store.read(folder.store_path) as store:
            articles, versions = store.count(), count_versions(store)
            if state and state.store == store.identity:
                pending = store.count_changes_since(state.change)
    except StoreMissing:
        pass
    return {
        "archive": str(folder.path),
        "articles": articles,
        "versions": versions,
        "engine": engine,
        "indexed": None if state is None else state.articles,
        "pending_changes": pending,
        "last_reindex": None if state is None else state.built,
        "last_update": None if state is None else state.updated,
        "bytes": folder.size(),
    }


@click.command("check", short_help="Verify everything, say how to repair it.")
@json_option
@engine_option
@click.pass_context
def check_archive(context: click.Context, as_json: bool) -> None:
    """Verify the store and the index, and say how to repair what is wrong.

    Reads all of both; the exit code is 3 when something is wrong.
    """
    config: Config = context.obj
    sound = True
    for problem in problems(ArchiveFolder(config.archive), config.engine):
        sound = False
        if as_json:
            record = {"problem": problem.what, "repair": problem.repair}
            click.echo(json.dumps(record, ensure_ascii=False))
        else:
            click.echo(f"{problem.what}\n    Repair: {problem.repair}")
    if not sound:
        context.exit(DONE_WITH_PROBLEMS)
    if not as_json:
        click.echo(f"The store and the {config.engine} index are sound.")
