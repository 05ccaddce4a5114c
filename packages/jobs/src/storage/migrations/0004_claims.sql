-- The same claim and the same end of a job at a fraction of the cost: a row is found once and then by its place, a
-- queue of one lane needs no taking of turns, and only what a worker reads comes back. `version` counts every change of
-- a row but the renewal of its lease: with it, what is found by place is what was looked at.

DROP FUNCTION jobs.claim(text, int, float8, int, text, int);

-- Hands out jobs: first those whose lease ended, then the heads of the lanes, workspaces in turn (see queue-rules.ts,
-- which says the same in fewer words and is held against this).
--
-- One claim at a time: two at once would overrun a task's limit and serve a workspace twice. It ends with its statement,
-- so nobody who stands still keeps the next one waiting. It need not be durable: a claim that a crash of the database
-- forgets is a job that waits again, and whoever held it is fenced off.
CREATE FUNCTION jobs.claim(
  p_worker text, p_limit int, p_lease_ms float8, p_concurrency int, p_after text, p_chunk int
) RETURNS TABLE (
  workspace_id text, id text, task text, fence bigint, attempts int, lost int, many boolean, total int, done int,
  failed int, request text, options text, history jsonb
)
LANGUAGE plpgsql
SET search_path = pg_catalog
SET app.workspace = '*'
SET jit = off
-- A queue grows and shrinks faster than its statistics: every access here is by index or by place, always.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  token bigint;
  at timestamptz;
  until timestamptz;
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
  free int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('understudy jobs.claim', 0));
  PERFORM set_config('synchronous_commit', 'off', true);
  token := nextval('jobs.fences');
  at := clock_timestamp();
  until := at + p_lease_ms * interval '1 millisecond';

  RETURN QUERY
    WITH gone AS MATERIALIZED (
      SELECT j.ctid AS tid, j.version FROM jobs.jobs j WHERE j.state = 'running' AND j.lease_until < at
       ORDER BY j.lease_until, j.workspace_id, j.task LIMIT p_limit FOR UPDATE SKIP LOCKED)
    UPDATE jobs.jobs AS j
       SET fence = token, worker = p_worker, lease_until = until,
           attempts = j.attempts + 1, lost = j.lost + 1, version = j.version + 1
      FROM gone WHERE j.ctid = gone.tid AND j.version = gone.version
    RETURNING j.workspace_id, j.id, j.task, j.fence, j.attempts, j.lost, j.many, j.total, j.done, j.failed, j.request,
      j.options, j.history;
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

  IF cardinality(lane_ws) = 1 THEN
    -- Nobody to take turns with: the head of the one lane, as far as the limit and the task's room go.
    ws := lane_ws[1];
    t := lane_task[1];
    r := lane_rank[1];
    SELECT p_concurrency - coalesce(sum(CASE WHEN j.many THEN least(p_chunk, j.total - j.done) ELSE 1 END), 0)
      INTO free FROM jobs.jobs j WHERE j.state = 'running' AND j.workspace_id = ws AND j.task = t;
    room := least(room, free);
    IF room <= 0 THEN
      RETURN;
    END IF;
    RETURN QUERY
      WITH heads AS MATERIALIZED (
        SELECT j.ctid AS tid, j.version, CASE WHEN j.many THEN least(p_chunk, j.total - j.done) ELSE 1 END AS weight
          FROM jobs.jobs j
         WHERE j.state = 'queued' AND j.workspace_id = ws AND j.task = t AND j.rank = r AND j.ready_at <= at
         ORDER BY j.workspace_id, j.task, j.rank, j.ready_at, j.id LIMIT room FOR UPDATE SKIP LOCKED),
      chosen AS (
        SELECT o.tid, o.version FROM (
          SELECT h.tid, h.version, sum(h.weight) OVER (ROWS UNBOUNDED PRECEDING) - h.weight AS before FROM heads h) o
         WHERE o.before < room)
      UPDATE jobs.jobs AS j
         SET state = 'running', fence = token, worker = p_worker, lease_until = until, attempts = j.attempts + 1,
             started_at = coalesce(j.started_at, at), version = j.version + 1
        FROM chosen WHERE j.ctid = chosen.tid AND j.version = chosen.version
      RETURNING j.workspace_id, j.id, j.task, j.fence, j.attempts, j.lost, j.many, j.total, j.done, j.failed,
        j.request, j.options, j.history;
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
      SELECT l.ws, l.task, l.rank, l.place, l.free, h.tid, h.version, h.id, h.ready_at, h.weight
        FROM lanes l CROSS JOIN LATERAL (
          SELECT j.ctid AS tid, j.version, j.id, j.ready_at,
            CASE WHEN j.many THEN least(p_chunk, j.total - j.done) ELSE 1 END AS weight
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
        SELECT s.tid, s.version, sum(s.weight) OVER (ORDER BY s.turn, s.place, s.rank, s.ready_at, s.id) - s.weight AS before
          FROM turns s) o WHERE o.before < room),
    held AS MATERIALIZED (
      SELECT j.ctid AS tid, j.version FROM chosen c JOIN jobs.jobs j ON j.ctid = c.tid AND j.version = c.version
         FOR UPDATE OF j SKIP LOCKED)
    UPDATE jobs.jobs AS j
       SET state = 'running', fence = token, worker = p_worker, lease_until = until, attempts = j.attempts + 1,
           started_at = coalesce(j.started_at, at), version = j.version + 1
      FROM held WHERE j.ctid = held.tid AND j.version = held.version
    RETURNING j.workspace_id, j.id, j.task, j.fence, j.attempts, j.lost, j.many, j.total, j.done, j.failed, j.request,
      j.options, j.history;
END
$$;

-- The end of jobs of one item that were all decided, under one fence: what nearly every batch is. Answers the jobs that
-- are somebody else's by now, or cancelled; they were left alone. In the order of the ids, which the caller sorts, so
-- that two writers never wait in a circle.
CREATE FUNCTION jobs.settle_decided(p_workspace text, p_fence bigint, p_ids text[], p_decisions text[])
RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog
SET jit = off
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
  written int;
  settled int := 0;
BEGIN
  -- A renewal of the lease may move a row under our hands: what it moved is found the second time.
  FOR i IN 1 .. 2 LOOP
    UPDATE jobs.jobs AS j
       SET state = 'succeeded', decision = held.decision, error = NULL, done = 1, failed = 0, request = NULL,
           worker = NULL, lease_until = NULL, version = j.version + 1, finished_at = now()
      FROM (
        SELECT x.tid, x.version, o.decision
          FROM unnest(p_ids, p_decisions) AS o (id, decision) CROSS JOIN LATERAL (
            SELECT k.ctid AS tid, k.version, k.state, k.fence FROM jobs.jobs k
             WHERE k.workspace_id = p_workspace AND k.id = o.id ORDER BY k.workspace_id, k.id LIMIT 1) x
         WHERE x.state = 'running' AND x.fence = p_fence) held
     WHERE j.ctid = held.tid AND j.version = held.version;
    GET DIAGNOSTICS written = ROW_COUNT;
    settled := settled + written;
    IF settled = cardinality(p_ids) THEN
      RETURN;
    END IF;
  END LOOP;
  RETURN QUERY
    SELECT o.id FROM unnest(p_ids, p_decisions) AS o (id, decision)
     WHERE NOT EXISTS (SELECT FROM jobs.jobs j WHERE j.workspace_id = p_workspace AND j.id = o.id
                          AND j.fence = p_fence AND j.decision = o.decision);
END
$$;
