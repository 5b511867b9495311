"""Notifications: how people hear of what happened. By mail, by SMS and in chat channels, and not while they want quiet.

Who wants to tell something (an alert, a rule) says what and to whom; here is decided whether it goes out now, waits, or goes out
together with others. What waits is in the database, so a restart loses nothing.
"""
