-- What rules cause carries the rules that led to it, and alert events outlive the alert and the device they belong to.
ALTER TABLE command_executions ADD COLUMN chain TEXT NOT NULL DEFAULT '[]';
ALTER TABLE webhook_messages ADD COLUMN chain TEXT NOT NULL DEFAULT '';

-- Copied first: dropping the table of events would delete the rows that refer to it.
CREATE TABLE alert_repeats_copy AS
SELECT id, org_id, alert_id, device_id, event_id, severity, value, fired_us FROM alert_repeats;
DROP TABLE alert_repeats;

CREATE TABLE alert_events_new (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    device_name TEXT NOT NULL,
    project_id INTEGER,
    name TEXT NOT NULL,
    severity TEXT NOT NULL,
    value TEXT,
    seq INTEGER,
    time_us INTEGER NOT NULL,
    raised_us INTEGER NOT NULL,
    suppressed INTEGER NOT NULL,
    escalations TEXT NOT NULL,
    acknowledged_us INTEGER,
    acknowledged_by TEXT,
    note TEXT,
    cleared_us INTEGER,
    clear_time_us INTEGER,
    cleared_by TEXT,
    clear_reason TEXT,
    clear_value TEXT,
    clear_seq INTEGER,
    message TEXT NOT NULL DEFAULT '',
    rule_id INTEGER,
    run_id INTEGER,
    act TEXT,
    chain TEXT NOT NULL
);
INSERT INTO alert_events_new (
    id, org_id, alert_id, device_id, device_name, project_id, name, severity, value, seq, time_us, raised_us, suppressed,
    escalations, acknowledged_us, acknowledged_by, note, cleared_us, clear_time_us, cleared_by, clear_reason, clear_value,
    clear_seq, message, rule_id, run_id, act, chain
)
SELECT
    e.id, e.org_id, e.alert_id, e.device_id, coalesce(d.name, ''), d.project_id, e.name, e.severity, e.value, e.seq, e.time_us,
    e.raised_us, e.suppressed, e.escalations, e.acknowledged_us, e.acknowledged_by, e.note, e.cleared_us, e.cleared_us,
    e.cleared_by, e.clear_reason, e.clear_value, e.clear_seq, e.message, e.rule_id, e.run_id, e.act, '[]'
FROM alert_events AS e LEFT JOIN devices AS d ON d.id = e.device_id;
DROP TABLE alert_events;
ALTER TABLE alert_events_new RENAME TO alert_events;
CREATE INDEX alert_events_by_org ON alert_events (org_id, id);
CREATE INDEX alert_events_by_alert ON alert_events (alert_id, org_id, id);
CREATE INDEX alert_events_by_device ON alert_events (device_id, org_id, id);
CREATE INDEX alert_events_open ON alert_events (alert_id) WHERE cleared_us IS NULL;
CREATE INDEX alert_events_by_end ON alert_events (cleared_us) WHERE cleared_us IS NOT NULL;
CREATE UNIQUE INDEX alert_events_by_act ON alert_events (act) WHERE act IS NOT NULL;
CREATE UNIQUE INDEX alert_events_open_of_rule ON alert_events (alert_id, device_id)
WHERE cleared_us IS NULL AND rule_id IS NOT NULL;

CREATE TABLE alert_repeats (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    event_id INTEGER NOT NULL REFERENCES alert_events (id) ON DELETE CASCADE,
    severity TEXT NOT NULL,
    value TEXT,
    fired_us INTEGER NOT NULL
);
INSERT INTO alert_repeats (id, org_id, alert_id, device_id, event_id, severity, value, fired_us)
SELECT id, org_id, alert_id, device_id, event_id, severity, value, fired_us FROM alert_repeats_copy;
DROP TABLE alert_repeats_copy;
CREATE INDEX alert_repeats_by_alert ON alert_repeats (alert_id, org_id, id);
CREATE INDEX alert_repeats_by_device ON alert_repeats (device_id);
CREATE INDEX alert_repeats_by_event ON alert_repeats (event_id);
CREATE INDEX alert_repeats_by_time ON alert_repeats (fired_us);
