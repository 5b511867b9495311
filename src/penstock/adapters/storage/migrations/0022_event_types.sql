-- What devices of a project may tell, by name.
CREATE TABLE event_types (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    fields TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX event_types_by_org ON event_types (org_id, id);
CREATE UNIQUE INDEX event_types_by_project ON event_types (project_id, org_id, name);
