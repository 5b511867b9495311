-- Imports of CSV files. `file` is kept until the import has ended, `actor` is who it acts for (JSON). The counts are of rows.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    is_dry_run INTEGER NOT NULL,
    state TEXT NOT NULL,
    rows INTEGER NOT NULL,
    author TEXT NOT NULL,
    actor BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    started_us INTEGER,
    finished_us INTEGER,
    made INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    file BLOB
);
CREATE INDEX imports_by_org ON imports (org_id, id);
CREATE INDEX imports_active ON imports (org_id, id) WHERE finished_us IS NULL;

-- Why rows could not be imported, in the order of the rows.
CREATE TABLE import_faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    row_number INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX import_faults_by_import ON import_faults (import_id, org_id, id);

CREATE INDEX residents_by_email ON residents (org_id, email COLLATE NOCASE);
CREATE INDEX customers_by_name ON customers (org_id, name);

-- Managers of customers sign in and see only their customer.
ALTER TABLE memberships ADD COLUMN customer_id INTEGER;
CREATE INDEX memberships_by_customer ON memberships (org_id, customer_id);
ALTER TABLE invitations ADD COLUMN customer_id INTEGER;
