-- Registers of meters and profiles, and what people changed about their values.
-- A meter's one field becomes one register with that field as its only source. Its unit was free text for display: one that is
-- neither of a volume nor of an energy counts things.
ALTER TABLE meters ADD COLUMN registers TEXT;
UPDATE meters SET registers = (
    SELECT json_array(json_object(
        'name', k.kind,
        'kind', k.kind,
        'sources', json_array(json_object('field', meters.field, 'unit', k.unit)),
        'unit', k.unit,
        'rolls_over_at', CAST(meters.rolls_over_at AS TEXT)
    ))
    FROM (
        SELECT
            CASE
                WHEN lower(meters.unit) IN ('m3', 'm³', 'l', 'dm3', 'ft3', 'gal', 'hl', 'kl', 'ml') THEN 'volume'
                WHEN lower(meters.unit) IN ('kwh', 'wh', 'mwh', 'gwh', 'gj', 'mj', 'kj', 'j') THEN 'energy'
                ELSE 'count'
            END AS kind,
            CASE lower(meters.unit)
                WHEN 'm³' THEN 'm³' WHEN 'm3' THEN 'm3' WHEN 'l' THEN meters.unit WHEN 'dm3' THEN 'dm3' WHEN 'ft3' THEN 'ft3'
                WHEN 'gal' THEN 'gal' WHEN 'hl' THEN 'hL' WHEN 'kl' THEN 'kL' WHEN 'ml' THEN 'mL'
                WHEN 'kwh' THEN 'kWh' WHEN 'wh' THEN 'Wh' WHEN 'mwh' THEN 'MWh' WHEN 'gwh' THEN 'GWh'
                WHEN 'gj' THEN 'GJ' WHEN 'mj' THEN 'MJ' WHEN 'kj' THEN 'kJ' WHEN 'j' THEN 'J'
                ELSE '1'
            END AS unit
    ) AS k
);
ALTER TABLE meters DROP COLUMN field;
ALTER TABLE meters DROP COLUMN unit;
ALTER TABLE meters DROP COLUMN rolls_over_at;

ALTER TABLE profiles ADD COLUMN registers TEXT NOT NULL DEFAULT '[]';

-- Rows are only added, and withdrawn at most once. They outlive their device, as bills depend on them.
CREATE TABLE meter_edits (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    device_id INTEGER NOT NULL,
    register TEXT NOT NULL,
    kind TEXT NOT NULL,
    time_us INTEGER NOT NULL,
    counter INTEGER,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    withdrawn_us INTEGER,
    withdrawn_by TEXT,
    withdrawn_reason TEXT
);
CREATE INDEX meter_edits_by_device ON meter_edits (org_id, device_id, id);
-- A value has one edit at a time.
CREATE UNIQUE INDEX meter_edits_in_effect ON meter_edits (org_id, device_id, register, time_us) WHERE withdrawn_us IS NULL;

-- Devices whose past consumption may have changed, and from when, for those who have billed it.
CREATE TABLE consumption_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    device_id INTEGER NOT NULL,
    from_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at_us INTEGER NOT NULL
);
CREATE INDEX consumption_changes_by_org ON consumption_changes (org_id, id);
