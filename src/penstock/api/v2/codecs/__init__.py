"""Profiles' codecs over the native API."""
