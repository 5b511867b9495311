"""Commands that travel as LoRaWAN downlinks: through somebody else's network server, which tells later what became of them."""
