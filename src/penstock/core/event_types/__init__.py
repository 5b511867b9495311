"""Event types: what the devices of a project may tell of themselves, beside the commands that they understand."""
