"""Chat channels and quiet hours over the native API."""
