"""The pages that connect a first device."""
