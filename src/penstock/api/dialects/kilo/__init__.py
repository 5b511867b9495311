"""Kilo IoT: only how its keys look. The vendor's API as far as it is documented is the native one (docs/surfaces/kilo.md)."""
