"""Tests of gRPC: its contract, its calls and its protocols."""
