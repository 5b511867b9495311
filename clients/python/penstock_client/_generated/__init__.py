"""What `make clients` writes."""
