"""What all pages of the console share: sessions, calls of the API, forms, rendering, static files."""
