-- Every API key has a root: the user who answers for it, or NULL for the operator. Keys made by a key have that key's root, and
-- the successor of a rotation keeps the root of the key that it replaces.
ALTER TABLE api_keys ADD COLUMN root_id INTEGER;
CREATE INDEX api_keys_by_root ON api_keys (org_id, root_id);

-- `parent_id` is the key whose root a key has, `maker_id` the user who made it. Ids are 13 digits of Crockford's base32 after
-- the prefix. Rows without either were made by the command line or a sign-up.
CREATE TABLE key_origins AS
WITH RECURSIVE numbered (key_id, prefix, digits, position, number) AS (
    SELECT id, substr(created_by, 1, 4), substr(created_by, 5), 0, 0 FROM api_keys WHERE created_by <> ''
    UNION ALL
    SELECT key_id, prefix, digits, position + 1,
        number * 32 + (instr('0123456789abcdefghjkmnpqrstvwxyz', substr(digits, position + 1, 1)) - 1)
    FROM numbered WHERE position < 13
),
makers AS (SELECT key_id, prefix, number FROM numbered WHERE position = 13)
SELECT
    k.id AS key_id,
    coalesce(old.id, CASE WHEN m.prefix = 'key_' THEN m.number END) AS parent_id,
    CASE WHEN m.prefix = 'usr_' THEN m.number END AS maker_id,
    m.key_id IS NULL AS by_operator
FROM api_keys AS k
LEFT JOIN api_keys AS old ON old.replaced_by = k.id AND old.org_id = k.org_id
LEFT JOIN makers AS m ON m.key_id = k.id;
CREATE UNIQUE INDEX key_origins_by_key ON key_origins (key_id);
CREATE INDEX key_origins_by_parent ON key_origins (parent_id);

-- From the keys that a user or the operator made down to all that came of them. A chain that does not begin at either has the
-- root 0, which no user has: such a key grants nothing until it is replaced.
UPDATE api_keys SET root_id = 0;
WITH RECURSIVE roots (key_id, root_id) AS (
    SELECT key_id, CASE WHEN by_operator THEN NULL ELSE maker_id END
    FROM key_origins WHERE parent_id IS NULL AND (by_operator OR maker_id IS NOT NULL)
    UNION
    SELECT o.key_id, r.root_id FROM roots AS r INNER JOIN key_origins AS o ON o.parent_id = r.key_id
)
UPDATE api_keys SET root_id = roots.root_id FROM roots WHERE roots.key_id = api_keys.id;
DROP TABLE key_origins;
