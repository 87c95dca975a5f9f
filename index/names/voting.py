"""The type of a name that articles take for several."""

from __future__ import annotations

from collections import Counter

from index.entities.mentions import EntityType

Votes = Counter[EntityType]
"""How many articles take something for which type."""

COMPANY = 0.1
"""A name of several words that is followed by "Inc" or the like in so many articles, for each one
that has it, is a company's: few people have one of their name.

Chosen, as the three below, by reading the 200 most frequent values of each type in Reuters-21578
(`python -m benchmarks.names --frequent 200`) and in the press releases of the Department of
Justice, until no bank or broker stood among the people and no minister among the firms for it.
"""

FIRM = 0.25
"""A name that articles take for an organisation's, or for the beginning of one, so often for each
time they take it for a person's, is a firm called after people; one word only if longer names of
organisations with it are more than people's."""

AT_LEAST = 3
"""Articles of these that take the name itself for an organisation's: less may be mistakes."""

CITY = 0.4
"""A name of several words is a place's when so large a share of the articles says so and none calls
it a person or a company: clubs and banks are called by their city, cities not by a club."""


def vote(votes: Votes, longer: Votes, companies: int, *, single: bool) -> EntityType:
    """The type that most articles give a name.

    votes: articles by the type they take the name for. longer: by the type they take a longer
    name for that it may be short for. companies: articles that have it with "Inc" or the like.
    single: whether it is one word.

    Whether something is a person or an organisation, the longer names tell too, unless articles
    clearly say that it is an organisation: "Ford" is no person where there is a Ford Motor and a
    Ford Credit, "Baker" one where there is a James Baker, and "Duff" none whom hardly anybody names in full, but many name Duff and Phelps. They
    say little about places: a Boston Globe is no reason.
    """
    if 2 * votes["place"] > votes.total() + companies:
        return "place"
    person, organisation = votes["person"], votes["organisation"] + companies
    if not person + organisation:
        return "place"
    if single:
        is_firm = longer["organisation"] >= max(AT_LEAST, FIRM * person, longer["person"] + 1)
    else:
        said = organisation + longer["organisation"]
        is_firm = organisation >= AT_LEAST and said > FIRM * person > 0
        is_firm = is_firm or companies > COMPANY * votes.total()
        if not is_firm and not person + companies and votes["place"] > CITY * votes.total():
            return "place"
    if 2 * person > organisation or (person and not single):
        person, organisation = person + longer["person"], organisation + longer["organisation"]
    return "person" if person > organisation and not is_firm else "organisation"
