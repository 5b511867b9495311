"""The Model Context Protocol: operations of the native API as tools for assistants.

A tool is an operation of the table: its name and arguments follow from it (`naming.py`, `schemas.py`), and calling it calls the
operation with the assistant's key (`calling.py`). So scopes, tenancy, limits, audit and usage are the API's own. `declared.py`
has the tools that change something; all reads join by themselves. Only `server.py` imports the library of the protocol, which
takes half a second: `endpoint.py` does that in a thread when the first request arrives.

Source: Model Context Protocol, revisions 2025-03-26 to 2026-07-28, as the `mcp` package speaks them.
"""
