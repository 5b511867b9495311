"""Event types: descriptions of the messages that the devices of a project send, other than responses to commands."""
