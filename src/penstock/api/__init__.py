"""The integrator's side: whoever holds an API key enters here."""
