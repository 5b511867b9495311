"""Endpoints of the server as a whole: health, metrics, and the documentation pages."""
