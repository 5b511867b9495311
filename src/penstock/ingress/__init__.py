"""The device's side: whoever holds a device credential, or speaks for devices, enters here."""
