"""Notifications to users: by mail, by SMS and in chat channels, outside their quiet hours.

The source of a notification (an alert, a rule) decides the text and the recipient. This package decides whether it is sent now,
delayed, or combined with others in a digest. Delayed mails are in the database, so they survive a restart.
"""
