-- Device profiles, and the versions of their codecs.
CREATE TABLE profiles (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    project_id INTEGER NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    device_type TEXT NOT NULL,
    model TEXT NOT NULL,
    description TEXT NOT NULL,
    expected_interval_us INTEGER,
    sensors TEXT NOT NULL,
    codec_id INTEGER,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX profiles_by_org ON profiles (org_id, id);

CREATE TABLE codec_versions (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    profile_id INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    script TEXT NOT NULL,
    functions TEXT NOT NULL,
    note TEXT NOT NULL,
    author TEXT NOT NULL,
    restored_from INTEGER,
    created_us INTEGER NOT NULL
);
CREATE UNIQUE INDEX codec_versions_by_profile ON codec_versions (profile_id, number);

ALTER TABLE devices ADD COLUMN profile_id INTEGER REFERENCES profiles (id);
CREATE INDEX devices_by_profile ON devices (profile_id) WHERE profile_id IS NOT NULL;
