-- Messages on their way to the operator's buses. Rows are written by the transactions that cause them and deleted once
-- a broker has confirmed them, so the table stays as small as what waits.

CREATE TABLE events.outgoing (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  bus text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  key text COLLATE "C",
  -- json, not jsonb: header values come from outside and may hold escapes that jsonb refuses.
  headers json NOT NULL,
  body bytea NOT NULL,
  trace_id text COLLATE "C",
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Tries that failed for this message while others of its topic got through.
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz,
  problem json
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
ALTER TABLE events.outgoing ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX outgoing_order ON events.outgoing (bus, topic, seq);
CREATE INDEX outgoing_held_back ON events.outgoing (bus, topic, key, seq) WHERE next_at IS NOT NULL;
CREATE INDEX outgoing_id ON events.outgoing (workspace_id, id);
SELECT kernel.protect('events.outgoing');

-- Which relay works on which destination: one at a time, so that messages of a key leave in order. A relay that died is
-- succeeded when its lease ends. Nothing rests on it but the order: rows go by being deleted, once.
CREATE TABLE events.outgoing_lanes (
  bus text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  holder text NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (bus, topic)
) WITH (fillfactor = 50);
