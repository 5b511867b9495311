"""Device profiles: the settings shared by devices of one model, in particular the codec of their payloads."""
