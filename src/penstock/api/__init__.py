"""The client side: native API, vendors' dialects, live streams, system endpoints. Calls here carry a client's credential."""
