"""Which connections are late: with CONNECT, with a sign of life, or with taking what we send.

No connection has a timer. `server.py` calls `sweep` about once a second, as the HTTP door does, and a client may see a deadline
up to two sweeps late. How fast a device may send is no deadline: that is kept by `flow.py`.
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
    """Cuts connections that are late; `refused` counts them by what they were late with."""

    def __init__(self, config: MqttConfig, refused: Counter[str], now: float) -> None:
        self.interval_s = min(_LONGEST_SWEEP_S, config.connect_timeout_s / 4, config.write_stall_timeout_s / 4)
        """Seconds between sweeps."""
        self._config = config
        self._refused = refused
        self._last = now

    def sweep(self, connections: Iterable[Connection], now: float) -> None:
        """Look at every connection."""
        elapsed_s, self._last = now - self._last, now
        # The loop was held up, or the machine slept: what clients sent meanwhile is unread, so they are not late yet.
        if elapsed_s < 2 * self.interval_s + _LONGEST_SWEEP_S:
            for connection in list(connections):
                self._look_at(connection, now)

    def _look_at(self, connection: Connection, now: float) -> None:
        silent_s = now - connection.flow.heard_at
        if connection.wire.stalled_s(now) > self._config.write_stall_timeout_s:
            self._refused["write_stalled"] += 1
            connection.abort()
        elif not connection.protocol.is_open:
            if silent_s > self._config.connect_timeout_s:
                self._refused["connect_timeout"] += 1
                connection.abort()
        # MQTT 5, 3.1.2.10: a client that is silent for one and a half times its keep alive is gone.
        elif not connection.flow.held and 0 < connection.protocol.keep_alive_s * 1.5 < silent_s:
            connection.cut(Reason.KEEP_ALIVE_TIMEOUT, "the client was silent", DisconnectReason.LOST, will=True)
