"""`dateline entity …`: what is known of people, places and organisations, and deciding on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from index.curation.decisions import Decision, Hide, Merge, Rename, Retype, Split, in_words
from index.curation.file import add, load, take_back
from index.curation.notation import Entry, clean_name
from index.entities.mentions import ENTITY_TYPES, EntityType
from index.errors import DecisionRefused
from web.config import Config
from web.entity_desk import EntityDesk, entity_desk
from web.entity_json import decision_json, entity_json
from web.entity_text import entity_lines
from web.options import counted, engine_option, json_option

TYPE = click.Choice(ENTITY_TYPES)

type_option = click.option(
    "--type", "kind", type=TYPE, help="The type, where the name alone does not tell."
)
note_option = click.option("--note", default="", metavar="TEXT", help="Why; kept in the file.")


def _deciding(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all decisions have."""
    for option in (click.pass_obj, engine_option, note_option, type_option):
        command = option(command)
    return command


@click.group("entity", short_help="Look at entities, and decide on them.")
def entity_commands() -> None:
    """Look at people, places and organisations, and decide on them.

    Decisions are kept in entities.toml, in the folder of the archive. They take effect at once,
    hold through every import and reindex, and can be taken back with `dateline entity undo`.
    """


@entity_commands.command("show")
@click.argument("name")
@type_option
@json_option
@engine_option
@click.pass_obj
def show_entity(config: Config, name: str, kind: EntityType | None, as_json: bool) -> None:
    """Show what is known of an entity: names, sentences, decisions.

    NAME is any of its names.
    """
    with entity_desk(config) as desk:
        found = desk.report(name, kind)
        if as_json:
            click.echo(json.dumps(entity_json(found), ensure_ascii=False))
            return
        for line in entity_lines(found):
            click.echo(line)
        _warn_when_waiting(desk)


@entity_commands.command("list")
@json_option
@engine_option
@click.pass_obj
def list_decisions(config: Config, as_json: bool) -> None:
    """List all decisions, and say which are idle.

    A decision is idle while no article gives a name that it is about. It stays, for the articles
    to come.
    """
    with entity_desk(config) as desk:
        entries = desk.decisions.entries
        idle = desk.idle()
        if as_json:
            listed = [decision_json(entry) | {"idle": entry in idle} for entry in entries]
            record = {"decisions": listed, "in_effect": desk.in_effect()}
            click.echo(json.dumps(record, ensure_ascii=False))
            return
        for entry in entries:
            click.echo(_entry_line(entry) + ("  (idle)" if entry in idle else ""))
        click.echo(f"{counted(len(entries), 'decision')}, {len(idle):,} of them idle.")
        _warn_when_waiting(desk)


@entity_commands.command("merge")
@click.argument("names", nargs=-1, required=True)
@click.option("--into", required=True, metavar="NAME", help="The name that they are shown under.")
@_deciding
def merge_entities(
    config: Config, names: tuple[str, ...], into: str, kind: EntityType | None, note: str
) -> None:
    """Make several entities one, shown under one of their names.

    dateline entity merge "Zelensky" "V. Zelensky" --into "Volodymyr Zelenskyy"
    """
    with entity_desk(config) as desk:
        to, target = desk.entity(into, kind)
        merged = tuple(desk.decidable(name, to)[1] for name in names)
        if target in merged:
            raise DecisionRefused(f"“{target}” cannot be merged into itself")
        _decide(desk, Merge(type=to, names=merged, into=target, **_why(note)), target)


@entity_commands.command("split")
@click.argument("name")
@_deciding
def split_entity(config: Config, name: str, kind: EntityType | None, note: str) -> None:
    """Take a name out of the entity it was counted under; it stands alone then.

    dateline entity split "Kirby"
    """
    with entity_desk(config) as desk:
        of, form, origin = desk.form(name, kind)
        _decide(desk, Split(type=of, name=form, origin=origin, **_why(note)), form)


@entity_commands.command("rename")
@click.argument("name")
@click.argument("new")
@_deciding
def rename_entity(config: Config, name: str, new: str, kind: EntityType | None, note: str) -> None:
    """Show an entity under another name.

    dateline entity rename "Kim Jong-un" "Kim Jong Un"
    """
    with entity_desk(config) as desk:
        of, old = desk.decidable(name, kind)
        to = clean_name(new)
        if not to:
            raise click.UsageError("The new name is empty.")
        desk.must_be_free(to, of, old)
        _decide(desk, Rename(type=of, name=old, to=to, **_why(note)), to)


@entity_commands.command("retype")
@click.argument("name")
@click.argument("new", metavar="[person|place|organisation]", type=TYPE)
@_deciding
def retype_entity(
    config: Config, name: str, new: EntityType, kind: EntityType | None, note: str
) -> None:
    """Make an entity a person, a place or an organisation.

    dateline entity retype "Kursk" place
    """
    with entity_desk(config) as desk:
        of, old = desk.decidable(name, kind)
        if of == new:
            raise DecisionRefused(f"“{old}” is a {new} already")
        _decide(desk, Retype(type=of, name=old, to=new, **_why(note)), old)


@entity_commands.command("hide")
@click.argument("name")
@_deciding
def hide_entity(config: Config, name: str, kind: EntityType | None, note: str) -> None:
    """Hide an entity: it is no longer listed, counted or linked.

    dateline entity hide "Read More"
    """
    with entity_desk(config) as desk:
        of, old = desk.decidable(name, kind)
        _decide(desk, Hide(type=of, name=old, **_why(note)), None)


@entity_commands.command("undo")
@click.argument("name", required=False)
@engine_option
@click.pass_obj
def undo_decision(config: Config, name: str | None) -> None:
    """Take back the last decision, or the last one that NAME stands in."""
    with entity_desk(config) as desk:
        entry = take_back(desk.path, lambda before: desk.last(before, name))
        click.echo(f"Taken back: {in_words(entry.decision)}.")
        _apply(desk)


@entity_commands.command("apply")
@engine_option
@click.pass_obj
def apply_decisions(config: Config) -> None:
    """Put decisions into effect that were written into entities.toml by hand."""
    with entity_desk(config) as desk:
        entries = load(desk.path).entries
        _apply(desk)
        click.echo(f"{counted(len(entries), 'decision')} in effect.")


def _why(note: str) -> dict[str, Any]:
    return {"note": clean_name(note), "date": date.today()}  # noqa: DTZ011 - the day where the user is


def _decide(desk: EntityDesk, decision: Decision, shown: str | None) -> None:
    """Write a decision down, put it into effect, and say what came of it."""
    add(desk.path, decision)
    click.echo(f"Decided: {in_words(decision)}.")
    if not _apply(desk) or shown is None:
        return
    of = decision.to if isinstance(decision, Retype) else decision.type
    articles = desk.articles(of, shown)
    click.echo(f"{of} “{shown}” is in {counted(articles, 'article')}.")


def _apply(desk: EntityDesk) -> bool:
    if desk.apply():
        return True
    click.echo("There is no index yet; this takes effect with the first one.")
    return False


def _entry_line(entry: Entry) -> str:
    decision = entry.decision
    about = [str(decision.date or ""), decision.note]
    remark = "; ".join(filter(None, about))
    return f"{entry.line:>5}  {in_words(decision)}" + (f"  [{remark}]" if remark else "")


def _warn_when_waiting(desk: EntityDesk) -> None:
    if not desk.in_effect():
        click.echo(
            "entities.toml was changed by hand: `dateline entity apply` puts it into effect.",
            err=True,
        )
