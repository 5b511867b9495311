"""Readings: what devices said, when, and what came of it.

A reading goes into the reading log and is acknowledged when it is on disk; its sequence number is its place in arrival
order. Everything else (latest values, history, aggregates, streams, sensors) is derived from the log.
"""
