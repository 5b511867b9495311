"""Pages of the vault: one-time codes with their grants, secrets, and the keys of the organisation."""
