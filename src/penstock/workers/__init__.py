"""Loops beside the requests: an edge whose caller is the log, the outbox or the clock. They hold no business rule."""
