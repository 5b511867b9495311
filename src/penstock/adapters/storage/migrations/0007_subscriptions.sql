-- Plans that end, and how long what a longer plan kept stays after a change.
ALTER TABLE organizations ADD COLUMN plan_until_us INTEGER;
ALTER TABLE organizations ADD COLUMN trial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN former_plan TEXT;
ALTER TABLE organizations ADD COLUMN former_until_us INTEGER;
CREATE INDEX organizations_by_plan_end ON organizations (plan_until_us) WHERE plan_until_us IS NOT NULL;
