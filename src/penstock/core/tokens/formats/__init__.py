"""The formats in which one-time password seeds travel between programs. Pure: text or bytes in, entries out."""
