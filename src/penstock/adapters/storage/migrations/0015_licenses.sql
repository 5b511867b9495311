-- The seats of projects, one per device.
CREATE TABLE licenses (
    id TEXT PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    project_id INTEGER NOT NULL REFERENCES projects (id),
    device_id INTEGER UNIQUE REFERENCES devices (id) ON DELETE SET NULL,
    created_us INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX licenses_by_org ON licenses (org_id, id);
CREATE INDEX licenses_available ON licenses (project_id, created_us, id) WHERE device_id IS NULL;
INSERT INTO licenses (id, org_id, project_id, device_id, created_us)
SELECT lower(hex(randomblob(16))), org_id, project_id, id, created_us FROM devices;
