-- Tariffs, invoices, and what is needed to close periods.
CREATE TABLE tariffs (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    versions BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX tariffs_by_org ON tariffs (org_id, id);

-- A tariff of a customer, or of one of its residents, from a day to another (ISO 8601).
CREATE TABLE tariff_assignments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    resident_id INTEGER REFERENCES residents (id) ON DELETE CASCADE,
    tariff_id INTEGER NOT NULL REFERENCES tariffs (id),
    begin_day TEXT,
    end_day TEXT
);
CREATE INDEX tariff_assignments_by_customer ON tariff_assignments (customer_id, resident_id, id);
CREATE INDEX tariff_assignments_by_resident ON tariff_assignments (resident_id);
CREATE INDEX tariff_assignments_by_tariff ON tariff_assignments (tariff_id);

-- The seller (without a customer), and the buyers.
CREATE TABLE billing_parties (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    customer_id INTEGER REFERENCES customers (id) ON DELETE CASCADE,
    resident_id INTEGER REFERENCES residents (id) ON DELETE CASCADE,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX billing_parties_by_account ON billing_parties (org_id, coalesce(customer_id, 0), coalesce(resident_id, 0));
CREATE INDEX billing_parties_by_customer ON billing_parties (customer_id);
CREATE INDEX billing_parties_by_resident ON billing_parties (resident_id);

-- How a customer is invoiced, and its next automatic closing.
CREATE TABLE invoicing (
    customer_id INTEGER PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    body BLOB NOT NULL,
    next_period TEXT,
    close_us INTEGER
);
CREATE INDEX invoicing_by_org ON invoicing (org_id, customer_id);
CREATE INDEX invoicing_by_close ON invoicing (close_us) WHERE close_us IS NOT NULL;

-- Invoices outlive customers and residents; `resident_id` 0 is the whole customer. `body` never changes.
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    resident_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    begin_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    body BLOB NOT NULL,
    paid_us INTEGER,
    paid_note TEXT NOT NULL DEFAULT '',
    cancelled_by INTEGER,
    cancelled_us INTEGER
);
CREATE INDEX invoices_by_org ON invoices (org_id, id);
CREATE UNIQUE INDEX invoices_by_number ON invoices (org_id, number);
CREATE INDEX invoices_by_customer ON invoices (org_id, customer_id, id);
CREATE INDEX invoices_by_resident ON invoices (org_id, resident_id, id) WHERE resident_id <> 0;
CREATE INDEX invoices_by_end ON invoices (org_id, end_us);
-- Closing a period again changes nothing.
CREATE UNIQUE INDEX invoices_in_effect ON invoices (org_id, customer_id, resident_id, begin_us)
WHERE kind = 'invoice' AND state <> 'cancelled';

-- The devices whose readings are in an invoice.
CREATE TABLE invoice_devices (
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    PRIMARY KEY (org_id, device_id, invoice_id)
) WITHOUT ROWID;

-- Which invoice has corrections of which earlier one.
CREATE TABLE invoice_corrections (
    org_id INTEGER NOT NULL,
    corrected_id INTEGER NOT NULL REFERENCES invoices (id),
    invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    PRIMARY KEY (org_id, corrected_id, invoice_id)
) WITHOUT ROWID;

-- Invoices whose consumption may have changed since, and why.
CREATE TABLE invoice_rechecks (
    org_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    resident_id INTEGER NOT NULL,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    reason TEXT NOT NULL,
    PRIMARY KEY (org_id, customer_id, resident_id, invoice_id, reason)
) WITHOUT ROWID;

-- Up to which change of consumption and which reading these are complete.
CREATE TABLE invoice_positions (
    org_id INTEGER PRIMARY KEY REFERENCES organizations (id),
    change_id INTEGER NOT NULL,
    seq INTEGER NOT NULL
);

CREATE TABLE invoice_series (
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    series TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (org_id, series)
) WITHOUT ROWID;

-- Accounts whose period could not be closed.
CREATE TABLE invoice_holds (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    resident_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    begin_us INTEGER NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    released_us INTEGER,
    released_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX invoice_holds_by_org ON invoice_holds (org_id, id);
CREATE UNIQUE INDEX invoice_holds_by_account ON invoice_holds (org_id, customer_id, resident_id, begin_us);
CREATE INDEX invoice_holds_by_customer ON invoice_holds (customer_id);

CREATE TABLE invoice_runs (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    state TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX invoice_runs_by_org ON invoice_runs (org_id, id);
CREATE INDEX invoice_runs_by_state ON invoice_runs (state, id);
