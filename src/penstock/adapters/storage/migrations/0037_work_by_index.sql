-- Work that reads a few rows must not look at all of them (tests/house/test_sql_plans.py).
CREATE INDEX sessions_by_expiry ON sessions (expires_us);
CREATE INDEX sessions_by_revocation ON sessions (revoked_us) WHERE revoked_us IS NOT NULL;
CREATE INDEX mail_windows_by_start ON mail_windows (since_us);
-- The downlinks of a device whose frame counter is unknown, oldest first.
CREATE INDEX command_downlinks_by_broker ON command_downlinks (device_id, execution_id) WHERE broker_id IS NOT NULL;
-- Each organisation removes its own answers: by age alone it would also pass over those that others have left.
DROP INDEX idempotency_by_age;
CREATE INDEX idempotency_by_organization_age ON idempotency (org_id, created_us);
-- The oldest gathered readings of an endpoint, without sorting all that wait.
CREATE INDEX webhook_gathered_by_endpoint ON webhook_gathered (endpoint_id, id);
