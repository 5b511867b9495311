"""Figures of the running server next to the limits of its machine: `python -m bench --help`."""
