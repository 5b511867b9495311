-- How far each consumer of the reading log has come, and what the first of them counts.
CREATE TABLE consumers (
    name TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE usage_hours (
    org_id INTEGER NOT NULL,
    hour_us INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    data_points INTEGER NOT NULL,
    PRIMARY KEY (org_id, hour_us)
) WITHOUT ROWID;
