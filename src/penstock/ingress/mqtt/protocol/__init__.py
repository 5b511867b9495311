"""MQTT 3.1.1 and 5 as bytes and rules, without I/O: no socket, task or clock, and no meaning of devices or topics.

`packets.py` names the control packets, `properties.py` the additions of MQTT 5; `codec.py` decodes them and `encoding.py`
encodes them, for either side. `handshake.py` negotiates CONNECT and CONNACK, `server_side.py` is the state machine of one
server-side connection, `session.py` the state that outlives it. The import contract `sans-io` covers this whole folder.
"""
