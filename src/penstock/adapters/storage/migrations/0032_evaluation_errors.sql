-- Failed evaluations of the expressions of alerts, webhook endpoints and rules.
CREATE TABLE evaluation_errors (
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    last_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, kind, subject_id)
) WITHOUT ROWID;
