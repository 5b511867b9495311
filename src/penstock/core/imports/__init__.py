"""Imports of many devices, registers, residents or placements from a CSV file.

The rows of a file are planned against what is stored, and the plans are carried out by the use cases that single calls have. A
dry run only plans. `table` reads the file, `cells` the values of a row, `known` what the rows refer to, and `planning` decides.
"""
