"""The agents' entry point: penstock-agent over a WebSocket at /ws. The protocol is in `penstock_agent.wire`."""
