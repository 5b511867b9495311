"""LoRaWAN network servers, which speak for their devices: what they post, read into the core's words.

`protocol` is pure. The calls that take such bodies in are the surfaces': they are given `read_message`.
"""
