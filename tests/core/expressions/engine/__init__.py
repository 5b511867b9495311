"""The engine, and the public conformance tests of CEL."""
