"""The agent door: penstock-agent over a WebSocket at /ws. The protocol itself is `penstock_agent.wire`, shared with the agent."""
