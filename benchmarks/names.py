"""How names are resolved across articles, against the people that editors assigned to them.

    python -m benchmarks.names [--data FOLDER] [--articles N] [--frequent N] [--json OUT]

FOLDER holds corpora/reuters-21578.jsonl.gz: articles with codes of the people they are about
("james-baker", "lawson", "zhao-ziyang"). All articles are read for names, and these resolved, as
in an import. Then:

- A person stands in the text of an article when the last word of the code does. (Codes are
  surnames, most with nothing before them, and mostly as the article writes them.)
- A name fits a code when the code's last word is among its words. The canonical name of a code is
  the name of a person that fits it in most of the articles with the code that name the person.
- `found` is the share of people assigned to an article and standing in its text whose canonical
  name is among the article's people.
- `persons` is how many different names of people fit a code in the articles that have it, on
  average over the 50 codes that stand in the text of most articles. Canonical names of other
  codes are left out: an article on James Baker may well name Howard Baker. So are those in
  `OTHERS`, who are somebody else. All else counts, also misprints, surnames that stay alone because
  they could be two people's, and headlines mistaken for names.
- `untouched` is what `found` would be without resolution, each article by itself.

The codes are compared with names, nothing is learnt from them. --frequent prints the most frequent
names of each type, for reading what is none.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.articles import Article, article_id
from index.entities.mentions import ENTITY_TYPES, Mention
from index.names.counting import count_names
from index.names.naming import naming
from index.names.resolving import resolve_names
from index.naming import Naming
from index.recognition import find_mentions
from index.store import Store
from index.tokens import fold

CORPUS = Path("corpora") / "reuters-21578.jsonl.gz"
MOST_ASSIGNED = 50
OTHERS = frozenset(("Nancy Reagan",))
"""People without a code whose surname is that of one, among the names that fit the 50."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares and means as above; seconds of one process (recognition: of all cores)."""

    articles: int
    assigned: int
    found: float
    untouched: float
    persons: float
    names: int
    entities: int
    recognition: float
    counting: float
    resolution: float


@dataclass(frozen=True, slots=True)
class Assigned:
    """A code that an article has and that stands in its text, and the names that fit it."""

    code: str
    fitting: frozenset[str]


def read(path: Path, articles: int | None = None) -> list[dict[str, Any]]:
    """The first articles of a corpus, all for None."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, articles)]


def fill(store: Store, records: Iterable[Mapping[str, Any]]) -> None:
    """Put the articles of a corpus into a store."""
    with store.transaction():
        for record in records:
            store.put(_article(record), record["id"])


def assigned(
    store: Store, records: Sequence[Mapping[str, Any]], naming: Naming
) -> Iterator[Assigned]:
    """The people assigned to articles in whose text they stand."""
    for record in records:
        if not record.get("people"):
            continue
        article = _article(record)
        words = frozenset(_words(article.text))
        (mentions,) = store.mentions([article.id]).values()
        people = _values(mentions, naming).get("person", ())
        for code in record["people"]:
            last = code.split("-")[-1]
            if last in words:
                fitting = frozenset(name for name in people if last in _words(name))
                yield Assigned(code, fitting)


def canonical(people: Iterable[Assigned]) -> dict[str, str]:
    """The name that most articles have for each code, of equals the first by alphabet."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people:
        counts[person.code].update(person.fitting)
    return {
        code: min(names, key=lambda name: (-names[name], name))
        for code, names in counts.items()
        if names
    }


def found(people: Sequence[Assigned]) -> float:
    """The share of them that the article has under the canonical name."""
    names = canonical(people)
    return sum(names.get(person.code) in person.fitting for person in people) / len(people)


def persons(people: Sequence[Assigned]) -> dict[str, frozenset[str]]:
    """The names that stand for each of the codes that are assigned most."""
    names = canonical(people)
    canonicals = frozenset(names.values())
    most = Counter(person.code for person in people).most_common(MOST_ASSIGNED)
    return {
        code: frozenset(
            name
            for person in people
            if person.code == code
            for name in person.fitting
            if name == names[code] or name not in canonicals | OTHERS
        )
        for code, _ in most
        if code in names
    }


def measure(store: Store, records: Sequence[Mapping[str, Any]]) -> Figures:
    """Read, resolve and compare the articles of a corpus in an empty store."""
    fill(store, records)
    begun = time.perf_counter()
    find_mentions(store)
    recognised = time.perf_counter()
    count_names(store)
    counted = time.perf_counter()
    resolve_names(store)
    resolved = time.perf_counter()
    people = list(assigned(store, records, naming(store)))
    distinct = persons(people)
    (sizes,) = store.rows("SELECT count(*), count(DISTINCT entity_type || entity) FROM names")
    return Figures(
        articles=len(records),
        assigned=len(people),
        found=found(people),
        untouched=found(list(assigned(store, records, Naming()))),
        persons=sum(map(len, distinct.values())) / len(distinct),
        names=sizes[0],
        entities=sizes[1],
        recognition=recognised - begun,
        counting=counted - recognised,
        resolution=resolved - counted,
    )


def frequent(store: Store, kind: str, number: int) -> list[tuple[str, int]]:
    """The names of a type that most articles count under, at most once each."""
    articles: Counter[str] = Counter()
    names = naming(store)
    for identifier in store.ids():
        (mentions,) = store.mentions([identifier]).values()
        articles.update(_values(mentions, names).get(kind, ()))
    return sorted(articles.items(), key=lambda item: (-item[1], item[0]))[:number]


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="FOLDER")
    parser.add_argument("--articles", type=int, metavar="N", help="only the first of the corpus")
    parser.add_argument("--frequent", type=int, default=0, metavar="N")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here too")
    options = parser.parse_args(arguments)
    records = read(options.data / CORPUS, options.articles)
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "articles.sqlite") as store:
        figures = measure(store, records)
        _show(figures, persons(list(assigned(store, records, naming(store)))))
        for kind in ENTITY_TYPES if options.frequent else ():
            values = frequent(store, kind, options.frequent)
            print(kind, *(f"{name} {count}" for name, count in values), sep="\n  ")
    if options.json:
        options.json.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")


def _show(figures: Figures, distinct: Mapping[str, frozenset[str]]) -> None:
    for code, names in distinct.items():
        if len(names) > 1:
            print(f"{code}: {', '.join(sorted(names))}")
    for name, value in asdict(figures).items():
        print(f"{name:14}{value:12,}" if isinstance(value, int) else f"{name:14}{value:12.3f}")


def _article(record: Mapping[str, Any]) -> Article:
    return Article(
        id=article_id(record["id"]), title=record["title"], body=record["body"], language="en"
    )


def _values(mentions: Sequence[Mention], naming: Naming) -> dict[str, tuple[str, ...]]:
    """The facets of an article with these mentions."""
    return naming.facets(
        {kind: tuple(m.name for m in mentions if m.type == kind) for kind in ENTITY_TYPES}
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


if __name__ == "__main__":
    main()
