"""The command line: `dateline` and its commands, and what its exit codes mean.

| code | meaning                                                                      |
|------|------------------------------------------------------------------------------|
| 0    | done                                                                         |
| 1    | not done; the message says why and what to do                                |
| 2    | wrong usage: an unknown option, a setting or parameter that cannot be used   |
| 3    | done, but something could not be read, or `check` found something wrong      |
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from index.errors import ArchiveError
from search.errors import RequestError, SearchError
from web.commands_archive import import_articles, reindex_archive
from web.commands_entity import entity_commands
from web.commands_inspect import check_archive, show_status
from web.commands_scrape import keep_sources, scrape_sites
from web.commands_search import search_archive
from web.commands_serve import serve_archive, show_version
from web.config import ConfigError, load


class _Commands(click.Group):
    """A group that turns the errors Dateline raises on purpose into messages."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigError, RequestError) as error:
            raise click.UsageError(str(error)) from error
        except (ArchiveError, SearchError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--archive",
    type=click.Path(path_type=Path),
    help="The folder of the archive, instead of the configured one.",
)
@click.pass_context
def main(context: click.Context, archive: Path | None) -> None:
    """Search a news archive, and look after it.

    Settings come from the environment (DATELINE_ARCHIVE, DATELINE_ENGINE, …) and from
    dateline.toml in the working directory.
    """
    context.obj = load(archive=archive and str(archive))


for command in (
    import_articles,
    scrape_sites,
    keep_sources,
    reindex_archive,
    search_archive,
    serve_archive,
    show_status,
    check_archive,
    entity_commands,
    show_version,
):
    main.add_command(command)
