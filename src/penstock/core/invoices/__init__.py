"""Invoices: what a customer or a resident owes for a period. They never change: the next invoice corrects an earlier one."""
