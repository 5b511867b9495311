"""Tools that do not depend on the domain: ids, errors, time, paging, secrets, strict JSON, the HTTP boundary."""
