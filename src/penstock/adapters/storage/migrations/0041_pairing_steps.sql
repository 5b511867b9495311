-- A pair code remains until its agent confirms that it has stored the token. `agent_id` is the agent that the token was issued to.
ALTER TABLE pair_codes ADD COLUMN agent_id TEXT NOT NULL DEFAULT '';
ALTER TABLE pair_codes ADD COLUMN token_id TEXT NOT NULL DEFAULT '';
