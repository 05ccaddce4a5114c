-- Items taken from the application's own broker.

CREATE TABLE jobs.sources (
  workspace_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  -- Another one when the source was deleted and made again, so that what was in hand then does not count for it.
  id text COLLATE "C" NOT NULL,
  definition jsonb NOT NULL,
  bus text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  paused boolean NOT NULL,
  version integer NOT NULL,
  changed_by text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  messages bigint NOT NULL DEFAULT 0,
  decided bigint NOT NULL DEFAULT 0,
  unprocessable bigint NOT NULL DEFAULT 0,
  duplicates bigint NOT NULL DEFAULT 0,
  last_message_at timestamptz,
  failing_since timestamptz,
  problem jsonb,
  PRIMARY KEY (workspace_id, name)
-- The figures change with every batch, no index does.
) WITH (fillfactor = 40);
CREATE INDEX sources_event_type ON jobs.sources (workspace_id, topic) WHERE bus = 'http';

-- Whose a topic is, where the operator does not say so: of the workspace that used it first, for reading or answers.
-- Row-level security hides rows of others; that they exist shows as a conflict, which is what has to be told.
CREATE TABLE jobs.topics (
  workspace_id text COLLATE "C" NOT NULL,
  bus text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  PRIMARY KEY (bus, topic)
);
CREATE INDEX topics_workspace ON jobs.topics (workspace_id);

-- One source a (bus, topic, group): two would share the messages. Of the bus `http` the group is the workspace.
CREATE TABLE jobs.source_groups (
  workspace_id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  bus text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  consumer_group text COLLATE "C" NOT NULL,
  PRIMARY KEY (bus, topic, consumer_group)
);
CREATE INDEX source_groups_source ON jobs.source_groups (workspace_id, source);

-- That a message came, written in the transaction of its decision: by this key it has its effect once. By the name of
-- the source, not its id: a source that is deleted and made again knows what came before.
CREATE TABLE jobs.inbox (
  workspace_id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- `msg_…`; its time is when the message was handled.
  message text COLLATE "C" NOT NULL,
  decision text COLLATE "C",
  problem jsonb,
  reply text COLLATE "C",
  trace_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace_id, source, key)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX inbox_message ON jobs.inbox (workspace_id, message);

-- What each worker process says of the sources that it runs. `at` is the database's time.
CREATE TABLE jobs.source_reports (
  workspace_id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  process text COLLATE "C" NOT NULL,
  state text NOT NULL CHECK (state IN ('connecting', 'running', 'paused', 'failing')),
  problem jsonb,
  lag bigint,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, source, process)
) WITH (fillfactor = 50);

-- Dead letters on their way through their source again.
CREATE TABLE jobs.source_replays (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  content_type text COLLATE "C" NOT NULL,
  message text COLLATE "C",
  trace_id text COLLATE "C",
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE INDEX dead_letters_message ON jobs.dead_letters (workspace_id, message) WHERE message IS NOT NULL;

SELECT kernel.protect(t::regclass) FROM unnest(ARRAY['jobs.sources', 'jobs.topics', 'jobs.source_groups', 'jobs.inbox',
  'jobs.source_reports', 'jobs.source_replays']) AS t;
