"""The file a trained model is kept in.

| bytes | content                                                                 |
|-------|-------------------------------------------------------------------------|
| 8     | magic `DATELNER`                                                        |
| 4     | format version, little-endian                                           |
| 4     | length of the header in bytes                                           |
| 32    | SHA-256 of everything after this field                                  |
|       | header: JSON with `bits`, `scale` and the arrays' names, types, shapes  |
|       | the arrays one after the other, little-endian, deflated together        |
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.entities.tables import Statistics
from index.errors import ArchiveError

MAGIC = b"DATELNER"
FORMAT = 1
_PREFIX = len(MAGIC) + 4 + 4 + 32


class ModelDamaged(ArchiveError):
    """The model file is missing, truncated or altered, or of another format.

    Attributes: path and reason.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}. Install Dateline again, or train the model anew.")
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class Model:
    """A trained model.

    bits: there are 2^bits rows of weights. scale: what a weight of 1 stands for.
    rows: those that are not all 0, ascending; weights: theirs, one per label.
    transitions[from, to] and first: scores of a label after another, and at the beginning.
    """

    bits: int
    scale: float
    rows: NDArray[np.uint32]
    weights: NDArray[np.int8]
    transitions: NDArray[np.float32]
    first: NDArray[np.float32]
    statistics: Statistics

    def dense(self) -> NDArray[np.int8]:
        """All rows of weights, 0 where the model has none."""
        weights = np.zeros((1 << self.bits, self.weights.shape[1]), np.int8)
        weights[self.rows] = self.weights
        return weights


def write(model: Model, path: Path) -> None:
    """Write the file; the same model always gives the same bytes."""
    arrays = {name: getattr(model, name) for name in ("rows", "weights", "transitions", "first")}
    arrays |= {field.name: getattr(model.statistics, field.name) for field in fields(Statistics)}
    header = json.dumps(
        {
            "bits": model.bits,
            "scale": model.scale,
            "arrays": [[name, array.dtype.str, array.shape] for name, array in arrays.items()],
        }
    ).encode()
    body = header + zlib.compress(b"".join(array.tobytes() for array in arrays.values()), 9)
    numbers = FORMAT.to_bytes(4, "little") + len(header).to_bytes(4, "little")
    path.write_bytes(MAGIC + numbers + hashlib.sha256(body).digest() + body)


def read(path: Path) -> tuple[Model, str]:
    """The model and its version, the beginning of its checksum; raises ModelDamaged."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelDamaged(path, error.strerror or "cannot be read") from error
    if data[: len(MAGIC)] != MAGIC:
        raise ModelDamaged(path, "not a recogniser's model")
    if int.from_bytes(data[8:12], "little") != FORMAT:
        raise ModelDamaged(path, f"not of format {FORMAT}")
    length = int.from_bytes(data[12:16], "little")
    body = data[_PREFIX:]
    digest = hashlib.sha256(body)
    if digest.digest() != data[16:_PREFIX]:
        raise ModelDamaged(path, "truncated or altered")
    header = json.loads(body[:length])
    return _assemble(header, zlib.decompress(body[length:])), digest.hexdigest()[:12]


def _assemble(header: dict[str, Any], data: bytes) -> Model:
    arrays = {}
    at = 0
    for name, kind, shape in header["arrays"]:
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, kind, count, at).reshape(shape)
        at += arrays[name].nbytes
    statistics = Statistics(**{field.name: arrays.pop(field.name) for field in fields(Statistics)})
    return Model(bits=header["bits"], scale=header["scale"], statistics=statistics, **arrays)
