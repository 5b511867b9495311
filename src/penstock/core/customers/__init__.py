"""Customers and residents: for whom an organisation measures, where its devices are placed, and how they stand."""
