"""Penstock: one IoT API for everything you build, on your own machine."""

__version__ = "0.1.0"
