"""Tokens: the seeds of one-time passwords that people share, and who may get a code or the seed."""
