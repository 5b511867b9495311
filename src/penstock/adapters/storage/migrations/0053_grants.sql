-- Whether a key can access only tokens that are granted to it or to its root: since the first grant to it, and for ever.
ALTER TABLE api_keys ADD COLUMN granted_only INTEGER NOT NULL DEFAULT 0;

-- The grant of codes that a grant of the seed adds to for a while: it ends with it.
ALTER TABLE token_grants ADD COLUMN elevates INTEGER;

-- Grants to a subject in their order.
CREATE INDEX token_grants_of_subject ON token_grants (org_id, subject_kind, subject_id, id);

-- Grants by their end, for the worker that removes them.
CREATE INDEX token_grants_by_end ON token_grants (expires_us) WHERE expires_us IS NOT NULL;

-- Requests to read the seed of a token, or to end its rule that a second person must approve. `person` identifies who answers for
-- the requester, because no one can approve their own: the id of a user, or 0 for the operator. `decided_person` is the same of who
-- decided, because an approval ends with the right to give it.
CREATE TABLE seed_requests (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    token_id INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    requested_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    until_us INTEGER NOT NULL,
    decided_by TEXT NOT NULL,
    decided_person INTEGER,
    decided_us INTEGER,
    used_us INTEGER
);
CREATE INDEX seed_requests_by_org ON seed_requests (org_id, id);
CREATE INDEX seed_requests_by_token ON seed_requests (org_id, token_id, id);
CREATE INDEX seed_requests_by_person ON seed_requests (org_id, person) WHERE state IN ('open', 'approved');
CREATE INDEX seed_requests_by_decider ON seed_requests (org_id, decided_person) WHERE state = 'approved';
CREATE INDEX seed_requests_by_end ON seed_requests (until_us) WHERE state IN ('open', 'approved');
