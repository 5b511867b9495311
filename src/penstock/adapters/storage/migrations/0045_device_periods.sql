-- Where devices were placed and when: every answer about the past uses the placement of that time. Devices that were deleted
-- keep their periods, so there is no foreign key. The current placement is in device_placements too.
CREATE TABLE device_periods (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    resident_id INTEGER,
    from_us INTEGER NOT NULL,
    to_us INTEGER
);
CREATE INDEX device_periods_by_device ON device_periods (device_id, org_id, from_us);
CREATE INDEX device_periods_by_customer ON device_periods (customer_id, org_id, device_id, from_us, to_us);
CREATE INDEX device_periods_by_resident ON device_periods (resident_id, org_id, device_id, from_us, to_us) WHERE resident_id NOT NULL;

-- It is not known since when the current placements have been in force.
INSERT INTO device_periods (org_id, device_id, customer_id, resident_id, from_us)
SELECT org_id, device_id, customer_id, resident_id, 0 FROM device_placements WHERE customer_id NOT NULL;

-- Devices that were deleted and had a placement. `registers` is a JSON list of versions, NULL for the default; `points` are what is
-- kept of their readings, NULL while the readings themselves are still stored.
CREATE TABLE former_meters (
    device_id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    eui TEXT,
    role TEXT NOT NULL,
    registers TEXT,
    deleted_us INTEGER NOT NULL,
    points BLOB
);

-- A meter that is deleted and registered again is one device of the bill, so a month counts EUIs. A reading can be counted after
-- its device was deleted: deleted devices keep their EUIs.
ALTER TABLE device_months ADD COLUMN eui TEXT;
UPDATE device_months SET eui = (
    SELECT min(i.value) FROM device_identifiers AS i
    WHERE i.org_id = device_months.org_id AND i.device_id = device_months.device_id AND i.kind = 'eui'
);
CREATE INDEX device_months_by_eui ON device_months (org_id, month_us, eui);
CREATE TABLE former_euis (
    device_id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    eui TEXT NOT NULL
);

-- Devices that reported before the customer of their tenant was created were routed to none.
UPDATE unregistered_devices SET customer_id = (
    SELECT c.id FROM customers AS c WHERE c.org_id = unregistered_devices.org_id AND c.tenant_name = unregistered_devices.tenant_name
) WHERE customer_id IS NULL AND tenant_name IS NOT NULL;
