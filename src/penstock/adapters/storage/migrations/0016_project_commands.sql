-- Commands that every device of a project understands.
ALTER TABLE command_definitions ADD COLUMN project_id INTEGER REFERENCES projects (id) ON DELETE CASCADE;
CREATE UNIQUE INDEX command_definitions_by_project ON command_definitions (project_id, org_id, name)
WHERE project_id IS NOT NULL;
