"""MQTT 3.1.1 and 5 for devices: an endpoint of our own, not a broker. Nothing that one device sends reaches another.

`codec.py` (with `packets.py` and `properties.py`) is bytes and packets, `protocol.py` one connection without I/O, `topics.py`
which topics are whose, `translate.py` payloads to readings. `connection.py`, `intake.py` and `server.py` hold the sockets.
"""
