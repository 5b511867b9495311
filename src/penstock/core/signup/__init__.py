"""Sign-up: visitors who make an organisation of their own, where the operator lets them."""
