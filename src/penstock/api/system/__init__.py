"""What belongs to the server and to no organisation: health, metrics, and the documentation pages."""
