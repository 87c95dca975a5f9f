"""Writes sentences of kinds that the labelled sets lack: headlines, datelines, tables of sport."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from index.entities.spans import Span, SpanType
from index.entities.train.examples import Sentence
from index.entities.train.gazetteers import listed, town_names

_IN_CAPITALS, _AS_TITLES, _WITH_DATELINE = 0.05, 0.03, 0.03
"""Shares of the labelled sentences that are added a second time, changed."""

_SMALL_WORDS = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
    )
)
_AGENCIES = ("AFP", "AP", "CNN", "REUTERS", "Reuters", "UPI", "VOA", "Xinhua")
_DASHES = ("-", "--", "–", "—")

_TABLES = tuple(
    """
    SPORT - CLUB BEAT CLUB N-N .
    SPORT - COUNTRY BEAT COUNTRY N-N IN FRIENDLY .
    SPORT - PERSON WINS TOURNAMENT .
    SPORT - COUNTRY WIN TOSS , PUT COUNTRY IN TO BAT .
    SPORT - LEADING SCORES AT TOURNAMENT .
    SPORT - RESULTS IN TOURNAMENT FIRST ROUND .
    SPORT - SURNAME LEADS COUNTRY TO VICTORY OVER COUNTRY .
    SPORT - SURNAME UPSETS SURNAME IN TOURNAMENT FINAL .
    TOWN , Country YYYY-08-1N
    TOWN YYYY-12-2N
    TOWN at TOWN
    Club N Club N
    Club N Club N ( halftime N-N )
    Club N Club N . Halftime N-N . Attendance N,000
    Country N Country N
    Country beat Country N-N ( halftime N-N )
    Country - Person ( 12th minute ) , Person ( 78th penalty )
    Club - Person ( N , 65th )
    Scorers : Person ( 14th ) , Person ( 67th , 88th )
    Scorers : Country - Person 25 , Person 71
    Attendance : N,500
    Teams : Country - 1-Person , 2-Person ; 3-Person , 4-Person
    Club N N N N N N N
    Country N N N N N N N
    Team N Team N
    TEAM N Team N
    Team N TEAM N ( OT )
    TEAM NN NN .583 -
    TEAM NN NN .491 12 1/2
    Team AT TEAM
    TEAM AT Team
    Standings ( tabulate under played , won , drawn , lost ) :
    Results of Sport matches on Saturday ( home sides in CAPS ) :
    N. Person ( Country ) N.NN seconds
    N. Person ( Country ) NN minutes NN.NN seconds
    N. Person , Country , N:NN.NN
    N. Person ( Country ) NNN points
    N. Country NNN points
    N. Person ( Country ) Team N hours NN minutes
    Person ( Country ) beat Person ( Country ) 6-N 6-N
    Person ( Country ) beat N - Person ( Country ) N-6 6-N 6-4
    N - Person ( Country ) beat Person ( Country ) 6-N 7-6 ( 7-N )
    Person and Person ( Country ) beat Person and Person ( Country ) 6-N 6-N
    NNN Person ( Country ) NN NN NN
    NNN Person NN NN NN , Person ( Country ) NN NN NN
    Men 's singles , first round
    Initial b Surname NN
    Initial c Surname b Surname N
    Initial lbw b Surname NN
    Initial not out NN
    Initial run out N
    Bowling : Surname N-N-NN-N , Surname NN-N-NN-N ( nb-N )
    Fall of wickets : 1-NN 2-NN 3-NNN
    Country NNN for N
    Country first innings
    Club NNN and NNN for N ( Initial NN not out )
    Club NNN ( Initial NN , Initial N-NN ) , Club NNN for N
    In Town : Club N Club N
    At Town : Country NNN , Country NN for N
    Person ( Country ) , Team , N laps
    Surname , Club , N goals
    Person of Country won the gold medal in Town on Saturday .
    Person scored twice as Club beat Club N-N in the league on Sunday .
    Country captain Person said Surname would miss the match against Country in Town .
    Club striker Person joined Club from Club for N million pounds .
    Club coach Person said his side would face Club without Surname .
    In Town , Person hit a two-run homer as the Nickname beat the Nickname N-N .
    Person threw for NNN yards as the Nickname defeated the Nickname NN-NN .
    Defending champion Person of Country beat Country 's Person 6-N 6-N on Tuesday .
    """.strip().splitlines()
)
"""Patterns: the words that `_Patterns._fill` knows are filled in, in capitals when written so; N
stands for a digit and YYYY for a year."""

_NEWS = tuple(
    """
    The statement was published on Platform on Saturday .
    The ministry said in a post on Platform that NN people were killed .
    He wrote on Platform that the attack had been repelled .
    according to a video shared on the Platform messaging app ,
    The governor said on the Platform messaging service .
    Surname said in a Platform post on Monday .
    Platform said it had removed the accounts .
    Users of Platform and Platform were asked to verify their accounts .
    """.strip().splitlines()
)
_PLATFORMS = (
    "Facebook Instagram Reddit Signal Telegram TikTok Twitter VKontakte WhatsApp YouTube".split()
)

_LEAGUE_CITIES = (
    "Anaheim|Atlanta|Baltimore|Boston|Buffalo|Calgary|Charlotte|Chicago|Cincinnati|Cleveland|"
    "Colorado|Dallas|Denver|Detroit|Edmonton|Florida|Houston|Indiana|Kansas City|Los Angeles|"
    "Miami|Milwaukee|Minnesota|Montreal|New England|New Jersey|New York|Oakland|Orlando|Ottawa|"
    "Philadelphia|Phoenix|Pittsburgh|Portland|Sacramento|San Antonio|San Diego|San Francisco|"
    "San Jose|Seattle|St. Louis|Tampa Bay|Tennessee|Texas|Toronto|Utah|Vancouver|Washington"
).split("|")
"""Towns and states whose name alone stands for a side in North American leagues."""

_SPORTS = "soccer rugby cricket golf tennis basketball baseball hockey cycling".split()
_TOURNAMENTS = ("Open", "Cup", "Championships", "Grand Prix", "Classic", "Masters")
_TABLE_SENTENCES = 7000
_NEWS_SENTENCES = 500


def changed(sentences: Iterable[Sentence], seed: int) -> Iterator[Sentence]:
    """Some of the sentences again: in capitals, as titles, or after a dateline."""
    random = Random(seed)
    towns, countries = town_names(), listed("countries")
    for sentence in sentences:
        draw = random.random()
        if draw < _IN_CAPITALS:
            yield Sentence(tuple(word.upper() for word in sentence.words), sentence.names)
        elif draw < _IN_CAPITALS + _AS_TITLES:
            yield Sentence(tuple(_as_title(word) for word in sentence.words), sentence.names)
        elif draw < _IN_CAPITALS + _AS_TITLES + _WITH_DATELINE:
            yield _after_dateline(sentence, random, towns, countries)


def _as_title(word: str) -> str:
    return word if word in _SMALL_WORDS else word[0].upper() + word[1:]


def _after_dateline(
    sentence: Sentence, random: Random, towns: list[str], countries: list[str]
) -> Sentence:
    town = random.choice(towns)
    words = (town.upper() if random.random() < 0.8 else town).split()
    names = [Span(0, len(words), "place")]
    if random.random() < 0.5:
        country = random.choice(countries).split()
        names.append(Span(len(words) + 1, len(words) + 1 + len(country), "place"))
        words += [",", *country]
    if random.random() < 0.4:
        names.append(Span(len(words) + 1, len(words) + 2, "organisation"))
        words += ["(", random.choice(_AGENCIES), ")"]
    words.append(random.choice(_DASHES))
    moved = (Span(s + len(words), e + len(words), kind) for s, e, kind in sentence.names)
    return Sentence((*words, *sentence.words), (*names, *moved))


def patterns(seed: int) -> Iterator[Sentence]:
    """Lines of results, line-ups, standings and scorecards, and sentences of match reports;
    sentences that name what people write on."""
    filler = _Patterns(Random(seed))
    for _ in range(_TABLE_SENTENCES):
        yield filler.sentence(_TABLES)
    for _ in range(_NEWS_SENTENCES):
        yield filler.sentence(_NEWS)


class _Patterns:
    """Fills the patterns with names from the lists."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._given = listed("given_names")
        self._surnames = listed("surnames")
        self._clubs = listed("clubs")
        self._countries = [name for name in listed("countries") if len(name) > 2]
        self._towns = town_names()

    def sentence(self, patterns: Sequence[str]) -> Sentence:
        """One line, by a pattern drawn at random."""
        words: list[str] = []
        names: list[Span] = []
        for slot in self._random.choice(patterns).split():
            prefix, dash, name = slot.partition("-")
            if dash and name == "Person":
                words += [self._digits(prefix), "-"]
                slot = name
            filled, kind = self._fill(slot)
            if kind:
                names.append(Span(len(words), len(words) + len(filled), kind))
            words += filled
        return Sentence(tuple(words), tuple(names))

    def _fill(self, slot: str) -> tuple[list[str], SpanType | None]:
        kind: SpanType | None = None
        filled = self._digits(slot)
        if slot in (slot.upper(), slot.title()):
            match slot.title():
                case "Person":
                    filled, kind = (
                        f"{self._pick(self._given)} {self._pick(self._surnames)}",
                        "person",
                    )
                case "Surname":
                    filled, kind = self._pick(self._surnames), "person"
                case "Initial":
                    filled = f"{self._pick('ABCDGHIJKMNPRSTW')}. {self._pick(self._surnames)}"
                    kind = "person"
                case "Club" | "Nickname":
                    filled, kind = self._pick(self._clubs), "organisation"
                case "Team":
                    filled, kind = self._pick(_LEAGUE_CITIES), "organisation"
                case "Platform":
                    filled, kind = self._pick(_PLATFORMS), "organisation"
                case "Country":
                    filled, kind = self._pick(self._countries), "place"
                case "Town":
                    filled, kind = self._pick(self._towns), "place"
                case "Sport":
                    filled = self._pick(_SPORTS)
                case "Tournament":
                    filled = f"{self._pick(self._towns)} {self._pick(_TOURNAMENTS)}"
        return (filled.upper() if slot.isupper() else filled).split(), kind

    def _pick(self, names: Sequence[str]) -> str:
        return self._random.choice(names)

    def _digits(self, pattern: str) -> str:
        """The pattern with N as digits and YYYY as a year, unless it is a word."""
        if pattern.strip("NYd0123456789-:.,/"):
            return pattern
        pattern = pattern.replace("YYYY", str(self._random.randrange(1985, 2025)))
        return "".join(str(self._random.randrange(1, 10)) if c == "N" else c for c in pattern)
