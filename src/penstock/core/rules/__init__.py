"""Rules: actions that run when a reading arrives, connectivity changes, an event occurs or a schedule is due."""
