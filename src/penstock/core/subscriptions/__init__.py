"""Subscriptions: the plan of an organisation, its end, and the enforcement of a smaller plan's limits."""
