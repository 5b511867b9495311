"""Vendors' APIs over the same core, one independent folder each. Deleting one affects nothing else."""
