"""Long work: imports, re-decodes, closing runs and backups, with their progress."""
