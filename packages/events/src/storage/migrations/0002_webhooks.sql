-- Endpoints of applications, and what is on its way to them.

CREATE TABLE events.webhooks (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  url text NOT NULL,
  events text[] NOT NULL,
  task text,
  description text,
  enabled boolean NOT NULL,
  disabled_reason text CHECK (disabled_reason IN ('asked', 'gone', 'failing')),
  disabled_at timestamptz,
  -- Sealed, if the server has a key for it.
  secret bytea NOT NULL,
  previous_secret bytea,
  previous_until timestamptz,
  version integer NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE events.callback_secrets (
  workspace_id text COLLATE "C" PRIMARY KEY,
  secret bytea NOT NULL,
  previous_secret bytea,
  previous_until timestamptz
);

-- How each receiver did lately: a webhook's id, or the origin of callbacks.
CREATE TABLE events.delivery_targets (
  workspace_id text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  failures integer NOT NULL,
  failing_since timestamptz,
  -- The breaker: nothing is sent before.
  open_until timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_problem text,
  PRIMARY KEY (workspace_id, target)
);

CREATE TABLE events.deliveries (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  -- Null: a callback, which goes to `url`.
  webhook text COLLATE "C",
  url text,
  event text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  -- The CloudEvent as it is sent; null when it may not be kept any longer.
  body text,
  traceparent text,
  status text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  give_up_at timestamptz NOT NULL,
  -- By the database's clock: a worker whose clock jumps takes nothing away from another.
  lease_until timestamptz,
  fence integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  response_status integer,
  problem text,
  PRIMARY KEY (workspace_id, id),
  CHECK ((webhook IS NULL) <> (url IS NULL))
);
-- An event goes to a webhook once, whoever tries to put it there again.
CREATE UNIQUE INDEX deliveries_once ON events.deliveries (workspace_id, webhook, event) WHERE webhook IS NOT NULL;
-- Receivers with work are found by jumping from one to the next, so that a long queue of one costs nothing.
CREATE INDEX deliveries_ready ON events.deliveries (workspace_id, target, next_at) WHERE status = 'waiting';
CREATE INDEX deliveries_leased ON events.deliveries (workspace_id, target, lease_until)
  WHERE status = 'waiting' AND lease_until IS NOT NULL;
CREATE INDEX deliveries_newest ON events.deliveries (workspace_id, webhook, id DESC);
CREATE INDEX deliveries_subject ON events.deliveries (workspace_id, subject);
CREATE INDEX deliveries_give_up ON events.deliveries (give_up_at) WHERE status = 'waiting';
CREATE INDEX deliveries_over ON events.deliveries (finished_at) WHERE status <> 'waiting';

CREATE TABLE events.delivery_attempts (
  workspace_id text COLLATE "C" NOT NULL,
  delivery text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  at timestamptz NOT NULL,
  ms integer NOT NULL,
  response_status integer,
  problem text,
  detail text,
  response_body text,
  PRIMARY KEY (workspace_id, delivery, number),
  FOREIGN KEY (workspace_id, delivery) REFERENCES events.deliveries ON DELETE CASCADE
);

SELECT kernel.protect(t::regclass)
  FROM unnest(ARRAY['events.webhooks', 'events.callback_secrets', 'events.delivery_targets', 'events.deliveries',
    'events.delivery_attempts']) AS t;
