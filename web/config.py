"""Settings: each a row of name, default and help, read from the environment and one file."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.engine import ENGINES

FILE = "dateline.toml"
SEEDS = "seeds"


class ConfigError(Exception):
    """A setting that cannot be used.

    Attributes: key (as it is written where it was read), value, expected.
    """

    def __init__(self, key: str, value: object, expected: str) -> None:
        super().__init__(f"Setting {key!r} has value {value!r}. Expected {expected}.")
        self.key = key
        self.value = value
        self.expected = expected


class Expected(Exception):
    """Raised by a setting's `read`: what the value should have been."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: `read` makes the value of what was given (a text, or a value of TOML).

    `read` is handed the folder that relative paths start from, and raises Expected.
    """

    name: str
    default: object
    help: str
    read: Callable[[object, Path], object]

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"DATELINE_{self.name.upper()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings, checked. Field names are the names of SETTINGS."""

    archive: Path
    sources: tuple[Path, ...]
    engine: str
    processes: int
    host: str
    port: int
    threads: int
    contact: str


def _path(value: object, base: Path) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise Expected("a path")
    return (base / Path(value).expanduser()).absolute()


def _paths(value: object, base: Path) -> tuple[Path, ...]:
    if isinstance(value, str):
        value = [part for part in value.split(os.pathsep) if part]
    if not isinstance(value, list | tuple):
        raise Expected(f"paths, a list or separated by {os.pathsep!r}")
    return tuple(_path(part, base) for part in value)


def _one_of(names: Mapping[str, object]) -> Callable[[object, Path], str]:
    def read(value: object, _: Path) -> str:
        if not isinstance(value, str) or value not in names:
            raise Expected(f"one of {', '.join(names)}")
        return value

    return read


def _number(least: int, most: int) -> Callable[[object, Path], int]:
    def read(value: object, _: Path) -> int:
        expected = f"a whole number from {least} to {most}"
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise Expected(expected)
        try:
            number = int(value)
        except ValueError:
            raise Expected(expected) from None
        if not least <= number <= most:
            raise Expected(expected)
        return number

    return read


def _word(value: object, _: Path) -> str:
    if not isinstance(value, str) or not value or value != value.strip():
        raise Expected("a text without spaces around it")
    return value


def _contact(value: object, _: Path) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[!-'*-~]{0,200}", value):
        raise Expected("a mail or web address, in ASCII and without spaces and brackets")
    return value


SETTINGS = (
    Setting("archive", "archive", "the folder of the archive: articles and indexes", _path),
    Setting("sources", (SEEDS,), "folders and files that `dateline reindex` reads", _paths),
    Setting(
        "engine", "native", f"the engine that searches: {', '.join(ENGINES)}", _one_of(ENGINES)
    ),
    Setting("processes", 0, "processes that look for names; 0 for one a core", _number(0, 512)),
    Setting("host", "127.0.0.1", "the address `dateline serve` listens on", _word),
    Setting("port", 8000, "the port `dateline serve` listens on", _number(1, 65535)),
    Setting("threads", 8, "requests that are answered at once", _number(1, 256)),
    Setting("contact", "", "how sites reach whoever runs `dateline scrape`", _contact),
)


def load(
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    **overrides: object,
) -> Config:
    """The settings: overrides before the environment, before the file, before the defaults.

    environment: of the process when not given. folder: where paths of the environment start
    and `dateline.toml` is looked for unless DATELINE_CONFIG names another file; by default the
    working directory. overrides: by name of setting; None counts as not given.
    Raises ConfigError.
    """
    environment = os.environ if environment is None else environment
    folder = folder or Path.cwd()
    given = _from_file(environment.get("DATELINE_CONFIG"), folder)
    for setting in SETTINGS:
        if setting.variable in environment:
            given[setting.name] = (setting.variable, environment[setting.variable], folder)
        if overrides.get(setting.name) is not None:
            given[setting.name] = (setting.name, overrides[setting.name], folder)
    values = {}
    if "sources" not in given and not (folder / SEEDS).exists():
        given["sources"] = ("sources", (), folder)  # only a checkout of Dateline has them
    for setting in SETTINGS:
        key, value, base = given.get(setting.name, (setting.name, setting.default, folder))
        try:
            values[setting.name] = setting.read(value, base)
        except Expected as error:
            raise ConfigError(key, value, str(error)) from None
    return Config(**values)  # type: ignore[arg-type]  # every row makes what its field holds


def _from_file(named: str | None, folder: Path) -> dict[str, tuple[str, object, Path]]:
    path = folder / (named or FILE)
    if not named and not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError("DATELINE_CONFIG", str(path), f"a file ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError("DATELINE_CONFIG", str(path), f"TOML ({error})") from error
    names = [setting.name for setting in SETTINGS]
    for name, value in values.items():
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            expected = f"{close[0]!r}, or another" if close else "a"
            raise ConfigError(f"{path}: {name}", value, f"{expected} setting of {', '.join(names)}")
    return {name: (f"{path}: {name}", value, path.parent) for name, value in values.items()}
