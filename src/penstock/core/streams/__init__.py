"""Live streams: the tickets with which browsers open them.

A browser cannot set headers on a stream, so it sends a ticket in the URL. URLs are stored in logs and histories. A ticket is
therefore of use only for a minute after it was issued, until it is opened; from then on only to the client that opened it, for
the same stream. This client can open it again when its connection breaks or the server restarts, as a browser's `EventSource`
does by itself, with the URL that it has.
"""
