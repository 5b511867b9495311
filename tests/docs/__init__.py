"""Tests of what the guide shows."""
