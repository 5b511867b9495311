"""The front door: the HTTP listener with its deadlines, limits and strict framing. It is not the API and has no routes.

`server.serve` runs an ASGI application behind it. Nothing is re-exported here, so that importing `config` for the settings does
not import uvicorn.
"""
