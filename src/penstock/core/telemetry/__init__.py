"""Readings: the values that devices report, and how they are stored and queried.

A reading is written to the reading log and acknowledged once it is on disk; its sequence number is its position in arrival order.
Everything else (latest values, history, aggregates, streams, sensors) is derived from the log.
"""
