"""MQTT 3.1.1 and 5 for devices: an endpoint, not a broker. Nothing that one device sends reaches another.

Without I/O: `protocol/` has bytes, packets and the rules of one connection, `topics.py` the topics of each device,
`translate.py` converts payloads to readings.

With I/O, from the socket inwards: `server.py` listens and runs the tasks, and `websocket.py` is another transport for it.
`connection.py` is one client, with its `wire.py` (writing), its `flow.py` (when to read), and a device's `uplink.py` and
`downlink.py`. `gatekeeper.py` admits clients that `admission.py` authenticates; `presence.py` tracks open connections,
`sessions.py` keeps the sessions of disconnected clients, `deadlines.py` detects late clients. `intake.py` passes all messages
to the log and acknowledges them, `commands.py` delivers commands. Programs subscribe through `live.py`, and `retained.py` sends
the retained messages of a new subscription.

`client/` is the other direction: Penstock's own connections to external brokers.
"""
