"""Penstock as an MQTT client: connects to an external broker, subscribes, and stores the messages it receives.

`session` is the protocol of one connection, with `framing` below it and `memory` for the state that outlives it; `translate`
reads messages; all of these are pure. `link` holds the socket of one connection, its received messages in `waiting` and its
published ones in `outgoing`; `intake` stores a batch. `clients` keeps one link for every active connection of type mqtt.
"""
