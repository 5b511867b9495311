"""Pages of the plan, its limits, and the usage."""
