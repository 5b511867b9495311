"""Writes the client libraries from the OpenAPI document (`make clients`)."""
