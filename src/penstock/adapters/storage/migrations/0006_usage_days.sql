-- Usage by project and by day in addition to that by hour, so that a long range is read from few rows. What was counted so far is
-- carried over; readings of before devices were counted belong to no project.
CREATE TABLE usage_projects (
    org_id INTEGER NOT NULL,
    hour_us INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    data_points INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (org_id, hour_us, project_id)
) WITHOUT ROWID;
INSERT INTO usage_projects (org_id, hour_us, project_id, readings, data_points, size_bytes)
SELECT org_id, hour_us, project_id, sum(readings), sum(data_points), sum(size_bytes) FROM usage_devices GROUP BY 1, 2, 3;
INSERT INTO usage_projects (org_id, hour_us, project_id, readings, data_points, size_bytes)
SELECT h.org_id, h.hour_us, 0, h.readings - coalesce(d.readings, 0), h.data_points - coalesce(d.data_points, 0), 0
FROM usage_hours AS h LEFT JOIN (
    SELECT org_id, hour_us, sum(readings) AS readings, sum(data_points) AS data_points FROM usage_devices GROUP BY 1, 2
) AS d ON d.org_id = h.org_id AND d.hour_us = h.hour_us
WHERE h.readings > coalesce(d.readings, 0)
ON CONFLICT (org_id, hour_us, project_id) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points;
DROP TABLE usage_hours;
ALTER TABLE usage_devices DROP COLUMN project_id;

CREATE TABLE usage_project_days (
    org_id INTEGER NOT NULL,
    day_us INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    data_points INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (org_id, day_us, project_id)
) WITHOUT ROWID;
INSERT INTO usage_project_days (org_id, day_us, project_id, readings, data_points, size_bytes)
SELECT org_id, hour_us / 86400000000 * 86400000000, project_id, sum(readings), sum(data_points), sum(size_bytes)
FROM usage_projects GROUP BY 1, 2, 3;

CREATE TABLE usage_device_days (
    org_id INTEGER NOT NULL,
    day_us INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    data_points INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (org_id, day_us, device_id)
) WITHOUT ROWID;
INSERT INTO usage_device_days (org_id, day_us, device_id, readings, data_points, size_bytes)
SELECT org_id, hour_us / 86400000000 * 86400000000, device_id, sum(readings), sum(data_points), sum(size_bytes)
FROM usage_devices GROUP BY 1, 2, 3;

ALTER TABLE usage_calls ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
CREATE TABLE usage_call_days (
    org_id INTEGER NOT NULL,
    day_us INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (org_id, day_us, key_id)
) WITHOUT ROWID;
CREATE INDEX usage_call_days_by_key ON usage_call_days (org_id, key_id, day_us);
INSERT INTO usage_call_days (org_id, day_us, key_id, calls, size_bytes, refused)
SELECT org_id, hour_us / 86400000000 * 86400000000, key_id, sum(calls), sum(size_bytes), 0 FROM usage_calls GROUP BY 1, 2, 3;
