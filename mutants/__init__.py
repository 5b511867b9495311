"""Bugs that are planted on purpose, to see whether the tests find them: `make mutants`.

A suite that cannot turn red tells nothing by being green. Each bug in `bugs/` is one that somebody could write. It is planted
alone, in a copy of the tree that is thrown away, and the tests are run. What no test finds is a hole in the gate.
"""
