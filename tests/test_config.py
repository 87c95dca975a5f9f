from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from web.config import SETTINGS, Config, ConfigError, load


def test_every_setting_has_its_field_and_a_default_that_can_be_read(tmp_path: Path) -> None:
    assert [setting.name for setting in SETTINGS] == [field.name for field in fields(Config)]
    config = load({}, tmp_path)
    assert config.archive == tmp_path / "archive"
    assert (config.engine, config.host, config.port) == ("native", "127.0.0.1", 8000)
    assert config.sources == ()


def test_the_samples_are_read_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    assert load({}, tmp_path).sources == (tmp_path / "seeds",)
    elsewhere = {"DATELINE_SOURCES": "/news:more"}
    assert load(elsewhere, tmp_path).sources == (Path("/news"), tmp_path / "more")
    assert load({"DATELINE_SOURCES": ""}, tmp_path).sources == ()


def test_what_is_given_nearest_counts(tmp_path: Path) -> None:
    (tmp_path / "dateline.toml").write_text('port = 1\nengine = "whoosh"\nsources = ["a", "/b"]\n')
    config = load({"DATELINE_PORT": "2"}, tmp_path)
    assert (config.port, config.engine) == (2, "whoosh")
    assert config.sources == (tmp_path / "a", Path("/b"))
    assert load({"DATELINE_PORT": "2"}, tmp_path, port=3, host=None).port == 3


def test_paths_of_a_file_start_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "my.toml").write_text('archive = "data"\n')
    config = load({"DATELINE_CONFIG": "etc/my.toml"}, tmp_path)
    assert config.archive == tmp_path / "etc" / "data"


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("DATELINE_PORT", "http", "a whole number from 1 to 65535"),
        ("DATELINE_PORT", "65536", "a whole number from 1 to 65535"),
        ("DATELINE_THREADS", "", "a whole number from 1 to 256"),
        ("DATELINE_ENGINE", "elastic", "one of native, whoosh"),
        ("DATELINE_ARCHIVE", "", "a path"),
        ("DATELINE_HOST", " ", "a text without spaces around it"),
        ("DATELINE_CONFIG", "none.toml", "a file"),
    ],
)
def test_an_error_names_key_value_and_what_was_expected(
    tmp_path: Path, variable: str, value: str, expected: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load({variable: value}, tmp_path)
    assert caught.value.key == variable
    assert expected in caught.value.expected
    assert str(caught.value) == (
        f"Setting {variable!r} has value {caught.value.value!r}. Expected {caught.value.expected}."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("prot = 1", "'port', or another setting of archive, sources"),
        ("zzz = 1", "a setting of archive"),
        ('port = "x"', "dateline.toml: port' has value 'x'. Expected a whole number"),
        ("port = true", "Expected a whole number"),
        ("sources = 5", "paths, a list or separated by ':'"),
        ("sources = [5]", "Expected a path"),
        ("archive = 5", "Expected a path"),
        ("port = ", "Expected TOML ("),
    ],
)
def test_errors_in_the_file(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "dateline.toml").write_text(content)
    with pytest.raises(ConfigError) as caught:
        load({}, tmp_path)
    assert message in str(caught.value)
