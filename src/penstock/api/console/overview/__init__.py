"""The first page: how the fleet is, and what needs attention."""
