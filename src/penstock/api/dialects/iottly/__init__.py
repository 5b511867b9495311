"""Iottly's HTTP API, version 1.0 (`/v1.0/project/…`): projects, licences, devices, commands and messages.

The vendor's device side, its agent and the agent's socket, is in another package. Coverage: docs/surfaces/iottly.md.
Source: the vendor's pages "API Integration" and "HTTP API" (surfaces/iottly.md 2), read 2026-11-21; replayed in
tests/api/dialects/iottly.
"""
