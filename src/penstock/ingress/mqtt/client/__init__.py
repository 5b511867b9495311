"""The other direction of MQTT: we connect to somebody else's broker, subscribe, and store what it hands out.

`session` is one connection's protocol, with `framing` below it and `memory` for what outlives it; `translate` reads messages; all
of these are pure. `link` holds the socket of one connection, with what came in `waiting` and what we publish in `outgoing`;
`intake` stores a batch. `clients` keeps one link for every active connection of type mqtt.
"""
