"""Documents and code agree: links lead somewhere; commands, options and modules are what they say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from web.cli import main
from web.config import SETTINGS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
REFERENCE = DOCS / "reference" / "command-line.md"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?:^|&& |/bin/)dateline (.*?)(?: && | \| |$)")
PROMPT = re.compile(r"^[$#] ")
ENVIRONMENT = re.compile(r"DATELINE_[A-Z_]+")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def prose_of(page: Path) -> str:
    """A page without its blocks of code."""
    return BLOCK.sub("", text_of(page))


def anchors_of(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = (heading.lower() for heading in HEADING.findall(prose_of(page)))
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings}


def typed(page: Path) -> Iterator[str]:
    """What a page tells the reader to type: code within lines, and lines behind a prompt."""
    yield from CODE.findall(prose_of(page))
    for language, block in BLOCK.findall(text_of(page)):
        for line in block.splitlines():
            if language == "console" and PROMPT.match(line):
                yield PROMPT.sub("", line).partition("  #")[0].strip()
            elif language == "ini" and line.startswith("ExecStart="):
                yield line.removeprefix("ExecStart=")


def commands(page: Path) -> Iterator[list[str]]:
    """The `dateline` commands of a page, as words after the program's name."""
    for line in typed(page):
        for rest in COMMAND.findall(line):
            yield shlex.split(rest)


def options_of(command: click.Command) -> set[str]:
    """The options of a command, and of the commands it has of its own."""
    options = (each for each in command.params if isinstance(each, click.Option))
    own = command.commands.values() if isinstance(command, click.Group) else ()
    return {name for option in options for name in option.opts}.union(*map(options_of, own))


def source_of(module: str) -> str:
    """What `python -m module` runs."""
    path = ROOT / module.replace(".", "/")
    path = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
    return path.read_text("utf-8")


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(prose_of(page)):
        if link.startswith(("http://", "https://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_relative_to(ROOT), f"{link} leads out of the repository"
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors_of(target), f"{link}: no such heading"


@each_page
def test_commands_and_their_options_exist(page: Path) -> None:
    for words in commands(page):
        begin = 2 if words[0] == "--archive" else 0
        if words[begin] in {"--help", "COMMAND", "…"}:
            continue
        assert words[begin] in main.commands, words
        known = options_of(main.commands[words[begin]]) | {"--help"}
        assert {word for word in words[begin:] if word.startswith("--")} <= known, words


def test_every_command_and_option_is_in_the_reference() -> None:
    reference = text_of(REFERENCE)
    section = re.compile(r"^## `dateline (\w+)[^\n]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    sections = dict(section.findall(reference))
    assert sections.keys() == main.commands.keys()
    for name, command in main.commands.items():
        for option in options_of(command):
            assert re.search(rf"`{option}[` ]", sections[name]), f"{name} {option}"


def test_every_command_is_in_the_readme() -> None:
    readme = text_of(ROOT / "README.md")
    assert all(f"| `dateline {name}" in readme for name in main.commands)


@each_page
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for line in typed(page):
        for target in re.findall(r"(?:^|\s)make ([a-z]+)", line):
            assert target in targets, f"make {target}"


@each_page
def test_programs_and_their_options_exist(page: Path) -> None:
    for line in typed(page):
        for module in re.findall(r"python -m ((?:index|benchmarks)\.[\w.]+)", line):
            source = source_of(module)
            for option in re.findall(r" (--[\w-]+)", line):
                assert f'"{option}"' in source, line


@each_page
def test_named_files_exist(page: Path) -> None:
    for name in CODE.findall(prose_of(page)):
        if re.fullmatch(r"(?:index|search|web|tests|benchmarks|docs|\.ci)/[\w./-]+", name):
            assert (ROOT / name).exists(), name


@each_page
def test_variables_of_the_environment_exist(page: Path) -> None:
    known = {setting.variable for setting in SETTINGS}
    known |= {"DATELINE_CONFIG", "DATELINE_DATA", "DATELINE_KERNEL_CACHE"}
    assert set(ENVIRONMENT.findall(text_of(page))) <= known


def test_every_setting_is_in_the_reference() -> None:
    reference = text_of(REFERENCE)
    for setting in SETTINGS:
        assert f"| `{setting.variable}` | `{setting.name}` |" in reference


@pytest.mark.parametrize("package", ["index", "search", "web"])
def test_every_module_has_a_place_in_the_architecture(package: str) -> None:
    section = re.search(
        rf"^### {package}/\n(.*?)^##", text_of(DOCS / "architecture.md"), re.MULTILINE | re.DOTALL
    )
    assert section is not None
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", section[1], re.MULTILINE)
        for name in CODE.findall(row)
    }
    folder = ROOT / package
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    contents = (*folder.glob("*/__init__.py"), *folder.glob("*/*.sql"))
    folders = {f"{path.parent.name}/" for path in contents}
    assert named == modules | folders


def test_every_decision_and_page_is_linked() -> None:
    for index, pages in ((DECISIONS / "README.md", DECISIONS), (DOCS / "README.md", DOCS)):
        linked = {
            (index.parent / link.partition("#")[0]).resolve()
            for link in LINK.findall(text_of(index))
        }
        found = set(pages.rglob("*.md")) - {index}
        if pages == DOCS:
            found = {page for page in found if page.parent != DECISIONS}
        assert found <= linked, f"not linked: {sorted(map(str, found - linked))}"


def test_every_dependency_is_explained() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", pyproject, re.MULTILINE | re.DOTALL)
    assert listed is not None
    names = re.findall(r'"([\w-]+)', listed[1])
    rows = re.findall(r"^\| ([\w-]+) \|", text_of(DECISIONS / "dependencies.md"), re.MULTILINE)
    assert rows[1:] == names
