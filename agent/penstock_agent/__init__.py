"""penstock-agent: keeps a device connected to a Penstock server. Knows nothing of the server's code."""

__version__ = "1.0.0"
