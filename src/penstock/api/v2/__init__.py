"""The native API, `/api/v2`: everything Penstock can do, in its own words.

One resource is a bare object, a list is `{"data": […], "next_cursor": …}`, an error is a problem document (RFC 9457).
"""
