-- Alerts that rules raise: a definition for each rule and name, and on each occurrence the act that raised it.
ALTER TABLE alerts ADD COLUMN rule_id INTEGER;
ALTER TABLE alerts ADD COLUMN rule_key TEXT;
CREATE UNIQUE INDEX alerts_of_rules ON alerts (rule_id, rule_key) WHERE rule_id IS NOT NULL;
ALTER TABLE alert_events ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE alert_events ADD COLUMN rule_id INTEGER;
ALTER TABLE alert_events ADD COLUMN run_id INTEGER;
ALTER TABLE alert_events ADD COLUMN act TEXT;
CREATE UNIQUE INDEX alert_events_by_act ON alert_events (act) WHERE act IS NOT NULL;
CREATE UNIQUE INDEX alert_events_open_of_rule ON alert_events (alert_id, device_id)
    WHERE cleared_us IS NULL AND rule_id IS NOT NULL;
