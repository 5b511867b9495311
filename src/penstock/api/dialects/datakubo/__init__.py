"""DataKubo's REST API, version 1 (`/api/v1`): meters by DevEUI, uplinks of LoRaWAN network servers, customers, the bill.

A network server has an API key and relays devices' messages, so its call is here too; the bodies of network servers are parsed
by `penstock.ingress.lorawan`, which bootstrap passes in. Coverage: docs/surfaces/datakubo.md.
Source: the vendor's page "API Reference" (shared seed) and surfaces/datakubo.md, read 2026-11-21; recordings in
tests/api/dialects/datakubo.
"""
