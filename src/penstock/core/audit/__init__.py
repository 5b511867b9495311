"""The audit log: who did what to what, from where; append-only and chained by hashes, one chain per organisation."""
