-- fragment: audit_head_columns
    org_id, seq, hash, time_us

-- name: find_audit_head^
-- The head of the organisation's chain.
SELECT {{audit_head_columns}} FROM audit_heads WHERE org_id = :org_id;

-- name: set_audit_head!
-- Move the head of the organisation's chain.
INSERT INTO audit_heads ({{audit_head_columns}}) VALUES ({{:audit_head_columns}})
ON CONFLICT (org_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, time_us = excluded.time_us;

-- name: list_audit_heads
-- The heads of all chains.
-- org-scope: published to everyone, as hashes only
SELECT {{audit_head_columns}} FROM audit_heads ORDER BY org_id;

-- name: create_audit_entry!
-- Add an entry.
INSERT INTO audit_entries (
    org_id, seq, time_us, action, actor_kind, actor_id, actor_name, address, target_kind, target_id, target_name, outcome,
    details, prev_hash, hash
) VALUES (
    :org_id, :seq, :time_us, :action, :actor_kind, :actor_id, :actor_name, :address, :target_kind, :target_id, :target_name,
    :outcome, :details, :prev_hash, :hash
);

-- name: list_audit
-- Entries newest first, by any filter.
SELECT * FROM audit_entries
WHERE org_id = :org_id AND seq < :before_seq AND seq > :after_seq
    AND (:action IS NULL OR action = :action)
    AND (:action_prefix IS NULL OR substr(action, 1, length(:action_prefix)) = :action_prefix)
    AND (:actor IS NULL OR actor_name = :actor OR actor_id = :actor)
    AND (:target_kind IS NULL OR target_kind = :target_kind)
    AND (:target IS NULL OR target_name = :target OR target_id = :target)
    AND (:outcome IS NULL OR outcome = :outcome)
    AND (:from_us IS NULL OR time_us >= :from_us)
    AND (:to_us IS NULL OR time_us < :to_us)
ORDER BY seq DESC LIMIT :limit;

-- name: list_audit_by_action
-- Entries of one action newest first, by any further filter.
SELECT * FROM audit_entries INDEXED BY audit_by_action
WHERE org_id = :org_id AND action = :action AND seq < :before_seq AND seq > :after_seq
    AND (:actor IS NULL OR actor_name = :actor OR actor_id = :actor)
    AND (:target_kind IS NULL OR target_kind = :target_kind)
    AND (:target IS NULL OR target_name = :target OR target_id = :target)
    AND (:outcome IS NULL OR outcome = :outcome)
    AND (:from_us IS NULL OR time_us >= :from_us)
    AND (:to_us IS NULL OR time_us < :to_us)
ORDER BY seq DESC LIMIT :limit;

-- name: list_audit_by_target
-- Entries about one target newest first, by any further filter. The signs keep SQLite from reading the whole range of numbers.
SELECT * FROM audit_entries
WHERE org_id = :org_id
    AND seq IN (
        SELECT a.seq FROM audit_entries AS a WHERE a.org_id = :org_id AND a.target_kind = :target_kind AND a.target_name = :target
        UNION
        SELECT b.seq FROM audit_entries AS b WHERE b.org_id = :org_id AND b.target_id = :target
    )
    AND +seq < :before_seq AND +seq > :after_seq
    AND (:target_kind IS NULL OR target_kind = :target_kind)
    AND (:action IS NULL OR action = :action)
    AND (:action_prefix IS NULL OR substr(action, 1, length(:action_prefix)) = :action_prefix)
    AND (:actor IS NULL OR actor_name = :actor OR actor_id = :actor)
    AND (:outcome IS NULL OR outcome = :outcome)
    AND (:from_us IS NULL OR time_us >= :from_us)
    AND (:to_us IS NULL OR time_us < :to_us)
ORDER BY seq DESC LIMIT :limit;

-- name: list_audit_by_actor
-- Entries of one actor, by the name in the log, newest first, by any further filter.
SELECT * FROM audit_entries INDEXED BY audit_by_actor
WHERE org_id = :org_id AND actor_name = :actor AND seq < :before_seq AND seq > :after_seq
    AND (:action_prefix IS NULL OR substr(action, 1, length(:action_prefix)) = :action_prefix)
    AND (:target_kind IS NULL OR target_kind = :target_kind)
    AND (:outcome IS NULL OR outcome = :outcome)
    AND (:from_us IS NULL OR time_us >= :from_us)
    AND (:to_us IS NULL OR time_us < :to_us)
ORDER BY seq DESC LIMIT :limit;

-- name: scan_audit
-- The whole chain of an organisation.
SELECT * FROM audit_entries WHERE org_id = :org_id ORDER BY seq;

-- name: list_organization_ids
-- The ids of all organisations.
SELECT id FROM organizations ORDER BY id;

-- name: find_audit_bounds^
-- Bounds of the sequence numbers in a range of time. The clock may have been set back, so entries outside the range can be included.
SELECT coalesce(min(seq), 1) - 1 AS after_seq, coalesce(max(seq), 0) + 1 AS before_seq FROM audit_entries
WHERE org_id = :org_id AND time_us >= :from_us AND time_us < :to_us;

-- name: page_audit
-- Entries oldest first, by any filter.
SELECT * FROM audit_entries
WHERE org_id = :org_id AND seq > :after_seq
    AND (:action IS NULL OR action = :action)
    AND (:action_prefix IS NULL OR substr(action, 1, length(:action_prefix)) = :action_prefix)
    AND (:actor IS NULL OR actor_name = :actor OR actor_id = :actor)
    AND (:target_kind IS NULL OR target_kind = :target_kind)
    AND (:target IS NULL OR target_name = :target OR target_id = :target)
    AND (:outcome IS NULL OR outcome = :outcome)
    AND (:from_us IS NULL OR time_us >= :from_us)
    AND (:to_us IS NULL OR time_us < :to_us)
ORDER BY seq LIMIT :limit;

-- name: drop_audit_before!
-- Remove the oldest entries, up to the last one before a time; the head is kept.
DELETE FROM audit_entries
WHERE org_id = :org_id AND time_us < :before_us
    AND seq < (SELECT seq FROM audit_heads WHERE org_id = :org_id)
    AND seq <= coalesce(
        (SELECT min(k.seq) - 1 FROM audit_entries AS k WHERE k.org_id = :org_id AND k.time_us >= :before_us),
        (SELECT seq FROM audit_heads WHERE org_id = :org_id)
    );
