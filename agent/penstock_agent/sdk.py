"""The socket for applications on the device: the vendor's SDK connects here unchanged.

UTF-8 JSON, one object per line. Applications send readings and calls of scripts; they receive commands and the state of the
server connection. Source: surfaces/iottly.md, 7.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Optional

SDK_VERSION = "1.8.3"
"""The version of the vendor's agent that this one replaces: its SDK requires at least 1.8.0."""
MAX_LINE_BYTES = 65_536
MAX_CLIENTS = 64
MAX_WAITING_BYTES = 262_144
"""Bytes that an application may leave unread; above it, it is disconnected."""
_log = logging.getLogger(__name__)

OnReading = Callable[[dict[str, Any], Optional[str]], Awaitable[None]]
OnCall = Callable[[str, dict[str, Any]], Awaitable[None]]


class SdkSocket:
    """Listens on a Unix socket until closed."""

    def __init__(self, path: str, on_reading: OnReading, on_call: OnCall) -> None:
        """`on_reading` gets payload and channel, `on_call` the name of a script and its arguments."""
        self._path = path
        self._on_reading = on_reading
        self._on_call = on_call
        self._server: asyncio.Server | None = None
        self._clients: dict[asyncio.StreamWriter, str] = {}

    @property
    def clients(self) -> list[str]:
        """The names of the connected applications."""
        return sorted(self._clients.values())

    async def start(self) -> None:
        """Listen. A socket left behind by another agent is replaced; one that responds is not.

        Raises:
            OSError: the path cannot be used.
        """
        self._take_place()
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=MAX_LINE_BYTES)
        self._open_to_group()

    def _open_to_group(self) -> None:
        Path(self._path).chmod(0o660)

    def _take_place(self) -> None:
        path = Path(self._path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_socket():
            return
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(self._path)
            except OSError:
                path.unlink(missing_ok=True)
                return
        raise OSError(f"{self._path}: another agent is listening there")

    def send(self, line: dict[str, Any]) -> None:
        """Send a line to every application."""
        text = json.dumps(line).encode() + b"\n"
        for writer in list(self._clients):
            if writer.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
                _log.warning("the application %s does not read and is disconnected", self._clients[writer])
                # Not `close`, which first sends the buffered lines that this application does not read.
                writer.transport.abort()
            else:
                writer.write(text)

    async def close(self) -> None:
        """Notify every application, and close."""
        if self._server is None:
            return
        self.send({"signal": {"agentstatus": "stopping"}})
        self._server.close()
        for writer in list(self._clients):
            writer.close()
        self._leave_place()

    def _leave_place(self) -> None:
        Path(self._path).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._clients) >= MAX_CLIENTS:
            writer.close()
            return
        self._clients[writer] = ""
        writer.write(json.dumps({"signal": {"sdkinit": {"version": SDK_VERSION}}}).encode() + b"\n")
        try:
            while line := await _next_line(reader):
                await self._take(line, writer)
        except ConnectionError:
            pass
        finally:
            del self._clients[writer]
            writer.close()

    async def _take(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            frame = json.loads(line)
        except (ValueError, RecursionError):
            _log.warning("an application sent a line that is not JSON")
            return
        data, signal = (frame.get("data"), frame.get("signal")) if isinstance(frame, dict) else (None, None)
        if isinstance(data, dict):
            await self._take_reading(data)
        elif isinstance(signal, dict) and isinstance(signal.get("sdkclient"), dict):
            await self._take_signal(signal["sdkclient"], writer)
        else:
            _log.warning("an application sent a line with neither data nor signal")

    async def _take_reading(self, data: dict[str, Any]) -> None:
        payload, channel = data.get("payload"), data.get("channel")
        if not isinstance(payload, dict) or not payload:
            _log.warning("an application sent data without a payload")
        elif channel is not None and (not isinstance(channel, str) or len(channel) > 200):
            _log.warning("an application sent data whose channel is not a string of at most 200 characters")
        else:
            await self._on_reading(payload, channel or None)

    async def _take_signal(self, about: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        name = str(about.get("name", ""))[:100]
        if about.get("status") == "connected":
            self._clients[writer] = name
            _log.info("the application %s is connected", name)
        if isinstance(about.get("error"), dict):
            error = about["error"]
            _log.warning("a callback of the application %s failed: %s: %s", name, error.get("type"), error.get("msg"))
        called = about.get("call")
        if isinstance(called, dict) and len(called) == 1:
            command, arguments = next(iter(called.items()))
            await self._on_call(command, arguments if isinstance(arguments, dict) else {})


async def _next_line(reader: asyncio.StreamReader) -> bytes:
    """The next line; a line that is too long is skipped. Empty at the end."""
    while True:
        try:
            return await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            return b""
        except asyncio.LimitOverrunError as error:
            _log.warning("an application sent a line of more than %d bytes", MAX_LINE_BYTES)
            await reader.readexactly(error.consumed)
            await _skip_line(reader)


async def _skip_line(reader: asyncio.StreamReader) -> None:
    """Read to the end of a line, and discard it."""
    while True:
        try:
            await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
        except asyncio.IncompleteReadError:
            return
        else:
            return
