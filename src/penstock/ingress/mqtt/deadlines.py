"""Detects late connections: no CONNECT, no sign of life, or a peer that does not read.

No connection has its own timer. `server.py` calls `sweep` about once a second, as the HTTP server does, so a deadline can take
effect up to two sweeps late. A device's rate limit is not a deadline: `flow.py` enforces it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from penstock.core.devices.link import DisconnectReason
from penstock.ingress.mqtt.config import MqttConfig
from penstock.ingress.mqtt.connection import Connection
from penstock.ingress.mqtt.protocol.packets import Reason

_LONGEST_SWEEP_S = 1.0


class Deadlines:
    """Closes late connections; `refused` counts them by the missed deadline."""

    def __init__(self, config: MqttConfig, refused: Counter[str], now: float) -> None:
        self.interval_s = min(_LONGEST_SWEEP_S, config.connect_timeout_s / 4, config.write_stall_timeout_s / 4)
        """Seconds between sweeps."""
        self._config = config
        self._refused = refused
        self._last = now

    def sweep(self, connections: Iterable[Connection], now: float) -> None:
        """Check every connection."""
        elapsed_s, self._last = now - self._last, now
        # The loop was blocked, or the machine slept: data that clients sent in that time is unread, so they are not late yet.
        if elapsed_s < 2 * self.interval_s + _LONGEST_SWEEP_S:
            for connection in list(connections):
                self._check(connection, now)

    def _check(self, connection: Connection, now: float) -> None:
        silent_s = now - connection.flow.received_at
        if connection.wire.stalled_s(now) > self._config.write_stall_timeout_s:
            self._refused["write_stalled"] += 1
            connection.abort("the client did not read what was sent to it")
        elif not connection.protocol.is_open:
            # Since the socket opened: a client that sends a byte now and then would extend any deadline since its last one.
            if now - connection.flow.opened_at > self._config.connect_timeout_s:
                self._refused["connect_timeout"] += 1
                connection.abort()
        # MQTT 5, 3.1.2.10: a client that is silent for one and a half times its keep alive is gone.
        elif not connection.flow.held and 0 < connection.protocol.keep_alive_s * 1.5 < silent_s:
            connection.cut(
                Reason.KEEP_ALIVE_TIMEOUT,
                "the client was silent for longer than its keep alive allows",
                DisconnectReason.LOST,
                will=True,
            )
