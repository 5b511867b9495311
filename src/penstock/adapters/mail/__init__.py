"""Where mail goes: to an SMTP server, or into a folder when none is set."""
