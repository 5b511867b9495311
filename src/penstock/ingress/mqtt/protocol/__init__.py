"""MQTT 3.1.1 and 5 as bytes and rules, without I/O: no socket, no task, no clock, and nothing of devices or topics' meaning.

`packets.py` names the control packets, `properties.py` what MQTT 5 adds to them; `codec.py` reads them from bytes and
`encoding.py` writes them, for either side. `handshake.py` is what CONNECT and CONNACK agree on, `server_side.py` the state
machine of one connection of ours, `session.py` what outlives it. The import contract `sans-io` covers this whole folder.
"""
