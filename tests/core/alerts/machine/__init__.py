"""The machine against what it shall be."""
