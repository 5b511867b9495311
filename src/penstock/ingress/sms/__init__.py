"""Receives what providers of SMS report over HTTP: received SMS, and the states of sent ones."""
