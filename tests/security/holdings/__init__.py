"""What nouns add to what an organisation holds."""
