"""The web console: pages for people, on top of the same API that programs use.

A page calls operations of the API within the process, with the credential of the person who looks at it (`shared/calling.py`). So
it can show nothing that the API would not return to that person, and can show the calls that it made. A folder a noun: its
handlers in `pages.py`, its templates next to them.
"""
