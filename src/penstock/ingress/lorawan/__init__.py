"""LoRaWAN network servers, which relay their devices: converts the messages they post to the core's models.

`protocol` is pure. The calls that receive such bodies belong to the surfaces, which get `read_message` passed in.
"""
