"""MQTT 3.1.1 and 5 for devices: an endpoint of our own, not a broker. Nothing that one device sends reaches another.

Without I/O: `protocol/` is bytes, packets and the rules of one connection, `topics.py` says which topics are whose,
`translate.py` turns payloads into readings.

With it, from the socket inwards: `server.py` listens and runs the tasks, `websocket.py` is another transport for the same;
`connection.py` is one client, with its `wire.py` (what is written), its `flow.py` (when it is read), and the two ways of a
device, `uplink.py` and `downlink.py`. `door.py` lets clients in, as `admission.py` judges them; `presence.py` knows who is
there, `sessions.py` keeps what waits for those who are away, `deadlines.py` finds who is late. `intake.py` is the way of all
messages to the log and back, `commands.py` that of commands. Programs that listen have `live.py`, and `retained.py` for what a
new subscription is told at once.

`client/` is the other side: our own connections to the brokers of others.
"""
