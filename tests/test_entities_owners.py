"""Units named right behind what they belong to."""

from __future__ import annotations

import pytest

from index.entities.owners import Found, with_owners

OWNER, UNIT = "ABC", "Springfield Regional Office"


def named(text: str, name: str = UNIT, owner: str = OWNER) -> str:
    """What the unit of a text is called, whose owner stands before it."""
    found: list[Found] = []
    for part in (owner, UNIT):
        at = text.rindex(part)
        found.append(("organisation", at, at + len(part)))
    return with_owners(text, found, [owner, name])[1]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"the Agency (ABC) {UNIT} said", f"ABC {UNIT}"),
        (f"the ABC's {UNIT} said", f"ABC's {UNIT}"),
        (f"the ABC’s {UNIT} said", f"ABC's {UNIT}"),
        (f"the ABC and the {UNIT} said", UNIT),
        (f"the ABC) {UNIT} said", UNIT),
    ],
)
def test_a_unit_is_called_by_its_owner(text: str, name: str) -> None:
    assert named(text) == name


def test_an_owner_in_brackets_is_an_abbreviation() -> None:
    assert named(f"(Sample) {UNIT}", owner="Sample") == UNIT


def test_what_has_a_longer_name_keeps_it() -> None:
    longer = f"{UNIT} of the Agency"
    assert named(f"(ABC) {UNIT}", longer) == longer
