"""The audit log: who changed what, and from where. Append-only and hash-chained, one chain per organisation."""
