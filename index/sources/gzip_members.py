"""A gzip file whose members are records: damage to one does not spoil the next."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import IO

from index.sources.content import check_growth

MAGIC = b"\x1f\x8b\x08"
"""How a member begins."""

_GZIP = 16 + zlib.MAX_WBITS
_CHUNK = 64 * 1024
_PROBE = 4_096  # packed bytes in which a member shows how its content begins


class Member:
    """The content of one member, for reading once. fault: why it ended before its end, or ""."""

    def __init__(self, members: GzipMembers) -> None:
        self.fault = ""
        self._members = members
        self._unpacker = zlib.decompressobj(_GZIP)
        self._chunk = b""
        self._chunks = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """At most so many bytes, however many that are; b"" at the end."""
        while not self._unpacker.eof and not self.fault:
            packed = self._unpacker.unconsumed_tail or self._next_chunk()
            if not packed:
                self.fault = "is cut short"
                break
            try:
                data = self._unpacker.decompress(packed, size)
            except zlib.error:
                self.fault = "is damaged"
                # The next member may begin before the fault showed, but not where this one did.
                self._members.give_back(self._chunk[self._chunks == 1 :])
                break
            if self._unpacker.eof:
                self._members.give_back(self._unpacker.unused_data)
            if data:
                self._members.count(len(data))
                return data
        return b""

    def tell(self) -> int:
        """For readers that want to know where they are; these need not."""
        return 0

    def skip(self) -> None:
        """Go to the end, so that the next member can be read."""
        while self.read():
            pass

    def _next_chunk(self) -> bytes:
        self._chunk = self._members.take()
        self._chunks += 1
        return self._chunk


class GzipMembers:
    """The members of a gzip file that begin with certain bytes, each read before the next.

    None stands for bytes in between that are no such member. Raises UnreadableSource when the
    content is out of all proportion.
    """

    def __init__(self, file: IO[bytes], origin: str, beginning: bytes) -> None:
        self._file = file
        self._origin = origin
        self._beginning = beginning
        self._packed = b""
        self._taken = 0
        self._unpacked = 0

    def __iter__(self) -> Iterator[Member | None]:
        damaged = False
        while True:
            passed = self._find()
            if passed and not damaged:
                yield None
            if not self._packed:
                return
            member = Member(self)
            yield member
            member.skip()
            damaged = bool(member.fault)

    def take(self) -> bytes:
        """The next packed bytes; b"" at the end of the file."""
        packed, self._packed = self._packed or self._file.read(_CHUNK), b""
        self._taken += len(packed)
        return packed

    def give_back(self, packed: bytes) -> None:
        """Packed bytes that were not wanted."""
        self._packed = packed
        self._taken -= len(packed)

    def count(self, unpacked: int) -> None:
        """Add to what was unpacked."""
        self._unpacked += unpacked
        check_growth(self._taken, self._unpacked, self._origin)

    def _find(self) -> bool:
        """Drop what comes before the next member, or all; returns whether that was anything."""
        passed, start = False, 0
        while True:
            found = self._packed.find(MAGIC, start)
            if found >= 0 and self._begins_rightly(found):
                self._packed = self._packed[found:]
                return passed or found > 0
            if found >= 0:
                start = found + 1
                continue
            passed, start = passed or bool(self._packed), 0
            self._packed = self._packed[1 - len(MAGIC) :]  # it may be the beginning of a MAGIC
            if not self._more():
                self._packed = b""
                return passed

    def _more(self) -> bool:
        more = self._file.read(_CHUNK)
        self._packed += more
        return bool(more)

    def _begins_rightly(self, start: int) -> bool:
        while len(self._packed) < start + _PROBE and self._more():
            pass
        unpacker = zlib.decompressobj(_GZIP)
        try:
            data = unpacker.decompress(self._packed[start : start + _PROBE], len(self._beginning))
        except zlib.error:
            return False
        return data == self._beginning
