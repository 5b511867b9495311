"""Rules, versions, runs and rehearsals over the native API."""
