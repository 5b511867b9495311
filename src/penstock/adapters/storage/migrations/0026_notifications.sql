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

-- SMS are counted like readings: for the device they concern, its project and its customer.
ALTER TABLE usage_devices ADD COLUMN sms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_device_days ADD COLUMN sms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_projects ADD COLUMN sms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_project_days ADD COLUMN sms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_customers ADD COLUMN sms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_customer_days ADD COLUMN sms INTEGER NOT NULL DEFAULT 0;

-- Chat channels; what lets us write there is sealed.
CREATE TABLE chat_channels (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    sealed BLOB NOT NULL,
    hint TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    last_sent_us INTEGER,
    failures INTEGER NOT NULL,
    last_error TEXT,
    last_error_us INTEGER,
    UNIQUE (org_id, name)
);

-- How many mails went to an address one by one, and those that wait: of one subject and severity in one row.
CREATE TABLE mail_windows (
    org_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    since_us INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    PRIMARY KEY (org_id, address)
) WITHOUT ROWID;

CREATE TABLE held_mails (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    address TEXT NOT NULL,
    severity TEXT NOT NULL,
    severity_rank INTEGER NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    UNIQUE (org_id, address, severity, subject)
);
CREATE INDEX held_mails_by_due ON held_mails (due_us);

-- A person's own, in whichever organisation.
CREATE TABLE quiet_hours (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    time_zone TEXT NOT NULL,
    days TEXT NOT NULL,
    from_minute INTEGER NOT NULL,
    to_minute INTEGER NOT NULL,
    breaks_through TEXT,
    updated_us INTEGER NOT NULL
);
