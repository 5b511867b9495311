"""Expressions and templates that users write: CEL, with limits that are enforced before anything is evaluated.

`compile_expression` and `compile_template` reject what could be expensive; their results can be evaluated on the event loop.
"""
