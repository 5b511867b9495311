"""penstock-agent: keeps a device connected to a Penstock server. Does not depend on the server's code."""

__version__ = "1.0.0"
