"""Connections to the store's SQLite file: opening, migrating, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from index.addresses import canonical_address
from index.errors import (
    ArchiveError,
    OutOfSpace,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreTooNew,
)

APPLICATION_ID = 0x44544C4E
"""Marks the file as a Dateline store ("DTLN")."""

_SCHEMA = Path(__file__).parent / "schema"
_VERSIONS = (("articles",), ("history", "names", "stories", "crawling"))

MIGRATIONS = tuple(
    "".join((_SCHEMA / f"{theme}.sql").read_text(encoding="utf-8") for theme in themes)
    for themes in _VERSIONS
)
"""The script at place n brings a store of version n to n + 1."""

BUSY_SECONDS = 30.0
"""How long to wait for another writer. A batch of articles is written in well under a second."""

_NO_SPACE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


class Connection(sqlite3.Connection):
    """A connection that can be referred to weakly, so that ended threads let go of theirs."""


def connect_to_write(path: Path, busy_seconds: float = BUSY_SECONDS) -> Connection:
    """A connection for writing; the file is created or migrated when it needs to be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutOfSpace(f"{path.parent} cannot be made: {error.strerror}") from error
    if path.exists() and not os.access(path, os.W_OK):  # SQLite would open it for reading
        raise OutOfSpace(f"{path} cannot be written: check its permissions")
    with understood(path):
        connection = _connect(f"{_uri(path)}?mode=rwc", busy_seconds)
        try:
            _check_version(connection, path)
            _use_write_ahead_log(connection, busy_seconds)
            connection.execute("PRAGMA synchronous = FULL")  # an index must not outlive its store
            connection.execute("PRAGMA foreign_keys = ON")
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_to_read(path: Path, busy_seconds: float = BUSY_SECONDS) -> Connection:
    """A connection that cannot write. Raises StoreMissing rather than create a store."""
    if not path.is_file():
        raise StoreMissing(f"there is no article store at {path}: `dateline import` makes one")
    with understood(path):
        connection = _connect(f"{_uri(path)}?mode=ro", busy_seconds)
        try:
            version = _check_version(connection, path)
        except sqlite3.OperationalError as error:
            connection.close()
            if not _is_plain_file_in_closed_folder(path, error):
                raise
            connection = _connect(f"{_uri(path)}?mode=ro&immutable=1", busy_seconds)
            version = _check_version(connection, path)
        except BaseException:
            connection.close()
            raise
        if version < len(MIGRATIONS):
            connection.close()
            raise StoreError(
                f"{path} was written by an earlier version of Dateline: "
                "`dateline reindex` brings it up to date"
            )
    return connection


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into those of index.errors, naming the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(path, error) from error


def _meaning(path: Path, error: sqlite3.Error) -> ArchiveError:
    code = getattr(error, "sqlite_errorcode", None) or 0
    if code in _NO_SPACE:
        return OutOfSpace(f"{path} cannot be written, the disk is full ({error})")
    match code & 0xFF:  # the primary code of an extended one
        case primary if primary in _BUSY:
            return StoreBusy(f"{path} is being written by another process; try again later")
        case primary if primary in _DAMAGED:
            return StoreDamaged(f"{path} is damaged ({error}): restore it from a backup")
        case primary if primary in _READ_ONLY:
            return OutOfSpace(
                f"{path} cannot be opened or written ({error}): check its permissions"
            )
    return StoreError(f"{path}: {error}")


def _connect(uri: str, busy_seconds: float) -> Connection:
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,  # Store.close ends the connections of all threads
        factory=Connection,
    )
    connection.row_factory = sqlite3.Row
    return connection


def _uri(path: Path) -> str:
    return "file:" + quote(os.fsencode(path.absolute()))


def _is_plain_file_in_closed_folder(path: Path, error: sqlite3.Error) -> bool:
    """Whether SQLite only failed for want of the log files it may not create.

    A finished writer leaves no log behind; then the file can be read as it is.
    """
    log = path.with_name(path.name + "-wal")
    return (
        error.sqlite_errorcode & 0xFF in _READ_ONLY
        and not os.access(path.parent, os.W_OK)
        and not (log.exists() and log.stat().st_size)
    )


def _check_version(connection: Connection, path: Path) -> int:
    """The store's version, 0 for an empty file. Raises for files that are something else."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID and (
        version or connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    ):
        raise StoreError(f"{path} is a SQLite file, but not an article store of Dateline")
    if version > len(MIGRATIONS):
        raise StoreTooNew(
            f"{path} has version {version}, this Dateline knows up to {len(MIGRATIONS)}: update it"
        )
    return version


def _use_write_ahead_log(connection: Connection, busy_seconds: float) -> None:
    """SQLite does not wait its timeout when two processes switch a new file at once."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _migrate(connection: Connection, path: Path) -> None:
    if _check_version(connection, path) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _check_version(connection, path)  # another process may have been faster
        connection.create_function("canonical_address", 1, canonical_address, deterministic=True)
        for script in MIGRATIONS[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        if not version:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("INSERT INTO settings VALUES ('identity', ?)", (uuid.uuid4().hex,))
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
