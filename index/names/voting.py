"""The type of a name that articles take for several."""

from __future__ import annotations

from collections import Counter

from index.entities.mentions import ENTITY_TYPES, EntityType

Votes = Counter[EntityType]
"""How many articles take something for which type."""


def vote(votes: Votes, longer: Votes) -> EntityType:
    """The type that most articles give a name.

    Whether it is a person or an organisation, the longer names tell too that it may be short
    for: "Ford" is no person where there is a Ford Motor and a Ford Credit, "Baker" one where
    there is a James Baker. They say little about places: a Boston Globe is no reason.
    """
    if 2 * votes["place"] > votes.total() or not votes["person"] + votes["organisation"]:
        return "place"
    return max(
        (kind for kind in votes if kind != "place"),
        key=lambda kind: (votes[kind] + longer[kind], ENTITY_TYPES.index(kind)),
    )
