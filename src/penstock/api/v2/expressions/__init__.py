"""Previews of expressions and templates."""
