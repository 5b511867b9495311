"""Sends mail to an SMTP server, or writes it into a folder if none is set."""
