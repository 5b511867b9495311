"""The embedded store: SQLite files in the data directory.

Layout of the data directory: `penstock.db` (control state), `telemetry/<day>.db` (readings, one file per UTC day), `secret.key`
(the pepper), `snapshots/` (copies made before a migration), `lock`.
"""
