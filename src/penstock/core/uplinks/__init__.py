"""What network servers say of devices: an uplink with its values and radio facts, and events around it.

Protocols read vendors' bodies into `NetworkMessage`; from there on nobody needs to know which server it was.
"""
