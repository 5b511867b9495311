"""The pages of device profiles, their codecs and re-decodes."""
