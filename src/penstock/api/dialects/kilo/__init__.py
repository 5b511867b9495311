"""Kilo IoT: only the format of its keys. The documented part of the vendor's API is the native one (docs/surfaces/kilo.md)."""
