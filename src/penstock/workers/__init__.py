"""Background loops: an edge whose caller is the log, the outbox or the clock. They contain no business rules."""
