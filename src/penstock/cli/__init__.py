"""The command line: `penstock serve` and the operator's other commands."""
