"""Pages of bills: invoices, tariffs, closing runs, and statements of the plan."""
