"""Files: answers that are read as they come, because they can be of any length."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import TracebackType
from typing import Union

import httpx

from ._request import failure_of

Target = Union[str, "os.PathLike[str]"]


class _Described:
    """What is known of a file before it is read."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    @property
    def media_type(self) -> str:
        """Such as `text/csv`."""
        return str(self._response.headers.get("content-type", "")).split(";")[0]

    @property
    def headers(self) -> httpx.Headers:
        """All headers of the answer, such as `X-Range-From`."""
        return self._response.headers

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.media_type!r})"


class Download(_Described):
    """A file that is read once, by `read()`, `save(path)`, `lines()` or `chunks()`, at whose end it is closed."""

    def read(self) -> bytes:
        """The whole file."""
        return b"".join(self.chunks())

    def chunks(self) -> Iterator[bytes]:
        """The file in pieces, as they arrive."""
        with self, _failures_named():
            yield from self._response.iter_bytes()

    def lines(self) -> Iterator[str]:
        """The lines of a text, without their ends."""
        with self, _failures_named():
            yield from self._response.iter_lines()

    def save(self, path: Target) -> int:
        """Write the file to a path, and return its length in bytes. If it breaks off, what was there before stays."""
        part = Path(f"{os.fspath(path)}.part")
        try:
            with part.open("wb") as file:
                length = sum(file.write(chunk) for chunk in self.chunks())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return length

    def close(self) -> None:
        """Stop reading."""
        self._response.close()

    def __enter__(self) -> Download:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class AsyncDownload(_Described):
    """As `Download`, with `await` and `async for`."""

    async def save(self, path: Target) -> int:
        """As `Download.save`. The file is written in a thread."""
        part, length = Path(f"{os.fspath(path)}.part"), 0
        try:
            file = await asyncio.to_thread(part.open, "wb")
            try:
                async for chunk in self.chunks():
                    length += await asyncio.to_thread(file.write, chunk)
            finally:
                await asyncio.to_thread(file.close)
            await asyncio.to_thread(part.replace, path)
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
        return length

    async def read(self) -> bytes:
        """The whole file."""
        return b"".join([chunk async for chunk in self.chunks()])

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file in pieces, as they arrive."""
        async with self:
            with _failures_named():
                async for chunk in self._response.aiter_bytes():
                    yield chunk

    async def lines(self) -> AsyncIterator[str]:
        """The lines of a text, without their ends."""
        async with self:
            with _failures_named():
                async for line in self._response.aiter_lines():
                    yield line

    async def close(self) -> None:
        """Stop reading."""
        await self._response.aclose()

    async def __aenter__(self) -> AsyncDownload:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()


@contextlib.contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise failure_of(error) from None
