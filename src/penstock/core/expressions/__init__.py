"""Expressions and templates that people write: CEL behind limits that hold before anything of it is run.

`compile_expression` and `compile_template` refuse what could cost much; what they return can be evaluated on the event loop.
"""
