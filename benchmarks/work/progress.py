"""How far long work is, for the tool that had asv start it: it has named a file, which says it in one line."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import overload

# Names the file. It is not there where nobody looks.
FILE = "EXABGP_BENCH_PROGRESS"


def tell(what: str, done: int, whole: int) -> None:
    """Say how many of a whole are done; that all are says that the work has ended."""
    path = os.environ.get(FILE)
    if path:
        Path(path).write_text(f"{done} {whole} {what}\n")


@contextmanager
def ended_with_the_block(what: str) -> Iterator[None]:
    """Say that something has ended when the block has, well or not."""
    try:
        yield
    finally:
        tell(what, 1, 1)


class Chunks(Sequence[bytes]):
    """Chunks of octets that tell how many of them were taken, each time that they are gone through."""

    def __init__(self, what: str, chunks: Sequence[bytes], first: int = 0) -> None:
        self._what, self._chunks, self._first = what, chunks, first

    def __len__(self) -> int:
        return len(self._chunks)

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> "Chunks": ...

    def __getitem__(self, index: int | slice) -> "bytes | Chunks":
        if isinstance(index, slice):
            return Chunks(self._what, self._chunks[index], self._first + index.indices(len(self))[0])
        return self._chunks[index]

    def __iter__(self) -> Iterator[bytes]:
        whole = self._first + len(self)
        for number, chunk in enumerate(self._chunks, self._first):
            tell(self._what, number, whole)
            yield chunk
