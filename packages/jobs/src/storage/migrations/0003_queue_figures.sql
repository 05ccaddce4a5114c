-- How much waits, without counting it: each statement that changes that notes the difference, in its own transaction,
-- as rows that nobody else writes to; the scheduler folds them into the counts. Counts and differences together are
-- exact in every snapshot, and no two transactions ever wait for each other here.
--
-- In a backup these tables come behind those that they count (by name), so what the triggers note while it is restored
-- is replaced by what was noted then.

CREATE TABLE jobs.queue_changes (
  workspace_id text COLLATE "C" NOT NULL,
  -- jobs: 'queued', 'running'; letters that wait: 'failed', 'unprocessable'.
  figure text COLLATE "C" NOT NULL,
  -- Empty for letters.
  task text COLLATE "C" NOT NULL,
  -- When a queued job is due, in tens of seconds since the epoch; 0 for one that was from the start.
  due integer NOT NULL,
  n integer NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE jobs.queue_counts (
  workspace_id text COLLATE "C" NOT NULL,
  figure text COLLATE "C" NOT NULL,
  task text COLLATE "C" NOT NULL,
  due integer NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (workspace_id, figure, task, due)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_cost_delay = 0);

SELECT kernel.protect(t::regclass) FROM unnest(ARRAY['jobs.queue_changes', 'jobs.queue_counts']) AS t;

-- Row by row: a job is accepted by a statement of its own.
CREATE FUNCTION jobs.note_added() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO jobs.queue_changes (workspace_id, figure, task, due, n)
  VALUES (NEW.workspace_id, NEW.state, NEW.task, CASE WHEN NEW.state = 'running' OR NEW.ready_at <= NEW.created_at THEN 0
    ELSE floor(date_part('epoch', NEW.ready_at) / 10)::int END, 1);
  RETURN NULL;
END
$$;

CREATE FUNCTION jobs.note_changed() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO jobs.queue_changes (workspace_id, figure, task, due, n)
  SELECT workspace_id, state, task, due, sum(n) FROM (
    SELECT workspace_id, state, task, CASE WHEN state = 'running' OR ready_at <= created_at THEN 0
        ELSE floor(date_part('epoch', ready_at) / 10)::int END AS due, 1 AS n
      FROM added WHERE state IN ('queued', 'running')
    UNION ALL
    SELECT workspace_id, state, task, CASE WHEN state = 'running' OR ready_at <= created_at THEN 0
        ELSE floor(date_part('epoch', ready_at) / 10)::int END, -1
      FROM removed WHERE state IN ('queued', 'running')) AS c
   GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;

CREATE FUNCTION jobs.note_removed() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO jobs.queue_changes (workspace_id, figure, task, due, n)
  SELECT workspace_id, state, task, CASE WHEN state = 'running' OR ready_at <= created_at THEN 0
      ELSE floor(date_part('epoch', ready_at) / 10)::int END, -count(*)
    FROM removed WHERE state IN ('queued', 'running') GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END
$$;

CREATE FUNCTION jobs.note_letters_added() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO jobs.queue_changes (workspace_id, figure, task, due, n)
  SELECT workspace_id, kind, '', 0, count(*) FROM added WHERE state = 'waiting' GROUP BY 1, 2;
  RETURN NULL;
END
$$;

CREATE FUNCTION jobs.note_letters_changed() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO jobs.queue_changes (workspace_id, figure, task, due, n)
  SELECT workspace_id, kind, '', 0, sum(n) FROM (
    SELECT workspace_id, kind, 1 AS n FROM added WHERE state = 'waiting'
    UNION ALL
    SELECT workspace_id, kind, -1 FROM removed WHERE state = 'waiting') AS c
   GROUP BY 1, 2 HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;

CREATE FUNCTION jobs.note_letters_removed() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO jobs.queue_changes (workspace_id, figure, task, due, n)
  SELECT workspace_id, kind, '', 0, -count(*) FROM removed WHERE state = 'waiting' GROUP BY 1, 2;
  RETURN NULL;
END
$$;

-- Only tests empty a table so.
CREATE FUNCTION jobs.note_emptied() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM set_config('app.workspace', '*', true);
  DELETE FROM jobs.queue_changes WHERE (figure IN ('queued', 'running')) = (TG_RELID = 'jobs.jobs'::regclass);
  DELETE FROM jobs.queue_counts WHERE (figure IN ('queued', 'running')) = (TG_RELID = 'jobs.jobs'::regclass);
  RETURN NULL;
END
$$;

-- From here on nobody writes to the tables until this is committed, so what is there is counted whole.
CREATE TRIGGER note_added AFTER INSERT ON jobs.jobs
  FOR EACH ROW WHEN (NEW.state IN ('queued', 'running')) EXECUTE FUNCTION jobs.note_added();
CREATE TRIGGER note_changed AFTER UPDATE ON jobs.jobs REFERENCING NEW TABLE AS added OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION jobs.note_changed();
CREATE TRIGGER note_removed AFTER DELETE ON jobs.jobs REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION jobs.note_removed();
CREATE TRIGGER note_emptied AFTER TRUNCATE ON jobs.jobs FOR EACH STATEMENT EXECUTE FUNCTION jobs.note_emptied();
CREATE TRIGGER note_added AFTER INSERT ON jobs.dead_letters REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION jobs.note_letters_added();
CREATE TRIGGER note_changed AFTER UPDATE ON jobs.dead_letters REFERENCING NEW TABLE AS added OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION jobs.note_letters_changed();
CREATE TRIGGER note_removed AFTER DELETE ON jobs.dead_letters REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION jobs.note_letters_removed();
CREATE TRIGGER note_emptied AFTER TRUNCATE ON jobs.dead_letters FOR EACH STATEMENT EXECUTE FUNCTION jobs.note_emptied();

SELECT set_config('app.workspace', '*', true);
INSERT INTO jobs.queue_counts (workspace_id, figure, task, due, n)
  SELECT workspace_id, state, task, CASE WHEN state = 'running' OR ready_at <= created_at THEN 0
      ELSE floor(date_part('epoch', ready_at) / 10)::int END, count(*)
    FROM jobs.jobs WHERE state IN ('queued', 'running') GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT workspace_id, kind, '', 0, count(*) FROM jobs.dead_letters WHERE state = 'waiting' GROUP BY 1, 2;

-- Moves what was noted into the counts; one at a time, the others have nothing to do. Slots that have long passed become
-- one: their jobs are due, whenever they became so. (An hour, in case the clock is set back.)
CREATE FUNCTION jobs.fold_queue_changes() RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog
SET app.workspace = '*'
AS $$
DECLARE
  passed constant integer := floor(extract(epoch FROM clock_timestamp()) / 10)::integer - 360;
  moved integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('understudy jobs.fold_queue_changes', 0)) THEN
    RETURN 0;
  END IF;
  WITH gone AS (DELETE FROM jobs.queue_changes RETURNING *),
  old AS (DELETE FROM jobs.queue_counts WHERE due > 0 AND due < passed RETURNING *),
  sums AS (
    SELECT workspace_id, figure, task, CASE WHEN due < passed THEN 0 ELSE due END AS due, sum(n) AS n
      FROM (SELECT * FROM gone UNION ALL SELECT * FROM old) AS c GROUP BY 1, 2, 3, 4)
  INSERT INTO jobs.queue_counts AS c (workspace_id, figure, task, due, n)
  SELECT workspace_id, figure, task, due, n FROM sums WHERE n <> 0
  ON CONFLICT (workspace_id, figure, task, due) DO UPDATE SET n = c.n + excluded.n;
  GET DIAGNOSTICS moved = ROW_COUNT;
  DELETE FROM jobs.queue_counts WHERE n = 0;
  RETURN moved;
END
$$;
