"""Libraries for programs that use the server, and what writes them."""
