"""Expressions and templates: a preview of what they evaluate to."""
