"""Webhook endpoints and their messages over the native API."""
