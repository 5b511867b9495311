"""The domain: what Penstock stores and decides. It does no I/O and imports no framework and no protocol."""
