"""Bodies of LoRaWAN network servers, read without a server."""
