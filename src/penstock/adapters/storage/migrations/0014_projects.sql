-- The id of a project in the manner of MongoDB, by which some clients name it, and what its agents run on.
ALTER TABLE projects ADD COLUMN alias TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN platform TEXT NOT NULL DEFAULT 'AMD64';
UPDATE projects SET alias = printf('%08x%016x', created_us / 1000000, id);
CREATE UNIQUE INDEX projects_by_alias ON projects (org_id, alias);
