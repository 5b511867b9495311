"""The other direction of MQTT: we connect to somebody else's broker, subscribe, and store what it hands out.

`session` is one connection's protocol and `translate` reads messages; both are pure. `link` holds the socket of one connection,
`clients` keeps one link for every active connection of type mqtt.
"""
