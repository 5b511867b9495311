"""What Kaito's surface adds to the server, apart from its endpoints.

The core follows this vendor, under Penstock's own names, in the following: the roles of members and their permissions
(surfaces/kaito.md 3), the chain of the audit log (5.2; the layout is Penstock's), the topics `billing.subscription.*`, and some
scopes (its developer page).
"""

from __future__ import annotations
