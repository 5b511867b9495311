"""Pages of customers, their residents, and how they are billed."""
