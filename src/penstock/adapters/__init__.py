"""Implementations of the core's ports (databases, mail, outgoing calls) and the HTTP server. Only `bootstrap` names them."""
