-- name: create_profile!
-- Add a device profile.
INSERT INTO profiles (
    id, org_id, project_id, name, device_type, model, description, expected_interval_us, sensors, codec_id, created_us, updated_us,
    registers
) VALUES (
    :id, :org_id, :project_id, :name, :device_type, :model, :description, :expected_interval_us, :sensors, :codec_id,
    :created_us, :updated_us, :registers
);

-- fragment: profile_columns
    id, project_id, name, device_type, model, description, expected_interval_us, sensors, codec_id, created_us, updated_us,
    registers

-- name: find_profile^
-- One device profile.
SELECT {{profile_columns}} FROM profiles WHERE org_id = :org_id AND id = :id;

-- name: list_profiles
-- Device profiles by filter, by default newest first.
-- orders: -created_at id, name name COLLATE NOCASE
SELECT {{profile_columns}} FROM profiles
WHERE org_id = :org_id AND {{place}}
    AND (:project_id IS NULL OR project_id = :project_id)
    AND (:device_type IS NULL OR device_type = :device_type)
    AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR model LIKE :pattern ESCAPE '\'
        OR description LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: count_profiles^
-- The number of device profiles.
SELECT count(*) AS total FROM profiles WHERE org_id = :org_id;

-- name: count_devices_of_profile^
-- The number of devices with a profile.
SELECT count(*) AS total FROM devices WHERE org_id = :org_id AND profile_id = :profile_id;

-- name: update_profile!
-- Update a device profile's changeable columns.
UPDATE profiles SET
    name = :name, device_type = :device_type, model = :model, description = :description,
    expected_interval_us = :expected_interval_us, sensors = :sensors, codec_id = :codec_id, updated_us = :updated_us,
    registers = :registers
WHERE org_id = :org_id AND id = :id;

-- name: delete_profile!
-- Remove a device profile with its codec versions.
DELETE FROM profiles WHERE org_id = :org_id AND id = :id;

-- name: create_codec_version!
-- Add a version of a profile's codec.
INSERT INTO codec_versions (
    id, org_id, profile_id, number, script, functions, note, author, restored_from, created_us
) VALUES (
    :id, :org_id, :profile_id, :number, :script, :functions, :note, :author, :restored_from, :created_us
);

-- name: find_codec_version^
-- One version of a codec with its script.
SELECT id, profile_id, number, script, functions, note, author, restored_from, created_us
FROM codec_versions WHERE org_id = :org_id AND id = :id;

-- name: list_codec_versions
-- Versions of a profile's codec without their scripts, newest first, below a number.
SELECT id, profile_id, number, '' AS script, functions, note, author, restored_from, created_us
FROM codec_versions WHERE org_id = :org_id AND profile_id = :profile_id AND number < :below_number
ORDER BY number DESC LIMIT :limit;

-- name: find_last_codec_version^
-- The number of the newest version of a profile's codec.
SELECT coalesce(max(number), 0) AS number FROM codec_versions WHERE org_id = :org_id AND profile_id = :profile_id;

-- name: find_codec_of_device^
-- The codec version that a device uses through its profile.
SELECT d.settings, d.profile_id, v.id AS codec_id, v.number
FROM devices AS d
JOIN profiles AS p ON p.org_id = :org_id AND p.id = d.profile_id
JOIN codec_versions AS v ON v.org_id = :org_id AND v.id = p.codec_id
WHERE d.org_id = :org_id AND d.id = :device_id;
