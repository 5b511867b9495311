"""Bugs that are planted on purpose, to see whether the tests find them: `make mutants`.

A suite that cannot fail proves nothing when it passes. Each bug in `bugs/` is one that a developer could write. It is planted
alone, in a temporary copy of the tree, and the tests are run. A bug that no test finds is a gap in the suite.
"""
