"""Device profiles: what devices of one model have in common, above all the codec of their payloads."""
