-- A key may be bound to a project: it sees and touches nothing else.
ALTER TABLE api_keys ADD COLUMN project_id INTEGER REFERENCES projects (id);
