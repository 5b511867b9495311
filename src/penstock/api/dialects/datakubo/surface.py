"""What DataKubo's surface adds to the server, apart from its endpoints.

The core follows this vendor, under Penstock's own names, in the following (surfaces/datakubo.md 5): the consumption of a day,
the usual day, and the balance of principal meters against leaves, notable from 15 % unmetered on.
"""

from __future__ import annotations
