"""The front door: the HTTP listener with its deadlines, caps and strict framing. It is not the API: it knows no route.

`server.serve` runs an ASGI application behind it. Nothing is re-exported here, so that reading `config` for the
settings does not import uvicorn.
"""
