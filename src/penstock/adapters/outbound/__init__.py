"""The clients for calls to addresses that users configured."""
