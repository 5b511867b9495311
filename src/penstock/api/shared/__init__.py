"""The parts that all surfaces of the API share: operations, admission, decoding, and the OpenAPI document."""
