"""The server as a whole, for its operator: its disk, its workers, its backups."""
