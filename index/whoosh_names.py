"""The file of names beside a Whoosh index: what its facet values are called.

It is named after its content, so that the same names are the same file and a file never changes:
`names-<SHA-256>.json`, a list of [[facet, value], [facet, value]], or null for the second.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from index.errors import IndexDamaged
from index.naming import Naming

PATTERN = "names-*.json"
_NAME = re.compile(r"names-[0-9a-f]{64}\.json")


def is_name(text: str) -> bool:
    """Whether this is the name of a file of names."""
    return _NAME.fullmatch(text) is not None


def file_of(naming: Naming) -> tuple[str, str]:
    """Name and text of the file that keeps the names."""
    text = json.dumps(sorted(naming.names.items(), key=lambda item: item[0]))
    return f"names-{hashlib.sha256(text.encode()).hexdigest()}.json", text


def read_names(path: Path) -> Naming:
    """The names in a file; raises IndexDamaged when it is not the one that was written."""
    try:
        text = path.read_bytes()
    except FileNotFoundError as error:
        raise IndexDamaged(path, "is missing") from error
    if path.name != f"names-{hashlib.sha256(text).hexdigest()}.json":
        raise IndexDamaged(path, "is not as it was written")
    return Naming({tuple(given): other and tuple(other) for given, other in json.loads(text)})
