"""Commands sent as LoRaWAN downlinks: through an external network server, which reports their outcome later."""
