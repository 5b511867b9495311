"""Iottly's HTTP API, version 1.0 (`/v1.0/project/…`): projects, licences, devices, commands and messages.

The device's side of the vendor, its agent and the agent's socket, is not here. What is served and what is not:
docs/surfaces/iottly.md.
Source: the vendor's pages "API Integration" and "HTTP API" (surfaces/iottly.md 2), read 2026-11-21; replayed in
tests/api/dialects/iottly.
"""
