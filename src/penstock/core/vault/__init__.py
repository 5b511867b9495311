"""The vault: encrypted values of organisations, each under its own key, and the keys of organisations.

Three layers of keys: the master key of the server wraps the key of each organisation, which wraps the data key of each value.
"""
