"""What several commands share: options, and exit codes of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import click

from index.sources.columns import nearest
from index.sources.records import FIELD_NAMES
from search.engine import ENGINES

DONE_WITH_PROBLEMS = 3
"""Exit code; see web.cli."""


def _use_engine(context: click.Context, _: click.Parameter, engine: str | None) -> None:
    if engine:
        context.obj = replace(context.obj, engine=engine)


engine_option = click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    callback=_use_engine,
    expose_value=False,
    help="The engine, instead of the configured one.",
)
"""--engine NAME: changes the settings in the command's context."""


def _read_columns(
    context: click.Context, _: click.Parameter, given: tuple[str, ...]
) -> Mapping[str, str]:
    columns: dict[str, str] = {}
    for text in given:
        field, _separator, name = (part.strip().lower() for part in text.partition("="))
        if not field or not name:
            raise click.BadParameter(f"{text!r} is not of the form FIELD=NAME", context)
        if field not in FIELD_NAMES:
            raise click.BadParameter(
                f"there is no field {field!r}{nearest(field, FIELD_NAMES)}; "
                f"the fields are {', '.join(FIELD_NAMES)}",
                context,
            )
        if field in columns or name in columns.values():
            raise click.BadParameter(f"{text!r}: a field or name is given twice", context)
        columns[field] = name
    return MappingProxyType(columns)


map_option = click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    callback=_read_columns,
    help="What a field is called in CSV, JSON lines and the like; may be repeated.",
)
"""--map FIELD=NAME: a mapping from FIELD_NAMES to names in lower case."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def counted(number: int, noun: str) -> str:
    """Return "1 article" or "2,000 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
