"""Codecs and what is made of their answers."""
