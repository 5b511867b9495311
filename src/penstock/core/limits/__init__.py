"""Limits with self-explanatory errors: what a plan, a key or an address can use per minute, day and month."""
