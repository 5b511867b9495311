"""The pages of connections to network servers, brokers and other programs."""
