"""What SiliconWit's surface adds to the server, apart from its endpoints.

All surfaces follow this vendor in the following: the four headers with the remaining calls (surfaces/siliconwit.md 3.5), the
format of commands over MQTT (2.3), and the subject of a mail about an alert (its page on alerts).
"""

from __future__ import annotations
