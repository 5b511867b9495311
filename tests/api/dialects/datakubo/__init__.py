"""DataKubo's API over HTTP, as its documents show it."""
