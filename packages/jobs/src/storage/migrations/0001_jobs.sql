-- The queue of asynchronous decisions. All times that decide anything (leases, due times) are the database's own.
--
-- A queued job stands in the lane (workspace, task, rank); a claim reads the head of each lane by the index jobs_ready
-- and never looks at what stands behind it, so that a million waiting jobs cost what ten thousand do.

CREATE SEQUENCE jobs.fences;
GRANT USAGE ON SEQUENCE jobs.fences TO understudy_app;

CREATE TABLE jobs.jobs (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  -- The slug, as the caller named it.
  task text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  -- 9 − priority: the least rank is served first.
  rank smallint NOT NULL,
  ready_at timestamptz NOT NULL,
  -- Of the attempt under way or, for many items, of the chunk.
  attempts integer NOT NULL DEFAULT 0,
  -- How often a worker vanished with it.
  lost integer NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  worker text COLLATE "C",
  lease_until timestamptz,
  -- Items: those decided or given up, and those given up.
  many boolean NOT NULL,
  total integer NOT NULL,
  done integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  -- The only item as JSON; NULL when there are many, and from the job's end on (the ledger has it then).
  request text COLLATE "C",
  -- What does not change: callback, reply, principal, request id, trace. JSON.
  options text COLLATE "C" NOT NULL,
  key_hash bytea,
  request_hash bytea,
  decision text COLLATE "C",
  error jsonb,
  history jsonb,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX jobs_ready ON jobs.jobs (workspace_id, task, rank, ready_at, id) WHERE state = 'queued';
CREATE INDEX jobs_leases ON jobs.jobs (lease_until, workspace_id, task) WHERE state = 'running';
CREATE INDEX jobs_ended_badly ON jobs.jobs (workspace_id, state, id) WHERE state IN ('failed', 'cancelled');
CREATE UNIQUE INDEX jobs_keys ON jobs.jobs (workspace_id, key_hash) WHERE key_hash IS NOT NULL;

CREATE TABLE jobs.items (
  workspace_id text COLLATE "C" NOT NULL,
  job text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  -- NULL once the item is decided or given up.
  request text COLLATE "C",
  external_id text COLLATE "C",
  attempts integer NOT NULL DEFAULT 0,
  ready_at timestamptz,
  decision text COLLATE "C",
  error jsonb,
  history jsonb,
  PRIMARY KEY (workspace_id, job, position)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX items_open ON jobs.items (workspace_id, job, position) WHERE request IS NOT NULL;

CREATE TABLE jobs.dead_letters (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('failed', 'unprocessable')),
  state text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'replayed', 'discarded')),
  origin_kind text COLLATE "C" NOT NULL CHECK (origin_kind IN ('job', 'source', 'outgoing')),
  origin_id text COLLATE "C" NOT NULL,
  task text COLLATE "C",
  reason jsonb NOT NULL,
  -- As it came; NULL once the letter does not wait any more.
  body bytea,
  content_type text COLLATE "C" NOT NULL,
  headers jsonb NOT NULL,
  message text COLLATE "C",
  attempts integer NOT NULL,
  history jsonb NOT NULL,
  trace_id text COLLATE "C",
  created_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  resolved_by text COLLATE "C",
  resolution text COLLATE "C",
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX dead_letters_waiting ON jobs.dead_letters (workspace_id, kind, id) WHERE state = 'waiting';
CREATE INDEX dead_letters_origin ON jobs.dead_letters (workspace_id, origin_kind, origin_id, id);

SELECT kernel.protect(t::regclass) FROM unnest(ARRAY['jobs.jobs', 'jobs.items', 'jobs.dead_letters']) AS t;

-- Accepts a job in one round trip. With a key that was used within 24 hours, nothing is written and the job of then is
-- answered. The scope is the caller's own workspace, so that row-level security holds here, too.
CREATE FUNCTION jobs.accept(
  p_workspace text, p_id text, p_task text, p_rank smallint, p_not_before timestamptz, p_options text, p_many boolean,
  p_requests text[], p_external text[], p_key bytea, p_request_hash bytea
) RETURNS TABLE (replayed boolean, job jobs.jobs)
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
DECLARE
  made jobs.jobs;
BEGIN
  PERFORM set_config('app.workspace', p_workspace, true);
  FOR i IN 1 .. 3 LOOP
    INSERT INTO jobs.jobs AS j (workspace_id, id, task, rank, ready_at, options, many, total, request, key_hash, request_hash)
    VALUES (p_workspace, p_id, p_task, p_rank, greatest(now(), p_not_before), p_options, p_many,
            cardinality(p_requests), CASE WHEN p_many THEN NULL ELSE p_requests[1] END, p_key, p_request_hash)
    ON CONFLICT (workspace_id, key_hash) WHERE key_hash IS NOT NULL DO NOTHING
    RETURNING j.* INTO made;
    IF FOUND THEN
      IF p_many THEN
        INSERT INTO jobs.items (workspace_id, job, position, request, external_id)
        SELECT p_workspace, p_id, r.n - 1, r.request, r.external_id
          FROM unnest(p_requests, p_external) WITH ORDINALITY AS r (request, external_id, n);
      END IF;
      RETURN QUERY SELECT false, made;
      RETURN;
    END IF;
    UPDATE jobs.jobs j SET key_hash = NULL
     WHERE j.workspace_id = p_workspace AND j.key_hash = p_key AND j.created_at < now() - interval '24 hours';
    IF NOT FOUND THEN
      SELECT j.* INTO made FROM jobs.jobs j WHERE j.workspace_id = p_workspace AND j.key_hash = p_key;
      IF FOUND THEN
        RETURN QUERY SELECT true, made;
        RETURN;
      END IF;
    END IF;
  END LOOP;
  RAISE EXCEPTION 'the key of a job changes hands too fast' USING ERRCODE = '40001';
END
$$;

-- Hands out jobs: first those whose lease ended, then the heads of the lanes, workspaces in turn (see queue-rules.ts,
-- which says the same in fewer words and is held against this).
--
-- One claim at a time: two at once would overrun a task's limit and serve a workspace twice. It ends with its statement,
-- so nobody who stands still keeps the next one waiting. It need not be durable: a claim that a crash of the database
-- forgets is a job that waits again, and whoever held it is fenced off.
CREATE FUNCTION jobs.claim(
  p_worker text, p_limit int, p_lease_ms float8, p_concurrency int, p_after text, p_chunk int
) RETURNS SETOF jobs.jobs
LANGUAGE plpgsql
SET search_path = pg_catalog
SET app.workspace = '*'
SET jit = off
-- A queue grows and shrinks faster than its statistics: every access here is by index, always.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
  token bigint;
  at timestamptz;
  room int;
  most_workspaces constant int := 64;
  most_lanes constant int := 256;
  ws text := p_after;
  found_ws text;
  wrapped boolean := false;
  place int := 0;
  t text;
  r smallint;
  lane record;
  lane_ws text[] := '{}';
  lane_task text[] := '{}';
  lane_rank smallint[] := '{}';
  lane_place int[] := '{}';
  per_lane int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('understudy jobs.claim', 0));
  PERFORM set_config('synchronous_commit', 'off', true);
  token := nextval('jobs.fences');
  at := clock_timestamp();

  RETURN QUERY
    WITH gone AS MATERIALIZED (
      SELECT j.workspace_id, j.id FROM jobs.jobs j WHERE j.state = 'running' AND j.lease_until < at
       ORDER BY j.lease_until, j.workspace_id, j.task LIMIT p_limit FOR UPDATE SKIP LOCKED)
    UPDATE jobs.jobs AS j
       SET fence = token, worker = p_worker, lease_until = at + p_lease_ms * interval '1 millisecond',
           attempts = j.attempts + 1, lost = j.lost + 1, version = j.version + 1
      FROM gone WHERE j.workspace_id = gone.workspace_id AND j.id = gone.id
    RETURNING j.*;
  GET DIAGNOSTICS room = ROW_COUNT;
  room := p_limit - room;
  IF room <= 0 THEN
    RETURN;
  END IF;

  -- Loose index scans: one probe a workspace and one a lane, however many jobs stand in it. Ordered by the whole index,
  -- so that no other one can be chosen.
  LOOP
    SELECT j.workspace_id INTO found_ws FROM jobs.jobs j WHERE j.state = 'queued' AND j.workspace_id > ws
     ORDER BY j.workspace_id, j.task, j.rank, j.ready_at, j.id LIMIT 1;
    IF NOT FOUND THEN
      EXIT WHEN wrapped;
      wrapped := true;
      ws := '';
      CONTINUE;
    END IF;
    ws := found_ws;
    EXIT WHEN wrapped AND ws > p_after;
    place := place + 1;
    t := '';
    r := 0;
    LOOP
      SELECT j.task, j.rank INTO lane FROM jobs.jobs j
       WHERE j.state = 'queued' AND j.workspace_id = ws AND (j.task, j.rank) > (t, r)
       ORDER BY j.workspace_id, j.task, j.rank, j.ready_at, j.id LIMIT 1;
      EXIT WHEN NOT FOUND;
      t := lane.task;
      r := lane.rank;
      lane_ws := lane_ws || ws;
      lane_task := lane_task || t;
      lane_rank := lane_rank || r;
      lane_place := lane_place || place;
      EXIT WHEN cardinality(lane_ws) >= most_lanes;
    END LOOP;
    EXIT WHEN place >= most_workspaces OR cardinality(lane_ws) >= most_lanes;
  END LOOP;
  IF cardinality(lane_ws) = 0 THEN
    RETURN;
  END IF;
  per_lane := least(room, greatest(8, ceil(10.0 * room / cardinality(lane_ws))::int));

  RETURN QUERY
    WITH busy AS MATERIALIZED (
      SELECT j.workspace_id, j.task, sum(CASE WHEN j.many THEN least(p_chunk, j.total - j.done) ELSE 1 END)::int AS n
        FROM jobs.jobs j WHERE j.state = 'running' GROUP BY 1, 2),
    lanes AS MATERIALIZED (
      SELECT l.*, greatest(0, p_concurrency - coalesce(b.n, 0)) AS free
        FROM unnest(lane_ws, lane_task, lane_rank, lane_place) AS l (ws, task, rank, place)
        LEFT JOIN busy b ON b.workspace_id = l.ws AND b.task = l.task),
    heads AS MATERIALIZED (
      SELECT l.ws, l.task, l.rank, l.place, l.free, h.id, h.ready_at, h.weight
        FROM lanes l CROSS JOIN LATERAL (
          SELECT j.id, j.ready_at, CASE WHEN j.many THEN least(p_chunk, j.total - j.done) ELSE 1 END AS weight
            FROM jobs.jobs j
           WHERE j.state = 'queued' AND j.workspace_id = l.ws AND j.task = l.task AND j.rank = l.rank AND j.ready_at <= at
           ORDER BY j.workspace_id, j.task, j.rank, j.ready_at, j.id LIMIT least(per_lane, l.free)) h),
    allowed AS (
      SELECT * FROM (
        SELECT h.*, sum(h.weight) OVER (PARTITION BY h.ws, h.task ORDER BY h.rank, h.ready_at, h.id) - h.weight AS used
          FROM heads h) u WHERE u.used < u.free),
    turns AS (
      SELECT a.*, sum(a.weight) OVER (PARTITION BY a.ws ORDER BY a.rank, a.ready_at, a.id) - a.weight AS turn FROM allowed a),
    chosen AS MATERIALIZED (
      SELECT * FROM (
        SELECT s.ws, s.id, sum(s.weight) OVER (ORDER BY s.turn, s.place, s.rank, s.ready_at, s.id) - s.weight AS before
          FROM turns s) o WHERE o.before < room),
    held AS MATERIALIZED (
      SELECT j.workspace_id, j.id FROM chosen c JOIN jobs.jobs j ON j.workspace_id = c.ws AND j.id = c.id
       WHERE j.state = 'queued' FOR UPDATE OF j SKIP LOCKED)
    UPDATE jobs.jobs AS j
       SET state = 'running', fence = token, worker = p_worker,
           lease_until = at + p_lease_ms * interval '1 millisecond', attempts = j.attempts + 1,
           started_at = coalesce(j.started_at, at), version = j.version + 1
      FROM held WHERE j.workspace_id = held.workspace_id AND j.id = held.id
    RETURNING j.*;
END
$$;

-- Prolongs leases. A worker that is slow but alive keeps what it has; one that stands still does not get here.
CREATE FUNCTION jobs.renew(p_fences bigint[], p_lease_ms float8) RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog
SET app.workspace = '*'
SET enable_seqscan = off
AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  RETURN QUERY
    WITH held AS MATERIALIZED (
      SELECT j.workspace_id, j.id FROM jobs.jobs j WHERE j.state = 'running' AND j.fence = ANY (p_fences)
         FOR UPDATE SKIP LOCKED)
    UPDATE jobs.jobs AS j SET lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
      FROM held WHERE j.workspace_id = held.workspace_id AND j.id = held.id
    RETURNING j.id;
END
$$;
