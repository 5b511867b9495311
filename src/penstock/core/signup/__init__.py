"""Sign-up: visitors who create their own organisation, if the operator allows it."""
