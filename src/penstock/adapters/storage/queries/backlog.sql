-- name: outbox_backlog_of_all^
-- Events that no follower has handled yet.
-- org-scope: only how many, for the operator
SELECT count(*) AS queued, NULL AS due_us FROM (SELECT 1 FROM outbox LIMIT :limit);

-- name: mail_backlog_of_all^
-- Mail that is due, and since when.
-- org-scope: only how many, for the operator
SELECT count(*) AS queued, min(due_us) AS due_us
FROM (SELECT due_us FROM mail_queue WHERE due_us <= :now_us ORDER BY due_us LIMIT :limit);

-- name: notifications_backlog_of_all^
-- Delayed mails that are due, and since when.
-- org-scope: only how many, for the operator
SELECT count(*) AS queued, min(due_us) AS due_us
FROM (SELECT due_us FROM held_mails WHERE due_us <= :now_us ORDER BY due_us LIMIT :limit);

-- name: alert_actions_backlog_of_all^
-- Actions of alerts that are due, and since when.
-- org-scope: only how many, for the operator
SELECT count(*) AS queued, min(due_us) AS due_us
FROM (SELECT due_us FROM alert_jobs WHERE due_us <= :now_us ORDER BY due_us LIMIT :limit);

-- name: rule_runs_backlog_of_all^
-- Runs of rules with pending actions.
-- org-scope: only how many, for the operator
SELECT count(*) AS queued, NULL AS due_us FROM (SELECT 1 FROM rule_runs WHERE finished_us IS NULL ORDER BY id LIMIT :limit);

-- name: command_sweeper_backlog_of_all^
-- Commands whose deadline has passed, and since when.
-- org-scope: only how many, for the operator
SELECT count(*) AS queued, min(deadline_us) AS due_us FROM (
    SELECT deadline_us FROM command_executions
    WHERE deadline_us <= :now_us AND leaving = 0 ORDER BY deadline_us LIMIT :limit
);
