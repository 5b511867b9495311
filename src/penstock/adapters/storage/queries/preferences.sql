-- name: find_preferences^
-- The preferences of a member.
SELECT content FROM preferences WHERE org_id = :org_id AND user_id = :user_id;

-- name: save_preferences!
-- Add or replace the preferences of a member.
INSERT INTO preferences (org_id, user_id, content, updated_us) VALUES (:org_id, :user_id, :content, :updated_us)
ON CONFLICT (org_id, user_id) DO UPDATE SET content = excluded.content, updated_us = excluded.updated_us;
