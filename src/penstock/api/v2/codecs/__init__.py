"""Codecs of device profiles over the native API."""
