"""The page of the server's operator."""
