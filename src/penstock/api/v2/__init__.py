"""The native API, `/api/v2`: all features of Penstock, under Penstock's own names.

A single resource is a bare object, a list is `{"data": […], "next_cursor": …}`, an error is a problem document (RFC 9457).
"""
