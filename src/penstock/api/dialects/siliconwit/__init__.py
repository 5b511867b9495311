"""SiliconWit.IO's Public API, version 1 (`/v1`): read access to devices, telemetry and the account.

The vendor's device call (`POST /api/devices/ingest`) is in `device_calls`.
Coverage: docs/surfaces/siliconwit.md.
Source: the vendor's page "Public API Reference", read 2026-11-21; recordings in tests/api/dialects/siliconwit.
"""
