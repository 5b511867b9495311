"""The outside world behind our ports: databases, the bus, the front door. Only `bootstrap.py` names what is in here."""
