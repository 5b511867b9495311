"""DataKubo's REST API, version 1 (`/api/v1`): meters by DevEUI, uplinks of LoRaWAN network servers, customers, the bill.

A network server holds an API key and speaks for devices, so its call is here too; bodies of servers are read by
`penstock.ingress.lorawan`, which bootstrap hands in. What is served and what is not: docs/surfaces/datakubo.md.
Source: the vendor's page "API Reference" (shared seed) and surfaces/datakubo.md, read 2026-11-21; recordings in
tests/api/dialects/datakubo.
"""
