-- What a device counts, where it counts for the bill, statements of months that are over, and residents who sign in.
CREATE TABLE meters (
    device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    field TEXT NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    rolls_over_at INTEGER
);

ALTER TABLE customers ADD COLUMN timezone TEXT NOT NULL DEFAULT 'UTC';

-- Devices that reported in a calendar month (UTC), with the customer they were placed with last in it. A device that is
-- deleted stays: it was active.
CREATE TABLE device_months (
    org_id INTEGER NOT NULL,
    month_us INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    customer_id INTEGER,
    PRIMARY KEY (org_id, month_us, device_id)
) WITHOUT ROWID;
INSERT INTO device_months (org_id, month_us, device_id, customer_id)
SELECT DISTINCT u.org_id, unixepoch(u.day_us / 1000000, 'unixepoch', 'start of month') * 1000000, u.device_id, p.customer_id
FROM usage_device_days AS u LEFT JOIN device_placements AS p ON p.device_id = u.device_id;

-- Changes of plans, so that a month is billed by the plan of its end.
CREATE TABLE plan_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    at_us INTEGER NOT NULL,
    plan_before TEXT NOT NULL,
    plan_after TEXT NOT NULL
);
CREATE INDEX plan_changes_by_org ON plan_changes (org_id, at_us, id);

CREATE TABLE statements (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    begin_us INTEGER NOT NULL,
    body BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    UNIQUE (org_id, begin_us)
);

-- Up to where an organisation's months were looked at. What was before this was kept is not billed again.
CREATE TABLE billed_until (
    org_id INTEGER PRIMARY KEY REFERENCES organizations (id),
    until_us INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO billed_until (org_id, until_us) SELECT id, unixepoch('now', 'start of month') * 1000000 FROM organizations;

ALTER TABLE memberships ADD COLUMN resident_id INTEGER;
CREATE INDEX memberships_by_resident ON memberships (org_id, resident_id);
ALTER TABLE invitations ADD COLUMN resident_id INTEGER;
