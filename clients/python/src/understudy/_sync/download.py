# Derived from understudy._async by scripts/derive_sync.py.
"""Answers that are too long for the memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Optional, Union

from .._call import Call
from .transport import Transport


class Download:
    """
    Bytes that begin to come when they are read:

        for piece in client.ledger.export(): ...
    """

    def __init__(self, transport: Transport, call: Call, silence: Optional[float] = None) -> None:
        self._transport = transport
        self._call = call
        self._silence = silence

    def __iter__(self) -> Iterator[bytes]:
        with self._transport.stream(self._call, self._silence) as pieces:
            for piece in pieces:
                yield piece

    def read(self) -> bytes:
        """All of it, in memory."""
        return b"".join([piece for piece in self])

    def save(self, file: Union[str, os.PathLike[str]]) -> int:
        """Into a file, in constant memory; the number of bytes. A download that breaks off leaves no file."""
        unfinished = f"{os.fspath(file)}.part"
        size = 0
        try:
            with open(unfinished, "wb") as out:
                for piece in self:
                    size += out.write(piece)
            os.replace(unfinished, file)
        except BaseException:
            if os.path.exists(unfinished):
                os.unlink(unfinished)
            raise
        return size
