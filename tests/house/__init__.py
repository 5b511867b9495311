"""Tests of the rules themselves: layout, names, sizes, documentation, tenancy of SQL, import contracts."""
