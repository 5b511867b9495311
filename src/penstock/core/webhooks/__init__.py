"""Outgoing webhooks: which events are sent where, in which format, how delivery is retried, and how long messages are stored.

An *endpoint* is a URL with the topics it subscribes to. Each event that matches becomes a *message*, whose id stays the same over
every *attempt* to deliver it.
"""
