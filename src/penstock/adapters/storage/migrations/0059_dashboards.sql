-- Dashboards. `view` is how one is shown at first, `options` is what a widget shows (JSON).
CREATE TABLE dashboard_folders (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    parent_id INTEGER REFERENCES dashboard_folders (id),
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX dashboard_folders_by_org ON dashboard_folders (org_id, id);
CREATE INDEX dashboard_folders_by_parent ON dashboard_folders (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE dashboards (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    folder_id INTEGER REFERENCES dashboard_folders (id),
    project_id INTEGER REFERENCES projects (id),
    view TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX dashboards_by_name ON dashboards (org_id, name COLLATE NOCASE, id);
CREATE INDEX dashboards_by_update ON dashboards (org_id, updated_us, id);
CREATE INDEX dashboards_by_folder ON dashboards (folder_id) WHERE folder_id IS NOT NULL;

CREATE TABLE dashboard_widgets (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    dashboard_id INTEGER NOT NULL REFERENCES dashboards (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    options TEXT NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    w INTEGER NOT NULL,
    h INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX dashboard_widgets_by_dashboard ON dashboard_widgets (dashboard_id, org_id, id);

CREATE TABLE dashboard_images (
    widget_id INTEGER PRIMARY KEY REFERENCES dashboard_widgets (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    content BLOB NOT NULL,
    set_us INTEGER NOT NULL
);

-- Links under which a dashboard can be read without a credential: of each token only its keyed hash.
CREATE TABLE dashboard_shares (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    dashboard_id INTEGER NOT NULL REFERENCES dashboards (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    digest BLOB NOT NULL,
    variables TEXT NOT NULL,
    allow_embed TEXT NOT NULL,
    expires_us INTEGER NOT NULL,
    creator_kind TEXT NOT NULL,
    creator_id INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    project_id INTEGER,
    created_us INTEGER NOT NULL,
    last_used_us INTEGER,
    uses INTEGER NOT NULL
);
CREATE UNIQUE INDEX dashboard_shares_by_digest ON dashboard_shares (digest);
CREATE INDEX dashboard_shares_by_dashboard ON dashboard_shares (dashboard_id, org_id, id);
