"""What Iottly's surface adds to the server, apart from its endpoints.

The core follows this vendor, under Penstock's own names, in the following: the platforms of agents (surfaces/iottly.md 2.3), the
pair code (1), and the format of an event type's message (3.1, the vendor's `jsonfmt`).
"""

from __future__ import annotations
