"""The command line: `penstock serve`, and what goes with it."""
