"""Vendors' APIs over the same core: one folder each, strangers to one another. Deleting one leaves all else as it is."""
