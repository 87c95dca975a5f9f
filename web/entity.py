"""Entities as they are asked for and described: by address, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from werkzeug.exceptions import NotFound

from index.articles import clean_text
from index.curation.entities import Form
from index.naming import FacetName
from search.archive import Archive

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "itself": "",
        "spelling": "another spelling",
        "form": "another form of the name",
        "type": "mostly taken for this type",
        "short": "short for it",
        "ambiguous": "may be short for several",
    }
)
"""Why a name counts towards an entity without anybody's decision; `index.names.resolving.Reason`."""

MOST_MEANT = 6
"""Names offered where one is not known."""


def find(archive: Archive, kind: str, name: str) -> FacetName:
    """The entity of a type that goes by a name, or that alone is called so for short.

    Raises NotFound, with the names nearest to it.
    """
    entities, given = archive.entities, clean_text(name)
    exact = entities.entities(given)
    short = [entity for entity in entities.shortened(given) if entity[0] == kind]
    for entity in exact:
        if entity[0] == kind:
            return entity
    if len(short) == 1:
        return short[0]
    near = exact or short or entities.nearest(given)
    raise NotFound(f"There is no {kind} “{name}” in this archive.{meant(near)}")


def meant(near: Sequence[FacetName]) -> str:
    """A sentence with the names that may be meant; empty without any."""
    if not near:
        return ""
    return f" There is: {', '.join(f'{name} ({kind})' for kind, name in near[:MOST_MEANT])}."


def why(form: Form, entity: FacetName) -> str:
    """Why a form counts towards an entity, in words; empty for its own name."""
    if form.name == entity:
        return REASONS["ambiguous"] if form.reason == "ambiguous" else ""
    if form.entity == entity:
        return REASONS[form.reason]
    return "by decision"
