"""Tests of the calls of meters."""
