"""Tools that know nothing of IoT: ids, errors, time, paging, secrets, strict JSON, the HTTP border."""
