"""Decisions and automatic resolution combined, on all small worlds hypothesis thinks of."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from index.curation.consistency import conflicts
from index.curation.curated import CuratedNames
from index.curation.decisions import Decision, Hide, Merge, Rename, Retype, Split, moves
from index.curation.notation import Entry
from index.entities.mentions import EntityType
from index.naming import FacetName

TYPES: tuple[EntityType, ...] = ("person", "place")
NAMES = tuple("ABCDEF")
ALL = [(kind, name) for kind in TYPES for name in NAMES]

Automatic = dict[FacetName, FacetName | None]

types = st.sampled_from(TYPES)
names = st.sampled_from(NAMES)
decisions = st.one_of(
    st.builds(
        Merge, type=types, names=st.lists(names, min_size=1, max_size=3).map(tuple), into=names
    ),
    st.builds(Split, type=types, name=names, origin=names),
    st.builds(Rename, type=types, name=names, to=names),
    st.builds(Retype, type=types, name=names, to=types),
    st.builds(Hide, type=types, name=names),
)


@st.composite
def resolutions(draw: st.DrawFn) -> Automatic:
    """Names joined under one of them, as resolution does; now and then one is dropped."""
    groups = draw(st.lists(st.sampled_from(range(5)), min_size=len(ALL), max_size=len(ALL)))
    firsts = {group: ALL[groups.index(group)] for group in set(groups)}
    dropped = draw(st.sets(st.sampled_from(ALL), max_size=1))
    found: Automatic = {
        name: firsts[group] for name, group in zip(ALL, groups, strict=True) if group
    }
    return found | dict.fromkeys(dropped - set(firsts.values()))


@st.composite
def consistent(draw: st.DrawFn) -> list[Decision]:
    """Decisions that go together, as the file lets them be made."""
    chosen: list[Decision] = []
    for decision in draw(st.lists(decisions, max_size=6)):
        if not conflicts([Entry(each, 1, 1) for each in (*chosen, decision)]):
            chosen.append(decision)
    return chosen


def named(decided: Sequence[Decision], automatic: Automatic) -> dict[FacetName, FacetName | None]:
    curated = CuratedNames(decided, automatic)
    return {name: curated.name(name) for name in ALL}


@given(consistent(), resolutions(), st.randoms())
def test_the_order_of_decisions_does_not_matter(
    decided: list[Decision], automatic: Automatic, chance: random.Random
) -> None:
    shuffled = chance.sample(decided, len(decided))
    assert named(decided, automatic) == named(shuffled, automatic)


@given(consistent(), resolutions())
def test_every_decision_holds(decided: list[Decision], automatic: Automatic) -> None:
    result = named(decided, automatic)
    for decision in decided:
        for name, to in moves(decision):
            assert result[name] == (to if to is None else result[to])


@given(decisions, resolutions())
def test_names_given_are_the_names_shown(decision: Decision, automatic: Automatic) -> None:
    assume(not conflicts([Entry(decision, 1, 1)]))
    result = named([decision], automatic)
    match decision:
        case Merge(type=kind, into=name) | Rename(type=kind, to=name) | Split(type=kind, name=name):
            assert result[kind, name] == (kind, name)
        case Retype(name=name, to=kind):
            shown = result[decision.type, name]
            assert shown is not None
            assert shown[0] == kind
            assert shown in ((kind, name), automatic.get((kind, name)))
        case Hide(type=kind, name=name):
            assert result[kind, name] is None


@given(consistent(), resolutions())
def test_what_is_hidden_is_hidden_with_all_that_leads_to_it(
    decided: list[Decision], automatic: Automatic
) -> None:
    result = named(decided, automatic)
    hidden = {(each.type, each.name) for each in decided if isinstance(each, Hide)}
    leads = {name: to for decision in decided for name, to in moves(decision)}
    for name in ALL:
        here: FacetName | None = name
        while here in leads and here not in hidden:
            here = leads[here]
        if here in hidden:
            assert result[name] is None


@given(consistent(), resolutions())
def test_shown_names_are_shown_as_themselves(decided: list[Decision], automatic: Automatic) -> None:
    result = named(decided, automatic)
    assert all(result[name] == name for name in result.values() if name)


@given(consistent(), resolutions())
def test_entities_nobody_decided_on_stay_as_they_are(
    decided: list[Decision], automatic: Automatic
) -> None:
    result = named(decided, automatic)
    entity: Automatic = {name: automatic.get(name, name) for name in ALL}
    concerned: set[FacetName] = {
        name for decision in decided for pair in moves(decision) for name in pair if name
    }
    for decision in decided:
        if isinstance(decision, Split):
            concerned |= {(decision.type, decision.name), (decision.type, decision.origin)}
    touched = {*concerned, *(entity[name] for name in concerned)}
    for name in ALL:
        if not {name, entity[name]} & touched:
            assert result[name] == entity[name]


@given(consistent(), resolutions())
def test_the_naming_says_the_same_as_single_names(
    decided: list[Decision], automatic: Automatic
) -> None:
    result = named(decided, automatic)
    naming = CuratedNames(decided, automatic).naming()
    assert {name: naming.names.get(name, name) for name in ALL} == result


def test_a_decision_holds_when_the_entity_comes_to_be_called_otherwise() -> None:
    merged = [Merge(type="person", names=("A",), into="C")]
    a, b, c = (("person", name) for name in "ABC")
    assert named(merged, {b: a})[b] == c
    assert named(merged, {a: b})[b] == c
    hidden = [Hide(type="person", name="A")]
    assert named(hidden, {a: b})[b] is None


def test_a_retyped_entity_joins_the_one_of_that_name() -> None:
    place, full = ("place", "A"), ("place", "B")
    result = named([Retype(type="person", name="A", to="place")], {place: full})
    assert result["person", "A"] == result[place] == full


def test_a_form_that_was_split_can_be_merged_into_another_entity() -> None:
    a, b, c = (("person", name) for name in "ABC")
    decided: list[Decision] = [
        Split(type="person", name="A", origin="B"),
        Merge(type="person", names=("A",), into="C"),
    ]
    assert named(decided, {a: b})[a] == c
    assert named(decided, {a: b})[b] == b


def test_the_rest_of_an_entity_does_not_follow_the_form_it_was_called_by() -> None:
    a, b, c = (("person", name) for name in "ABC")
    result = named([Split(type="person", name="A", origin="B")], {b: a, c: a})
    assert (result[a], result[b], result[c]) == (a, b, b)


def test_decisions_that_joined_names_make_a_circle_of_are_one_entity() -> None:
    decided: list[Decision] = [
        Rename(type="person", name="A", to="B"),
        Rename(type="person", name="C", to="D"),
    ]
    a, b, c, d = (("person", name) for name in "ABCD")
    result = named(decided, {b: c, d: a})
    assert result[a] == result[b] == result[c] == result[d]
