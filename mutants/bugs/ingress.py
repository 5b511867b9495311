"""Bugs in the device's side: HTTP, MQTT, agents and LoRaWAN."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a device writes for another",
        layer="ingress",
        old=(
            "            if decode(Prefix.DEVICE, device_id) != device.id:\n"
            "                raise DeviceNotFound(device_id=device_id[:64])\n"
            "            return device"
        ),
        new="            return device",
        why="Readings would be stored under another device.",
        hints=("api/v2/telemetry/test_routes", "security/test_isolation", "security/test_bound_project"),
    ),
    Mutant(
        name="a key without the scope writes",
        layer="ingress",
        old="        actor.require(SCOPE)\n        if actor.is_first_use:\n",
        new="        if actor.is_first_use:\n",
        why="A key with read access could write.",
        hints=("security/test_scopes",),
    ),
    Mutant(
        name="a bound key writes for every project",
        layer="ingress",
        old="return found if found is not None and actor.reaches(found.project_id) else None",
        new="return found",
        why="A contractor's key would have access to the whole organisation.",
        hints=("security/test_bound_project",),
    ),
    Mutant(
        name="a batch's row goes to any project",
        layer="ingress",
        old=(
            '        if not actor.reaches(found.project_id):\n            raise DeviceNotFound(device_id=(identifier or "")[:64])'
        ),
        new="        pass",
        why="The same, by a device's serial number.",
        hints=("security/test_bound_project",),
    ),
    Mutant(
        name="a batch has no limit",
        layer="ingress",
        old="    _check_count(values, limit)\n    return _rows(body, values, limit)",
        new="    return _rows(body, values, limit)",
        why="One body could contain a million rows.",
        hints=("api/v2/telemetry/test_routes", "fuzz/test_bombs"),
    ),
    Mutant(
        name="MQTT: a token without its device",
        layer="ingress",
        old="if device is None or connect.user != encode(Prefix.DEVICE, device.id):",
        new="if device is None:",
        why="A device would connect under another's name.",
        hints=("mqtt/test_server", "mqtt/test_downlink", "server/test_interop"),
    ),
    Mutant(
        name="MQTT: a paused device connects",
        layer="ingress",
        old=(
            "if device.status is not DeviceStatus.ACTIVE:\n"
            '            raise Refused(Reason.NOT_AUTHORIZED, "the device is paused", device)\n'
            "        if connect.will"
        ),
        new="if connect.will",
        why="Pausing would not pause.",
        hints=("mqtt/test_server", "mqtt/connection/test_limits", "mqtt/test_downlink"),
    ),
    Mutant(
        name="MQTT: stopping reports devices as disconnected",
        layer="ingress",
        old='connection.cut(Reason.SHUTTING_DOWN, "the server is stopping", DisconnectReason.STOPPING)',
        new='connection.cut(Reason.SHUTTING_DOWN, "the server is stopping", DisconnectReason.CUT)',
        why="Every restart would raise alerts for all devices.",
        hints=("mqtt/connection/test_limits",),
    ),
    Mutant(
        name="MQTT: a key needs no scope",
        layer="ingress",
        old=("actor.require(SCOPE)\n            if actor.project_id is not None:  # topics"),
        new="if actor.project_id is not None:  # topics",
        why="Any key would listen to all readings.",
        hints=("mqtt/test_live",),
    ),
    Mutant(
        name="MQTT: devices can publish to any topic",
        layer="ingress",
        old=("if owner != device_id or not path:\n        return _FOREIGN"),
        new=("if not path:\n        return _FOREIGN"),
        why="A device could send readings for another.",
        hints=("mqtt/test_topics",),
    ),
    Mutant(
        name="MQTT: devices can subscribe to any topic",
        layer="ingress",
        old='own = len(levels) > 2 and levels[0] in {"d", "devices"} and levels[1] == device_id',
        new='own = len(levels) > 2 and levels[0] in {"d", "devices"}',
        why="A device would receive another device's commands.",
        hints=("mqtt/test_topics",),
    ),
    Mutant(
        name="MQTT: a filter matches longer topics",
        layer="ingress",
        old="return len(pattern) == len(levels)",
        new="return True",
        why="Subscribers would receive messages that they did not request.",
        hints=("mqtt/test_topics", "mqtt/protocol/test_server_side"),
    ),
    Mutant(
        name="MQTT: no client is slowed down",
        layer="ingress",
        old=("if self._allowance < 0:\n            self.pause_for(Hold.PACE"),
        new=("if self._allowance < -1e9:\n            self.pause_for(Hold.PACE"),
        why="One device could take all of the server's time.",
        hints=("mqtt/connection/test_limits", "mqtt/intake/test_pacing"),
    ),
    Mutant(
        name="agents: a bad row holds up the good ones",
        layer="ingress",
        old=("refused.append((row.seq, reason))\n        await self._ingest(waiting)"),
        new=(
            "refused.append((row.seq, reason))\n"
            "                return wire.Ack(rows[-1].seq, tuple(refused))\n"
            "        await self._ingest(waiting)"
        ),
        why="Good readings would be acknowledged and lost.",
        hints=("agents/test_server",),
    ),
    Mutant(
        name="agents: two connections of one device",
        layer="ingress",
        old=(
            'before.cut(wire.CLOSE_REPLACED, "the device opened a new connection", DisconnectReason.REPLACED)\n'
            "            self._leave(before, replaced=True)"
        ),
        new="self._leave(before, replaced=True)",
        why="A cloned agent would go unnoticed.",
        hints=("agents/test_server",),
    ),
    Mutant(
        name="agents: a paused device's agent connects",
        layer="ingress",
        old=("if agent.device.status is not DeviceStatus.ACTIVE:\n            raise DevicePaused()\n        return agent"),
        new="return agent",
        why="Pausing would not pause agents.",
        hints=("agents/test_server",),
    ),
    Mutant(
        name="LoRaWAN: a body from another type of server is accepted",
        layer="ingress",
        old='if kind is ConnectionType.CHIRPSTACK and not ("deviceInfo" in body or "devEUI" in body):',
        new="if False and kind is ConnectionType.CHIRPSTACK:",
        why="A wrongly configured connection would store nonsense.",
        hints=("connections/test_door", "lorawan/test_protocol"),
    ),
    Mutant(
        name="LoRaWAN: old servers are read as custom",
        layer="ingress",
        old=('if "devEUI" in body:\n        return chirpstack_v3.read(body, event)\n    return custom.read(body)'),
        new="return custom.read(body)",
        why="ChirpStack 3 would lose its values.",
        hints=("lorawan/test_protocol",),
    ),
)
