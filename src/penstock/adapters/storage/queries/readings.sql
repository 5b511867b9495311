-- fragment: stored_reading_columns
    seq, org_id, device_id, time_us, delay_us, flags, kind, channel, dedupe, payload

-- name: insert_reading!
-- Append a reading. The log repeats the row of values for as many readings as one statement holds.
INSERT INTO readings ({{stored_reading_columns}})
VALUES ({{:stored_reading_columns}});

-- name: insert_quarantined!
-- Add a quarantined reading, whose event time is in the future.
INSERT INTO quarantined ({{stored_reading_columns}})
VALUES ({{:stored_reading_columns}});

-- name: segment_facts^
-- The stored facts of a segment.
SELECT day, base_seq, indexed_seq, last_seq, min_time_us, max_time_us FROM segment;

-- fragment: times_of_segment
    SELECT min_time_us AS time_us FROM segment
    UNION ALL SELECT max_time_us FROM segment
    UNION ALL SELECT time_us FROM readings
    WHERE seq > (SELECT CASE WHEN min_time_us IS NULL THEN base_seq ELSE indexed_seq END FROM segment)

-- name: measure_segment^
-- The same facts of a segment that grows, whatever was purged from it: from the stored bounds and from the tail, which is all that
-- a start looks at. Before there are bounds, every reading counts as tail.
-- org-scope: facts about the file, not about readings of an organisation
SELECT
    max((SELECT max(base_seq, indexed_seq) FROM segment), coalesce((SELECT max(seq) FROM readings), 0),
        coalesce((SELECT max(seq) FROM quarantined), 0)) AS last_seq,
    min(time_us) AS min_time_us, max(time_us) AS max_time_us
FROM ({{times_of_segment}});

-- name: seal_segment!
-- Store the facts of a segment that no longer grows.
UPDATE segment SET last_seq = :last_seq, min_time_us = :min_time_us, max_time_us = :max_time_us;

-- name: index_readings!
-- Bring the index by device up to date.
-- org-scope: an index entry is copied from its reading, and read only together with it
INSERT INTO readings_by_device (device_id, time_us, seq)
SELECT device_id, time_us, seq FROM readings WHERE seq > (SELECT indexed_seq FROM segment)
ORDER BY device_id, time_us, seq;

-- name: index_dedupe!
-- Bring the index by dedupe key up to date.
-- org-scope: an index entry is copied from its reading, and read only together with it
INSERT OR IGNORE INTO readings_by_dedupe (device_id, dedupe, seq)
SELECT device_id, dedupe, seq FROM readings WHERE seq > (SELECT indexed_seq FROM segment) AND dedupe IS NOT NULL
UNION ALL
SELECT device_id, dedupe, seq FROM quarantined WHERE seq > (SELECT indexed_seq FROM segment) AND dedupe IS NOT NULL
ORDER BY 1, 2;

-- name: mark_indexed!
-- Record up to which number readings are indexed, and the bounds of the event times so far.
-- org-scope: facts about the file, not about readings of an organisation
UPDATE segment SET (indexed_seq, min_time_us, max_time_us) = (
    SELECT :seq, min(time_us), max(time_us) FROM ({{times_of_segment}})
);

-- name: find_duplicates
-- The readings delivered before under dedupe keys. The row of values is repeated for each; as a list behind IN, every entry
-- of the index would be compared with all of them.
WITH wanted_keys (device, key) AS (
    VALUES (:device_id, :dedupe)
)
SELECT device_id, dedupe, seq FROM wanted_keys CROSS JOIN readings_by_dedupe ON device_id = device AND dedupe = key;

-- fragment: reading_columns
    seq, org_id, device_id, time_us, delay_us, flags, kind, channel, payload

-- name: read_log
-- Readings of all organisations in arrival order.
-- org-scope: consumers of the log serve every organisation
SELECT {{reading_columns}} FROM readings
WHERE seq > :seq ORDER BY seq LIMIT :limit;

-- name: read_log_of_organization
-- One organisation's readings in arrival order.
SELECT {{reading_columns}} FROM readings
WHERE org_id = :org_id AND seq > :seq ORDER BY seq LIMIT :limit;

-- name: read_log_of_range
-- One organisation's readings of a range of event times in arrival order.
SELECT {{reading_columns}} FROM readings
WHERE org_id = :org_id AND seq > :seq AND time_us >= :from_us AND time_us < :to_us ORDER BY seq LIMIT :limit;

-- name: history_descending
-- Readings of a device, latest event time first: from the index, and from the unindexed tail.
SELECT * FROM (
    SELECT {{r.reading_columns}}
    FROM readings_by_device AS i JOIN readings AS r ON r.seq = i.seq
    WHERE r.org_id = :org_id AND i.device_id = :device_id AND i.time_us >= :from_us
        AND (i.time_us, i.seq) < (:after_us, :after_seq)
    ORDER BY i.time_us DESC, i.seq DESC LIMIT :limit
)
UNION ALL
SELECT {{r.reading_columns}} FROM readings AS r
WHERE r.org_id = :org_id AND r.seq > (SELECT indexed_seq FROM segment) AND r.device_id = :device_id
    AND r.time_us >= :from_us AND (r.time_us, r.seq) < (:after_us, :after_seq)
ORDER BY 4 DESC, 1 DESC LIMIT :limit;

-- name: history_ascending
-- Readings of a device, earliest event time first.
SELECT * FROM (
    SELECT {{r.reading_columns}}
    FROM readings_by_device AS i JOIN readings AS r ON r.seq = i.seq
    WHERE r.org_id = :org_id AND i.device_id = :device_id AND i.time_us < :to_us
        AND (i.time_us, i.seq) > (:after_us, :after_seq)
    ORDER BY i.time_us, i.seq LIMIT :limit
)
UNION ALL
SELECT {{r.reading_columns}} FROM readings AS r
WHERE r.org_id = :org_id AND r.seq > (SELECT indexed_seq FROM segment) AND r.device_id = :device_id
    AND r.time_us < :to_us AND (r.time_us, r.seq) > (:after_us, :after_seq)
ORDER BY 4, 1 LIMIT :limit;

-- name: scan_indexed
-- Event times and payloads of a device, earliest first, from the index.
SELECT i.time_us, r.payload FROM readings_by_device AS i JOIN readings AS r ON r.seq = i.seq
WHERE r.org_id = :org_id AND i.device_id = :device_id AND i.time_us >= :from_us AND i.time_us < :to_us
ORDER BY i.time_us, i.seq;

-- name: scan_tail
-- The same for readings that are not indexed yet.
SELECT time_us, payload FROM readings
WHERE org_id = :org_id AND seq > (SELECT indexed_seq FROM segment) AND device_id = :device_id
    AND time_us >= :from_us AND time_us < :to_us
ORDER BY time_us, seq;

-- name: count_of_devices
-- How many readings devices have, as far as they are indexed. Those of other organisations are counted too, but not read.
SELECT w.value AS device_id, (
    SELECT count(*) FROM readings_by_device AS i
    WHERE i.device_id = w.value AND i.time_us >= :from_us AND i.time_us < :to_us
) AS readings
FROM json_each(:device_ids) AS w;

-- name: index_of_device
-- Where the indexed readings of a device are, by time.
SELECT time_us, seq FROM readings_by_device
WHERE device_id = :device_id AND time_us >= :from_us AND time_us < :to_us
ORDER BY time_us, seq;

-- name: scan_joined
-- Devices with the number, the event times and the payloads of their readings, joined by SQLite: a month of hourly readings takes
-- a third of the time of rows. A subquery for each device, because GROUP BY would sort the payloads.
SELECT w.value AS device_id, (
    SELECT
        CAST(count(*) || char(10) || group_concat(i.time_us) || char(10) || group_concat(CAST(r.payload AS TEXT)) AS BLOB)
    FROM readings_by_device AS i
    CROSS JOIN readings AS r ON r.seq = i.seq
    WHERE r.org_id = :org_id AND i.device_id = w.value AND i.time_us >= :from_us AND i.time_us < :to_us
) AS joined
FROM json_each(:device_ids) AS w;

-- name: scan_joined_part
-- The same of a part of one device: the readings from one place in its index to another.
SELECT :device_id AS device_id,
    CAST(count(*) || char(10) || group_concat(i.time_us) || char(10) || group_concat(CAST(r.payload AS TEXT)) AS BLOB) AS joined
FROM readings_by_device AS i
CROSS JOIN readings AS r ON r.seq = i.seq
WHERE r.org_id = :org_id AND i.device_id = :device_id
    AND (i.time_us, i.seq) >= (:from_us, :from_seq) AND (i.time_us, i.seq) < (:to_us, :to_seq);

-- name: find_reporting
-- Those of some devices that have an indexed reading in a range.
SELECT w.value AS device_id FROM json_each(:device_ids) AS w
WHERE EXISTS (
    SELECT 1 FROM readings_by_device AS i CROSS JOIN readings AS r ON r.seq = i.seq
    WHERE i.device_id = w.value AND i.time_us >= :from_us AND i.time_us < :to_us AND r.org_id = :org_id
);

-- name: find_reporting_tail
-- The same for readings that are not indexed yet.
SELECT device_id FROM readings
WHERE org_id = :org_id AND seq > (SELECT indexed_seq FROM segment)
    AND device_id IN (SELECT value FROM json_each(:device_ids)) AND time_us >= :from_us AND time_us < :to_us;

-- name: scan_many_tail
-- The same for readings that are not indexed yet.
SELECT device_id, time_us, payload FROM readings
WHERE org_id = :org_id AND seq > (SELECT indexed_seq FROM segment)
    AND device_id IN (SELECT value FROM json_each(:device_ids)) AND time_us >= :from_us AND time_us < :to_us;

-- name: latest_by_event^
-- A device's reading with the latest event time.
SELECT * FROM (
    SELECT {{r.reading_columns}}
    FROM readings_by_device AS i JOIN readings AS r ON r.seq = i.seq
    WHERE r.org_id = :org_id AND i.device_id = :device_id
    ORDER BY i.time_us DESC, i.seq DESC LIMIT 1
)
UNION ALL
SELECT {{r.reading_columns}} FROM readings AS r
WHERE r.org_id = :org_id AND r.seq > (SELECT indexed_seq FROM segment) AND r.device_id = :device_id
ORDER BY 4 DESC, 1 DESC LIMIT 1;

-- name: latest_by_arrival^
-- A device's reading that arrived last.
SELECT {{reading_columns}} FROM readings
WHERE org_id = :org_id AND seq = max(
    coalesce((SELECT max(seq) FROM readings_by_device WHERE device_id = :device_id), 0),
    coalesce((SELECT max(r.seq) FROM readings AS r
              WHERE r.org_id = :org_id AND r.device_id = :device_id
                  AND r.seq > (SELECT indexed_seq FROM segment)), 0));

-- name: list_quarantined
-- Quarantined readings in arrival order, of one device or of all.
SELECT {{reading_columns}} FROM quarantined
WHERE org_id = :org_id AND seq > :seq AND (:device_id IS NULL OR device_id = :device_id)
ORDER BY seq LIMIT :limit;

-- name: scan_uplinks_indexed
-- Uplinks of network servers (source 4, and not of another kind) of many devices, up to a sequence number, from the index.
SELECT r.seq, r.payload
FROM json_each(:device_ids) AS w
CROSS JOIN readings_by_device AS i ON i.device_id = w.value
CROSS JOIN readings AS r ON r.seq = i.seq
WHERE r.org_id = :org_id AND i.time_us >= :from_us AND i.time_us < :to_us AND r.seq <= :until_seq
    AND r.flags & 15 = 4 AND r.kind IS NULL;

-- name: scan_uplinks_tail
-- The same for readings that are not indexed yet.
SELECT seq, payload FROM readings
WHERE org_id = :org_id AND seq > (SELECT indexed_seq FROM segment) AND seq <= :until_seq
    AND device_id IN (SELECT value FROM json_each(:device_ids)) AND time_us >= :from_us AND time_us < :to_us
    AND flags & 15 = 4 AND kind IS NULL;

-- name: find_readings
-- Readings by their sequence numbers. CROSS JOIN keeps this order of loops.
SELECT {{r.reading_columns}} FROM json_each(:seqs) AS w CROSS JOIN readings AS r ON r.seq = w.value
WHERE r.org_id = :org_id;

-- name: replace_payload!
-- Replace the payload, the event time and the key of a reading, and the checksum in its flags.
UPDATE readings SET
    payload = :payload, flags = :flags, time_us = :time_us, delay_us = :delay_us, dedupe = coalesce(:dedupe, dedupe)
WHERE org_id = :org_id AND seq = :seq;

-- name: move_in_index!
-- Move a reading to another time in the index by device, if it is there yet.
UPDATE readings_by_device SET time_us = :time_us WHERE device_id = :device_id AND time_us = :earlier_us AND seq = :seq;

-- name: forget_dedupe!
-- Remove the key of a reading from the index, if it is there yet.
DELETE FROM readings_by_dedupe
WHERE device_id = :device_id AND seq = :seq AND dedupe = (SELECT dedupe FROM readings WHERE org_id = :org_id AND seq = :seq);

-- name: add_dedupe!
-- Add the key of a reading to the index, unless another reading has it.
INSERT OR IGNORE INTO readings_by_dedupe (device_id, dedupe, seq) VALUES (:device_id, :dedupe, :seq);

-- name: widen_segment!
-- Extend the bounds of the event times, if there are any yet.
UPDATE segment SET min_time_us = min(min_time_us, :time_us), max_time_us = max(max_time_us, :time_us);

-- fragment: purgeable_columns
    seq, device_id, time_us, dedupe

-- name: find_purgeable_of_device
-- Some of a device's readings, to be removed.
SELECT {{r.purgeable_columns}} FROM readings_by_device AS i JOIN readings AS r ON r.seq = i.seq
WHERE r.org_id = :org_id AND i.device_id = :device_id
UNION ALL
SELECT {{r.purgeable_columns}} FROM readings AS r
WHERE r.org_id = :org_id AND r.device_id = :device_id AND r.seq > (SELECT indexed_seq FROM segment)
LIMIT :limit;

-- name: find_purgeable_of_organization
-- Some of an organisation's readings, to be removed, after one: those of other organisations are passed over once, not each time.
SELECT {{purgeable_columns}} FROM readings WHERE org_id = :org_id AND seq > :after_seq ORDER BY seq LIMIT :limit;

-- name: purge_reading!
-- Remove one reading.
DELETE FROM readings WHERE org_id = :org_id AND seq = :seq;

-- name: purge_index_entry!
-- Remove a reading's entry in the index by device.
DELETE FROM readings_by_device WHERE device_id = :device_id AND time_us = :time_us AND seq = :seq;

-- name: purge_dedupe_entry!
-- Remove a reading's entry in the index by dedupe key.
DELETE FROM readings_by_dedupe WHERE device_id = :device_id AND dedupe = :dedupe;

-- name: purge_quarantined!
-- Remove quarantined readings, of one device or of all.
DELETE FROM quarantined WHERE org_id = :org_id AND (:device_id IS NULL OR device_id = :device_id);

-- name: has_readings^
-- Whether a segment holds any reading.
-- org-scope: only whether the file can be removed
SELECT EXISTS (SELECT 1 FROM readings) OR EXISTS (SELECT 1 FROM quarantined) AS found;

-- name: read_all
-- Every reading of a segment.
-- org-scope: its checksums are compared, and nothing of it is shown
SELECT {{reading_columns}} FROM readings ORDER BY seq;

-- name: read_all_quarantined
-- Every quarantined reading of a segment.
-- org-scope: its checksums are compared, and nothing of it is shown
SELECT {{reading_columns}} FROM quarantined ORDER BY seq;

-- name: count_unmatched^
-- Readings that the index by device lacks, and entries in it without their reading.
-- org-scope: a number about the file, not about readings of an organisation
SELECT abs((SELECT count(*) FROM readings WHERE seq <= (SELECT indexed_seq FROM segment)) - matched) + (entries - matched)
FROM (
    SELECT count(*) AS entries, count(r.seq) AS matched
    FROM readings_by_device AS i LEFT JOIN readings AS r
        ON r.seq = i.seq AND r.device_id = i.device_id AND r.time_us = i.time_us
);
