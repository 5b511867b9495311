"""Live streams: readings as they are stored, over Server-Sent Events and WebSocket, resumable from the log."""
