"""Tariffs: the prices of consumption, the days on which they hold, and the customers and residents who have them."""
