"""Distinguishes a slow reader from one that has stopped.

The size of the write buffer does not show it: an application may fill the buffer as fast as the client empties it. The kernel
counts the bytes that the peer has acknowledged, and a peer that does not read stops acknowledging once its window is full.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

# Offset of `tcpi_bytes_acked`, 64 bits, in `struct tcp_info` of linux/tcp.h (there since 4.2).
_BYTES_ACKED = struct.Struct("=120xQ")


def taken_bytes(transport: asyncio.Transport) -> int:
    """How many bytes the peer has read; only differences are meaningful."""
    if hasattr(socket, "TCP_INFO"):
        # The socket may be closed before its `connection_lost` is called; uvloop then raises ValueError.
        with contextlib.suppress(OSError, ValueError):
            info = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _BYTES_ACKED.size)
            if len(info) == _BYTES_ACKED.size:
                return int(_BYTES_ACKED.unpack(info)[0])
    # On systems other than Linux: the buffer shrinks when the peer reads, so its negative grows.
    return -transport.get_write_buffer_size()


class WriteWatch:
    """Watches one connection for a peer that reads at less than the minimum rate while bytes wait for it."""

    __slots__ = ("_since", "_taken", "_waiting")

    def __init__(self) -> None:
        self._waiting = False
        self._since = 0.0
        self._taken = 0

    def stalled(self, transport: asyncio.Transport, now: float, timeout_s: float, min_rate_bytes_s: float) -> bool:
        """Whether the peer has now been too slow for the whole of `timeout_s`. Call it at every sweep."""
        if not transport.get_write_buffer_size():
            self._waiting = False
            return False
        taken = taken_bytes(transport)
        if not self._waiting or taken - self._taken >= timeout_s * min_rate_bytes_s:
            self._waiting, self._since, self._taken = True, now, taken
            return False
        return now - self._since > timeout_s
