"""Where state is kept: SQLite files embedded in the server. The SQL stands in `queries/`, one file per noun."""
