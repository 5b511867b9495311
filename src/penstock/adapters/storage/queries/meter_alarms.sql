-- fragment: meter_alarm_columns
    id, org_id, device_id, device_name, customer_id, resident_id, kind, register, since_us, last_us, until_us, opened_us,
    closed_us, end_reason, value, threshold, unit, field, acknowledged_us, acknowledged_by, note

-- name: create_meter_alarm!
-- Add an alarm.
INSERT INTO meter_alarms ({{meter_alarm_columns}}) VALUES ({{:meter_alarm_columns}});

-- name: find_meter_alarm^
-- One alarm by id.
SELECT {{meter_alarm_columns}} FROM meter_alarms WHERE org_id = :org_id AND id = :id;

-- fragment: meter_alarm_filters
    (:kind IS NULL OR kind = :kind)
    AND (:state IS NULL OR (:state = 'open') = (until_us IS NULL))
    AND (:from_us IS NULL OR since_us >= :from_us) AND (:to_us IS NULL OR since_us < :to_us)

-- name: list_meter_alarms
-- Alarms newest first, older than a given one.
SELECT {{meter_alarm_columns}} FROM meter_alarms
WHERE org_id = :org_id AND id < :before_id
    AND (:device_id IS NULL OR device_id = :device_id) AND (:customer_id IS NULL OR customer_id = :customer_id)
    AND {{meter_alarm_filters}}
ORDER BY id DESC LIMIT :limit;

-- name: list_meter_alarms_of_device
-- Alarms of a device, newest first, older than a given one.
SELECT {{meter_alarm_columns}} FROM meter_alarms
WHERE org_id = :org_id AND device_id = :device_id AND id < :before_id
    AND (:customer_id IS NULL OR customer_id = :customer_id) AND {{meter_alarm_filters}}
ORDER BY id DESC LIMIT :limit;

-- name: list_meter_alarms_of_resident
-- Alarms that the devices assigned to a resident have had since they were, newest first, older than a given one; with that time.
SELECT {{a.meter_alarm_columns}}, (
        SELECT p.from_us FROM device_periods AS p
        WHERE p.org_id = :org_id AND p.device_id = a.device_id AND p.resident_id = :resident_id AND p.to_us IS NULL
    ) AS assigned_us
FROM meter_alarms AS a NOT INDEXED
WHERE a.org_id = :org_id AND {{meter_alarm_filters}} AND a.id IN (
        SELECT o.id FROM device_periods AS q CROSS JOIN meter_alarms AS o ON o.device_id = q.device_id
        WHERE q.org_id = :org_id AND q.resident_id = :resident_id AND q.to_us IS NULL AND o.org_id = :org_id
            AND o.id < :before_id AND (o.until_us IS NULL OR o.until_us > q.from_us)
            AND (:device_id IS NULL OR o.device_id = :device_id)
    )
ORDER BY a.id DESC LIMIT :limit;

-- name: list_known_meter_alarms
-- Alarms of devices that are open, or ended at or after a time.
SELECT {{a.meter_alarm_columns}} FROM json_each(:device_ids) AS wanted
CROSS JOIN meter_alarms AS a ON a.device_id = wanted.value
WHERE a.org_id = :org_id AND (a.until_us IS NULL OR a.until_us >= :from_us);

-- name: update_meter_alarm!
-- Set how far an alarm lasts, and its end.
UPDATE meter_alarms SET since_us = :since_us, last_us = :last_us, until_us = :until_us, closed_us = :closed_us,
    end_reason = :end_reason, value = :value, threshold = :threshold, unit = :unit
WHERE org_id = :org_id AND id = :id;

-- name: acknowledge_meter_alarm!
-- Record who acknowledged an alarm first.
UPDATE meter_alarms SET acknowledged_us = :at_us, acknowledged_by = :by, note = :note
WHERE org_id = :org_id AND id = :id AND acknowledged_us IS NULL;

-- name: list_watched_meters
-- The devices, of these, that are meters: placed with a customer, or with settings of a meter or of alarms, their own or a profile's.
SELECT d.id AS device_id, d.name, s.settings AS own, t.settings AS of_profile FROM json_each(:device_ids) AS wanted
CROSS JOIN devices AS d ON d.id = wanted.value
LEFT JOIN meters AS m ON m.device_id = d.id AND m.org_id = :org_id
LEFT JOIN device_placements AS p ON p.device_id = d.id AND p.org_id = :org_id
LEFT JOIN profiles AS r ON r.id = d.profile_id AND r.org_id = :org_id
LEFT JOIN device_alarm_settings AS s ON s.device_id = d.id AND s.org_id = :org_id
LEFT JOIN profile_alarm_settings AS t ON t.profile_id = d.profile_id AND t.org_id = :org_id
WHERE d.org_id = :org_id
    AND (p.customer_id IS NOT NULL OR m.device_id IS NOT NULL OR r.registers <> '[]'
        OR s.device_id IS NOT NULL OR t.profile_id IS NOT NULL);

-- name: find_device_alarm_settings^
-- A device's own settings.
SELECT settings FROM device_alarm_settings WHERE org_id = :org_id AND device_id = :device_id;

-- name: set_device_alarm_settings!
-- Replace a device's own settings.
INSERT INTO device_alarm_settings (device_id, org_id, settings) VALUES (:device_id, :org_id, :settings)
ON CONFLICT (device_id) DO UPDATE SET settings = excluded.settings WHERE device_alarm_settings.org_id = :org_id;

-- name: find_profile_alarm_settings^
-- A profile's settings.
SELECT settings FROM profile_alarm_settings WHERE org_id = :org_id AND profile_id = :profile_id;

-- name: set_profile_alarm_settings!
-- Replace a profile's settings.
INSERT INTO profile_alarm_settings (profile_id, org_id, settings) VALUES (:profile_id, :org_id, :settings)
ON CONFLICT (profile_id) DO UPDATE SET settings = excluded.settings WHERE profile_alarm_settings.org_id = :org_id;

-- name: list_meter_alarm_progress
-- How far devices were evaluated.
SELECT p.device_id, p.kind, p.register, p.at_us, p.moved_us FROM json_each(:device_ids) AS wanted
CROSS JOIN meter_alarm_progress AS p ON p.device_id = wanted.value
WHERE p.org_id = :org_id;

-- name: save_meter_alarm_progress!
-- Set how far a device was evaluated, if it exists and was not set back since the evaluation began.
INSERT INTO meter_alarm_progress (device_id, kind, register, org_id, at_us, moved_us)
SELECT d.id, :kind, :register, d.org_id, :at_us, :moved_us FROM devices AS d WHERE d.org_id = :org_id AND d.id = :device_id
ON CONFLICT (device_id, kind, register) DO UPDATE SET at_us = excluded.at_us, moved_us = excluded.moved_us
WHERE meter_alarm_progress.org_id = :org_id AND (:before_us IS NULL OR meter_alarm_progress.at_us >= :before_us);

-- name: find_redecode_start^
-- When a re-decode began.
SELECT started_us FROM redecodes WHERE org_id = :org_id AND id = :id;

-- name: list_latest_consumption_changes
-- Changes of consumption, newest first, before one.
SELECT id, device_id, from_us, reason, at_us FROM consumption_changes
WHERE org_id = :org_id AND id < :before_id ORDER BY id DESC LIMIT :limit;

-- name: set_back_meter_alarm_progress!
-- Have the counters of a device read again from a time on.
UPDATE meter_alarm_progress SET at_us = min(at_us, :at_us)
WHERE org_id = :org_id AND device_id = :device_id AND kind = 'frozen';

-- name: silent_meter_alarms_of_all
-- Open alarms of a kind that no reading has shown since a time.
-- org-scope: the worker that closes them serves every organisation
SELECT {{meter_alarm_columns}} FROM meter_alarms
WHERE until_us IS NULL AND kind = :kind AND last_us < :before_us ORDER BY last_us LIMIT :limit;

-- name: drop_ended_meter_alarms_of_all!
-- Remove alarms that were closed before a time, oldest first.
-- org-scope: the worker that removes them serves every organisation
DELETE FROM meter_alarms WHERE id IN (
    SELECT id FROM meter_alarms WHERE closed_us < :before_us ORDER BY closed_us LIMIT :limit
);
