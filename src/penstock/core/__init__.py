"""The domain: what Penstock knows and decides. No I/O, no frameworks, no protocol's words."""
