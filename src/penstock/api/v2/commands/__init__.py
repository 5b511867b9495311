"""Commands and their executions over the native API."""
