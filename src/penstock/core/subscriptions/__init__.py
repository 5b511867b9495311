"""Subscriptions: which plan an organisation is on and until when, and what becomes of what a smaller plan has no room for."""
