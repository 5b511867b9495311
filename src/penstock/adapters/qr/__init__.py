"""Reads QR codes in pictures from strangers, each in a process of its own."""
