"""Encryption of the vault: the cipher, and the master key that wraps the keys of organisations."""
