"""What several commands share: options, and exit codes of their own."""

from __future__ import annotations

from dataclasses import replace

import click

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

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def counted(number: int, noun: str) -> str:
    """Return "1 article" or "2,000 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
