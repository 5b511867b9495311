-- Tickets of streams: keyed hashes of them, and the sealed credentials for which they stand.
CREATE TABLE stream_tickets (
    digest BLOB PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    sealed BLOB NOT NULL,
    expires_us INTEGER NOT NULL,
    stream BLOB,
    opened_from TEXT
) WITHOUT ROWID;
CREATE INDEX stream_tickets_by_org ON stream_tickets (org_id, expires_us);
