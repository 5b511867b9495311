"""Inboxes: numbers and mail addresses that receive messages with codes, and the SMS that are sent from numbers."""
