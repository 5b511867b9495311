-- Versions have names, which people may change; what a version says they may not.
ALTER TABLE rule_versions ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE rule_versions SET name = 'Version ' || number;
