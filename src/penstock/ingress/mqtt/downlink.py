"""Messages to a device: its subscriptions, and the commands that wait for its acknowledgement.

A command is sent once. MQTT 5 forbids sending it again within a connection. If the connection ends first, the command queue
decides, since it has the commands that are repeatable. Nothing is queued here: the caller has its own queue for the commands
that exceed what the device accepts at once.
"""

from __future__ import annotations

import asyncio

from penstock.core.devices.errors import DeliveryRefused, DeliveryUnconfirmed, DeviceBusy
from penstock.ingress.mqtt.protocol.packets import V5, Ack, Reason, Subscribe, Unsubscribe
from penstock.ingress.mqtt.protocol.server_side import ServerProtocol
from penstock.ingress.mqtt.topics import command_topics, matches, subscription

MAX_SUBSCRIPTIONS = 32


class Downlink:
    """Messages to the device over one connection. They are in the protocol until the connection writes them."""

    def __init__(self, protocol: ServerProtocol, device_id: str) -> None:
        self._protocol = protocol
        self._device_id = device_id
        self._sent: dict[int, asyncio.Future[bool]] = {}
        self.delivered = 0
        """The number of commands sent."""

    @property
    def command_topic(self) -> str | None:
        """The topic on which the device receives commands."""
        if not self._protocol.is_open:
            return None
        subscriptions = self._protocol.session.subscriptions
        topics = command_topics(self._device_id)
        return next((topic for topic in topics if any(matches(one, topic) for one in subscriptions)), None)

    @property
    def has_room(self) -> bool:
        """Whether the device accepts one more command before it acknowledges another."""
        return len(self._sent) < self._protocol.send_maximum

    def subscribe(self, subscribe: Subscribe) -> bool:
        """Grant the filters that the device is allowed, and reject the others. Returns whether it requests the last command."""
        before = set(self._protocol.session.subscriptions)
        codes = [int(self._grant(one.filter, one.qos)) for one in subscribe.subscriptions]
        failed = any(code >= Reason.UNSPECIFIED for code in codes)
        text = f"a device can subscribe only below d/{self._device_id}/ and devices/{self._device_id}/" if failed else ""
        self._protocol.grant(subscribe, codes, text)
        asking = [one.filter for one in subscribe.subscriptions if one.gets_retained(is_new=one.filter not in before)]
        topics = command_topics(self._device_id)
        return self.command_topic is not None and any(matches(one, topic) for one in asking for topic in topics)

    def _grant(self, topic_filter: str, qos: int) -> int:
        verdict = subscription(self._device_id, topic_filter)
        if verdict is not Reason.SUCCESS:
            return verdict
        subscriptions = self._protocol.session.subscriptions
        if topic_filter not in subscriptions and len(subscriptions) >= MAX_SUBSCRIPTIONS:
            return Reason.QUOTA_EXCEEDED
        # MQTT 5, 3.8.4: a server may grant less than was requested. Nothing is sent at QoS 2.
        subscriptions[topic_filter] = min(qos, 1)
        return subscriptions[topic_filter]

    def unsubscribe(self, unsubscribe: Unsubscribe) -> None:
        """Remove filters."""
        subscriptions = self._protocol.session.subscriptions
        found = [subscriptions.pop(one, None) is not None for one in unsubscribe.filters]
        self._protocol.withdraw(unsubscribe, [Reason.SUCCESS if one else Reason.NO_SUBSCRIPTION_EXISTED for one in found])

    def deliver(self, topic: str, payload: bytes, command_id: str) -> asyncio.Future[bool]:
        """Send a command. Returns True when the device has acknowledged it, or False immediately if it subscribed at QoS 0.

        Raises:
            DeviceBusy, DeliveryRefused.
        """
        if not self.has_room:
            raise DeviceBusy(waiting=len(self._sent))
        # MQTT 5, 3.3.4: if subscriptions overlap, the highest QoS counts.
        qos = max(level for one, level in self._protocol.session.subscriptions.items() if matches(one, topic))
        number = self._protocol.publish(topic, payload, qos, self._named(command_id))
        if number is None:
            raise DeliveryRefused(reason="the message is larger than the device accepts")
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.delivered += 1
        if number:
            self._sent[number] = future
        else:
            future.set_result(False)
        return future

    def retain(self, payload: bytes, command_id: str) -> None:
        """Send the last command again, at QoS 0. The RETAIN flag distinguishes it from a new one."""
        topic = self.command_topic
        if topic is not None:
            self._protocol.publish(topic, payload, 0, self._named(command_id), retain=True)

    def _named(self, command_id: str) -> list[tuple[str, str]]:
        return [("command_id", command_id)] if self._protocol.version == V5 else []

    def confirmed(self, ack: Ack) -> None:
        """The device acknowledged a command, or rejected it."""
        future = self._sent.pop(ack.packet_id, None)
        if future is not None and not future.done():
            if ack.reason < Reason.UNSPECIFIED:
                future.set_result(True)
            else:
                future.set_exception(DeliveryRefused(reason=f"reason code 0x{ack.reason:02x}"))

    def lost(self) -> None:
        """The connection was lost, and with it all pending acknowledgements."""
        for future in self._sent.values():
            if not future.done():
                future.set_exception(DeliveryUnconfirmed())
        self._sent.clear()
