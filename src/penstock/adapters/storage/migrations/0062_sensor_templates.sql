-- Templates of sensors that an organisation made; those of the system are in no table.
CREATE TABLE sensor_templates (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    unit TEXT NOT NULL,
    value_type TEXT NOT NULL,
    description TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX sensor_templates_by_org ON sensor_templates (org_id, id);
CREATE UNIQUE INDEX sensor_templates_by_name ON sensor_templates (org_id, name);
