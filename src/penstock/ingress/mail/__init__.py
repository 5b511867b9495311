"""Receives mails for inboxes over SMTP."""
