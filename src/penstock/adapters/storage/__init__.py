"""Stores the state: SQLite files embedded in the server. The SQL is in `queries/`, one file per noun."""
