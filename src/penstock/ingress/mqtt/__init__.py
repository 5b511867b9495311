"""MQTT 3.1.1 and 5 for devices: an endpoint of our own, not a broker. Nothing that one device sends reaches another.

Without I/O: `codec.py` and `encoding.py` (with `packets.py` and `properties.py`) are bytes and packets, `protocol.py` one
connection, `session.py` what outlives it, `topics.py` which topics are whose, `translate.py` payloads to readings.

With it: `server.py` listens and keeps the books, `admission.py` judges who may come in, `connection.py` is a device's socket with
its `flow.py` (when it is read) and `downlink.py` (what goes down), `intake.py` is the way of all messages to the log and back,
`sessions.py` keeps the sessions of those who are away, `websocket.py` is another transport for the same.
"""
