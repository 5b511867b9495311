"""The commands, run as people and scripts run them."""
