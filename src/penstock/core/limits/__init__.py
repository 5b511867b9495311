"""Limits that explain themselves: what a plan, a key or an address may do in a minute, a day, a month."""
