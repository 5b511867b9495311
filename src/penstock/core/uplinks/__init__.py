"""Messages from network servers about devices: uplinks with values and radio facts, and device events.

Protocols parse vendors' bodies into `NetworkMessage`; after that it does not matter which server sent it.
"""
