"""Outgoing webhooks: who is told of what, in which form, how often it is tried, and what is kept of it.

An *endpoint* is a URL with the topics it wants. Each event that it wants becomes a *message* with an id that stays the same
over every *attempt* to deliver it.
"""
