-- The logo on an organisation's documents, and the mails with which invoices were sent.
CREATE TABLE organization_logos (
    org_id INTEGER PRIMARY KEY REFERENCES organizations (id),
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);

CREATE TABLE invoice_mails (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    invoice_id INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_us INTEGER,
    failed_us INTEGER,
    error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX invoice_mails_by_invoice ON invoice_mails (org_id, invoice_id, id);
-- An invoice is sent automatically once, however often its event is passed on.
CREATE UNIQUE INDEX invoice_mails_automatic ON invoice_mails (org_id, invoice_id) WHERE automatic = 1;
