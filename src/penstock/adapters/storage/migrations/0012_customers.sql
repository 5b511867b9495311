-- The customers of organisations, the placement of devices, and devices that report before they are registered.
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    admin_email TEXT NOT NULL,
    tenant_name TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX customers_by_org ON customers (org_id, id);
CREATE UNIQUE INDEX customers_by_tenant ON customers (org_id, tenant_name);

CREATE TABLE residents (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    created_us INTEGER NOT NULL
);
CREATE INDEX residents_by_customer ON residents (customer_id, org_id, id);

-- A device without a row has no placement and no mark.
CREATE TABLE device_placements (
    device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    customer_id INTEGER REFERENCES customers (id) ON DELETE SET NULL,
    resident_id INTEGER REFERENCES residents (id) ON DELETE SET NULL,
    mark TEXT,
    marked_us INTEGER
);
CREATE INDEX device_placements_by_customer ON device_placements (customer_id);
CREATE INDEX device_placements_by_resident ON device_placements (resident_id);

CREATE TABLE unregistered_devices (
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    eui TEXT NOT NULL,
    customer_id INTEGER REFERENCES customers (id) ON DELETE SET NULL,
    device_name TEXT,
    tenant_name TEXT,
    network TEXT NOT NULL,
    first_seen_us INTEGER NOT NULL,
    last_seen_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, eui)
) WITHOUT ROWID;
CREATE INDEX unregistered_devices_by_customer ON unregistered_devices (customer_id);

CREATE TABLE unregistered_readings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL,
    eui TEXT NOT NULL,
    time_us INTEGER NOT NULL,
    received_us INTEGER NOT NULL,
    payload BLOB NOT NULL,
    dedupe_key TEXT,
    FOREIGN KEY (org_id, eui) REFERENCES unregistered_devices (org_id, eui) ON DELETE CASCADE
);
CREATE INDEX unregistered_readings_by_device ON unregistered_readings (org_id, eui, id);
CREATE UNIQUE INDEX unregistered_readings_by_key ON unregistered_readings (org_id, eui, dedupe_key);
