"""The messages of Twilio's API, so that programs written with its packages send and read SMS here.

`surface.py` lists what the dialect adds to the server. The coverage is in docs/surfaces/twilio.md. Penstock as a client of Twilio
is elsewhere: `adapters/sms/twilio.py` and `ingress/sms/`.
"""
