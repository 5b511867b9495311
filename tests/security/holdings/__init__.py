"""What organisations hold, noun by noun."""
