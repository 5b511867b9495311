"""Examples of agents for the documentation."""

from __future__ import annotations

CODE = "9f2c51d07be84a3cb6e0d94f17a8325c"
JWT = "eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiIsInR5cCI6IkpXVCJ9.e30.c2ln"
