-- name: create_alert!
-- Add a definition.
INSERT INTO alerts (
    id, org_id, name, description, severity, enabled, definition, armed_us, revision, created_us, updated_us, rule_id, rule_key
) VALUES (
    :id, :org_id, :name, :description, :severity, :enabled, :definition, :armed_us, :revision, :created_us, :updated_us,
    :rule_id, :rule_key
);

-- fragment: alert_columns
    id, org_id, name, description, severity, enabled, definition, armed_us, revision, last_raised_us, created_us, updated_us

-- name: find_alert^
-- One definition by id.
SELECT {{alert_columns}} FROM alerts WHERE org_id = :org_id AND id = :id;

-- name: find_alert_of_rule^
-- The definition that a rule created for this name.
SELECT {{alert_columns}} FROM alerts WHERE org_id = :org_id AND rule_id = :rule_id AND rule_key = :rule_key;

-- name: list_alerts_of_rule
-- The definitions that a rule created.
SELECT {{alert_columns}} FROM alerts WHERE org_id = :org_id AND rule_id = :rule_id ORDER BY id;

-- name: list_alerts
-- Definitions with a text, by default newest first; by device or project, those that select it.
-- orders: -created_at a.id, name a.name COLLATE NOCASE
SELECT {{alert_columns}} FROM alerts AS a
WHERE a.org_id = :org_id AND {{place}}
    AND (:pattern IS NULL OR a.name LIKE :pattern ESCAPE '\' OR a.description LIKE :pattern ESCAPE '\')
    AND (:severity IS NULL OR a.severity = :severity)
    AND (:enabled IS NULL OR a.enabled = :enabled)
    AND (:text IS NULL OR instr(lower(a.name || ' ' || a.description), lower(:text)) > 0)
    AND (:project_id IS NULL OR json_extract(a.definition, '$.target.project_id') = :project_id)
    AND (
        :device_id IS NULL
        OR EXISTS (SELECT 1 FROM json_each(a.definition, '$.target.devices') AS named WHERE named.value = :device_id)
    )
    AND (
        NOT :active
        OR EXISTS (SELECT 1 FROM alert_events AS e WHERE e.org_id = :org_id AND e.alert_id = a.id AND e.cleared_us IS NULL)
    )
ORDER BY {{order}} LIMIT :limit;

-- name: page_alerts
-- Definitions newest first by offset.
SELECT {{alert_columns}} FROM alerts WHERE org_id = :org_id ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- name: count_alerts^
-- The number of definitions, and of enabled ones.
SELECT count(*) AS total, coalesce(sum(enabled), 0) AS enabled FROM alerts WHERE org_id = :org_id;

-- name: count_watching_alerts^
-- The number of definitions that no rule created.
SELECT count(*) AS total FROM alerts WHERE org_id = :org_id AND rule_id IS NULL;

-- name: update_alert!
-- Update a definition's changeable columns.
UPDATE alerts SET name = :name, description = :description, severity = :severity, enabled = :enabled, definition = :definition,
    armed_us = :armed_us, revision = :revision, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_alert!
-- Remove a definition, and with it its states. Its occurrences are kept until they are old.
DELETE FROM alerts WHERE org_id = :org_id AND id = :id;

-- name: mark_alert_raised!
-- Record when a definition was last raised, if it has not changed.
UPDATE alerts SET last_raised_us = max(coalesce(last_raised_us, 0), :at_us)
WHERE org_id = :org_id AND id = :id AND revision = :revision AND enabled = 1;

-- fragment: alert_state_columns
    org_id, alert_id, device_id, revision, state

-- name: save_alert_state!
-- Save a state, if its definition has not changed and its device exists.
INSERT INTO alert_states ({{alert_state_columns}})
SELECT a.org_id, a.id, d.id, a.revision, :state FROM alerts AS a JOIN devices AS d ON d.org_id = a.org_id
WHERE a.org_id = :org_id AND a.id = :alert_id AND a.revision = :revision AND d.id = :device_id
ON CONFLICT (alert_id, device_id) DO UPDATE SET revision = excluded.revision, state = excluded.state
WHERE alert_states.org_id = :org_id;

-- name: add_alert_change!
-- Record a change for the engine.
INSERT INTO alert_changes (org_id, kind, subject_id, alert_id, device_id)
VALUES (:org_id, :kind, :subject_id, :alert_id, :device_id);

-- name: forget_alert_changes!
-- Remove changes that the engine has loaded.
DELETE FROM alert_changes WHERE org_id = :org_id AND id <= :id;

-- name: find_maintenance^
-- A device's maintenance.
SELECT device_id, until_us, reason, created_by, created_us FROM device_maintenance
WHERE org_id = :org_id AND device_id = :device_id;

-- name: set_maintenance!
-- Start or change a device's maintenance.
INSERT INTO device_maintenance (device_id, org_id, until_us, reason, created_by, created_us)
VALUES (:device_id, :org_id, :until_us, :reason, :created_by, :created_us)
ON CONFLICT (device_id) DO UPDATE SET until_us = excluded.until_us, reason = excluded.reason,
    created_by = excluded.created_by, created_us = excluded.created_us
WHERE device_maintenance.org_id = :org_id;

-- name: end_maintenance!
-- End a device's maintenance. The row is kept: readings from that period may not have been evaluated yet.
UPDATE device_maintenance SET until_us = :at_us
WHERE org_id = :org_id AND device_id = :device_id AND (until_us IS NULL OR until_us > :at_us);

-- name: create_occurrence!
-- Add an occurrence.
INSERT INTO alert_events (
    id, org_id, alert_id, device_id, device_name, project_id, name, severity, value, seq, time_us, raised_us, suppressed,
    escalations, message, rule_id, run_id, act, chain
) VALUES (
    :id, :org_id, :alert_id, :device_id, :device_name, :project_id, :name, :severity, :value, :seq, :time_us, :raised_us,
    :suppressed, :escalations, :message, :rule_id, :run_id, :act, :chain
);

-- fragment: occurrence_columns
    id, org_id, alert_id, device_id, name, severity, value, seq, time_us, raised_us, suppressed, escalations,
    acknowledged_us, acknowledged_by, note, cleared_us, cleared_by, clear_reason, clear_value, clear_seq, message, rule_id, run_id,
    act, device_name, project_id, clear_time_us, chain

-- name: find_occurrence^
-- One occurrence by id.
SELECT {{occurrence_columns}} FROM alert_events WHERE org_id = :org_id AND id = :id;

-- name: list_occurrences
-- Occurrences newest first, older than a given one.
SELECT {{e.occurrence_columns}} FROM alert_events AS e
WHERE e.org_id = :org_id AND e.id < :before_id
    AND (:alert_id IS NULL OR e.alert_id = :alert_id)
    AND (:device_id IS NULL OR e.device_id = :device_id)
    AND (:severity IS NULL OR e.severity = :severity)
    AND (:from_us IS NULL OR e.time_us >= :from_us)
    AND (:to_us IS NULL OR e.time_us < :to_us)
    AND (
        :state IS NULL
        OR (:state = 'raised' AND e.cleared_us IS NULL AND e.acknowledged_us IS NULL)
        OR (:state = 'acknowledged' AND e.cleared_us IS NULL AND e.acknowledged_us IS NOT NULL)
        OR (:state = 'open' AND e.cleared_us IS NULL)
        OR (:state = 'cleared' AND e.cleared_us IS NOT NULL)
    )
    AND (
        :project_id IS NULL
        OR :project_id = coalesce(
            (SELECT d.project_id FROM devices AS d WHERE d.org_id = :org_id AND d.id = e.device_id), e.project_id
        )
    )
ORDER BY e.id DESC LIMIT :limit;

-- name: open_occurrences
-- Occurrences of a definition that are not cleared.
SELECT {{occurrence_columns}}
FROM alert_events WHERE org_id = :org_id AND alert_id = :alert_id AND cleared_us IS NULL ORDER BY id;

-- name: open_occurrences_of_device
-- Occurrences of a device that are not cleared.
SELECT {{occurrence_columns}}
FROM alert_events WHERE org_id = :org_id AND device_id = :device_id AND cleared_us IS NULL ORDER BY id;

-- name: open_occurrence_for^
-- The occurrence of a definition and device that is not cleared.
SELECT {{occurrence_columns}}
FROM alert_events WHERE org_id = :org_id AND alert_id = :alert_id AND device_id = :device_id AND cleared_us IS NULL;

-- name: find_occurrence_by_act^
-- The occurrence that an act of a rule raised.
SELECT {{occurrence_columns}} FROM alert_events WHERE org_id = :org_id AND act = :act;

-- name: suppress_occurrence!
-- Record that an occurrence would have been raised again.
UPDATE alert_events SET suppressed = suppressed + 1 WHERE org_id = :org_id AND id = :id;

-- name: acknowledge_occurrence!
-- Record who acknowledged an occurrence.
UPDATE alert_events SET acknowledged_us = :at_us, acknowledged_by = :by, note = :note
WHERE org_id = :org_id AND id = :id AND acknowledged_us IS NULL;

-- name: clear_occurrence!
-- Clear an occurrence that is not cleared.
UPDATE alert_events SET cleared_us = :at_us, clear_time_us = :time_us, cleared_by = :by, clear_reason = :reason, clear_value = :value, clear_seq = :seq
WHERE org_id = :org_id AND id = :id AND cleared_us IS NULL;

-- name: escalate_occurrence!
-- Record an escalation step of an unacknowledged occurrence.
UPDATE alert_events SET escalations = json_insert(escalations, '$[#]', :at_us)
WHERE org_id = :org_id AND id = :id AND acknowledged_us IS NULL AND cleared_us IS NULL;

-- name: add_repeat!
-- Record that a raised alert fired again.
INSERT INTO alert_repeats (id, org_id, alert_id, device_id, event_id, severity, value, fired_us)
VALUES (:id, :org_id, :alert_id, :device_id, :event_id, :severity, :value, :fired_us);

-- name: list_firings
-- The latest firings of a definition, newest first, with the time of a later acknowledgement.
SELECT id, alert_id, device_id, id AS event_id, severity, value, raised_us AS fired_us, acknowledged_us
FROM alert_events WHERE org_id = :org_id AND alert_id = :alert_id
UNION ALL
SELECT r.id, r.alert_id, r.device_id, r.event_id, r.severity, r.value, r.fired_us,
    CASE WHEN e.acknowledged_us >= r.fired_us THEN e.acknowledged_us END
FROM alert_repeats AS r JOIN alert_events AS e ON e.id = r.event_id AND e.org_id = :org_id
WHERE r.org_id = :org_id AND r.alert_id = :alert_id
ORDER BY 1 DESC LIMIT :limit;

-- name: last_repeats
-- When some definitions last fired again.
SELECT alert_id, max(fired_us) AS fired_us FROM alert_repeats
WHERE org_id = :org_id AND alert_id IN (SELECT value FROM json_each(:ids)) GROUP BY alert_id;

-- name: add_alert_job!
-- Queue an action.
INSERT INTO alert_jobs (id, org_id, job, due_us, attempts) VALUES (:id, :org_id, :job, :due_us, 0);

-- name: remove_alert_job!
-- Remove an action that is done or no longer needed.
DELETE FROM alert_jobs WHERE org_id = :org_id AND id = :id;

-- name: postpone_alert_job!
-- Schedule a failed action again.
UPDATE alert_jobs SET due_us = :due_us, attempts = attempts + 1 WHERE org_id = :org_id AND id = :id;

-- name: delay_alert_job!
-- Delay an action that was not attempted.
UPDATE alert_jobs SET due_us = :due_us WHERE org_id = :org_id AND id = :id;

-- name: enabled_alerts_of_all
-- Every enabled definition with a condition; those of rules have none.
-- org-scope: the alert engine serves every organisation
SELECT {{alert_columns}} FROM alerts WHERE enabled = 1 AND rule_id IS NULL ORDER BY id;

-- name: alert_states_of_all
-- Every state of an enabled definition's current revision.
-- org-scope: the alert engine serves every organisation
SELECT {{s.alert_state_columns}}
FROM alert_states AS s JOIN alerts AS a ON a.id = s.alert_id AND a.revision = s.revision WHERE a.enabled = 1;

-- fragment: watched_device_columns
    d.id, d.org_id, d.project_id, d.name, d.type, d.labels, d.status, d.expected_interval_us, d.created_us,
    m.created_us AS muted_from_us, m.until_us

-- name: watched_devices_of_all
-- Devices by id: [<id>, …].
-- org-scope: the alert engine serves every organisation
SELECT {{watched_device_columns}}
FROM json_each(:ids) AS wanted JOIN devices AS d ON d.id = wanted.value LEFT JOIN device_maintenance AS m ON m.device_id = d.id;

-- name: watched_devices_of_organizations_of_all
-- All devices of some organisations: [<id>, …].
-- org-scope: the alert engine serves every organisation
SELECT {{watched_device_columns}}
FROM json_each(:ids) AS wanted JOIN devices AS d ON d.org_id = wanted.value
LEFT JOIN device_maintenance AS m ON m.device_id = d.id;

-- name: alert_changes_of_all
-- Changes for the engine, oldest first.
-- org-scope: the alert engine serves every organisation
SELECT id, org_id, kind, subject_id, alert_id, device_id FROM alert_changes ORDER BY id LIMIT :limit;

-- name: connectivity_after_of_all
-- Changes of connectivity after a given one, oldest first.
-- org-scope: the alert engine serves every organisation
SELECT id, device_id, state, at_us FROM device_connectivity WHERE id > :id ORDER BY id LIMIT :limit;

-- name: last_connectivity_of_all^
-- The latest change of connectivity.
-- org-scope: the alert engine serves every organisation
SELECT coalesce(max(id), 0) AS id FROM device_connectivity;

-- name: due_alert_jobs_of_all
-- Due actions, oldest first.
-- org-scope: the worker that executes them serves every organisation
SELECT id, job, due_us, attempts FROM alert_jobs WHERE {{is_due}} ORDER BY due_us, id LIMIT :limit;

-- name: drop_cleared_occurrences_of_all!
-- Remove occurrences that were cleared before a time, oldest first.
-- org-scope: the worker that removes them serves every organisation
DELETE FROM alert_events WHERE id IN (
    SELECT id FROM alert_events WHERE cleared_us < :before_us ORDER BY cleared_us LIMIT :limit
);

-- name: drop_repeats_of_all!
-- Remove repeated firings from before a time, oldest first.
-- org-scope: the worker that removes them serves every organisation
DELETE FROM alert_repeats WHERE id IN (SELECT id FROM alert_repeats WHERE fired_us < :before_us ORDER BY fired_us LIMIT :limit);

-- name: list_open_occurrences
-- Occurrences that are not cleared, newest first, older than a given one.
SELECT {{e.occurrence_columns}} FROM alert_events AS e
WHERE e.org_id = :org_id AND e.cleared_us IS NULL AND e.id < :before_id
    AND (:alert_id IS NULL OR e.alert_id = :alert_id)
    AND (:device_id IS NULL OR e.device_id = :device_id)
    AND (:severity IS NULL OR e.severity = :severity)
    AND (:from_us IS NULL OR e.time_us >= :from_us)
    AND (:to_us IS NULL OR e.time_us < :to_us)
    AND (:acknowledged IS NULL OR (e.acknowledged_us IS NOT NULL) = :acknowledged)
    AND (
        :project_id IS NULL
        OR :project_id = coalesce(
            (SELECT d.project_id FROM devices AS d WHERE d.org_id = :org_id AND d.id = e.device_id), e.project_id
        )
    )
ORDER BY e.id DESC LIMIT :limit;

-- name: count_open_occurrences
-- The numbers of occurrences that are not cleared, by severity and whether they are acknowledged.
SELECT severity, acknowledged_us IS NOT NULL AS acknowledged, count(*) AS total
FROM alert_events INDEXED BY alert_events_open_by_org
WHERE org_id = :org_id AND cleared_us IS NULL GROUP BY 1, 2;

-- fragment: snooze_columns
    alert_id, device_id, until_us, note, created_by, created_us

-- name: set_snooze!
-- Start or change a snooze.
INSERT INTO alert_snoozes (org_id, {{snooze_columns}}) VALUES (:org_id, {{:snooze_columns}})
ON CONFLICT (alert_id, device_id) DO UPDATE SET until_us = excluded.until_us, note = excluded.note,
    created_by = excluded.created_by, created_us = excluded.created_us
WHERE alert_snoozes.org_id = :org_id;

-- name: find_snooze^
-- The snooze of an alert on one device, or on every device.
SELECT {{snooze_columns}} FROM alert_snoozes WHERE org_id = :org_id AND alert_id = :alert_id AND device_id = :device_id;

-- name: covering_snooze^
-- A snooze of an alert that concerns a device.
SELECT {{snooze_columns}} FROM alert_snoozes
WHERE org_id = :org_id AND alert_id = :alert_id AND device_id IN (0, :device_id) LIMIT 1;

-- name: snoozes_of_alerts
-- All snoozes of some alerts: [<id>, …].
SELECT {{s.snooze_columns}} FROM json_each(:ids) AS wanted CROSS JOIN alert_snoozes AS s ON s.alert_id = wanted.value
WHERE s.org_id = :org_id;

-- name: end_snooze!
-- Remove a snooze.
DELETE FROM alert_snoozes WHERE org_id = :org_id AND alert_id = :alert_id AND device_id = :device_id;

-- name: due_snoozes_of_all
-- Snoozes that have ended, oldest first.
-- org-scope: the worker that ends them serves every organisation
SELECT org_id, {{snooze_columns}} FROM alert_snoozes WHERE until_us <= :now_us ORDER BY until_us LIMIT :limit;
