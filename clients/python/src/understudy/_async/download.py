"""Answers that are too long for the memory."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Optional, Union

from .._call import Call
from .transport import AsyncTransport


class AsyncDownload:
    """
    Bytes that begin to come when they are read:

        async for piece in client.ledger.export(): ...
    """

    def __init__(self, transport: AsyncTransport, call: Call, silence: Optional[float] = None) -> None:
        self._transport = transport
        self._call = call
        self._silence = silence

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with self._transport.stream(self._call, self._silence) as pieces:
            async for piece in pieces:
                yield piece

    async def read(self) -> bytes:
        """All of it, in memory."""
        return b"".join([piece async for piece in self])

    async def save(self, file: Union[str, os.PathLike[str]]) -> int:
        """Into a file, in constant memory; the number of bytes. A download that breaks off leaves no file."""
        unfinished = f"{os.fspath(file)}.part"
        size = 0
        try:
            with open(unfinished, "wb") as out:
                async for piece in self:
                    size += out.write(piece)
            os.replace(unfinished, file)
        except BaseException:
            if os.path.exists(unfinished):
                os.unlink(unfinished)
            raise
        return size
