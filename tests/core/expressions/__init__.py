"""Expressions and templates, and what they refuse."""
