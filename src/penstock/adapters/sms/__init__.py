"""Providers of SMS: one that only logs, Twilio's API, and message centres that speak SMPP 3.4."""
