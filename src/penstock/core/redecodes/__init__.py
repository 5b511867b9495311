"""Re-decodes: stored uplinks are decoded again from their bytes, after a codec was mended.

A re-decode is a job in the background, with its progress in the database. Decoding again has the result that decoding on arrival
would have had, so a step that is repeated after a crash changes nothing. What happened on arrival is not repeated: no alert, rule
or webhook sees a reading again.
"""
