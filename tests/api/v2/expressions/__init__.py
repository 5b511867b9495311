"""Previews of expressions and templates over HTTP."""
