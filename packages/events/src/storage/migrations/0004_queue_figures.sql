-- How many messages and deliveries wait, without counting them: see the migration of the same name in the room jobs. In a
-- backup these tables, too, come behind those that they count.

CREATE TABLE events.queue_changes (
  workspace_id text COLLATE "C" NOT NULL,
  -- 'outgoing', 'deliveries'
  figure text COLLATE "C" NOT NULL,
  n integer NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE events.queue_counts (
  workspace_id text COLLATE "C" NOT NULL,
  figure text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (workspace_id, figure)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_cost_delay = 0);

SELECT kernel.protect(t::regclass) FROM unnest(ARRAY['events.queue_changes', 'events.queue_counts']) AS t;

CREATE FUNCTION events.note_outgoing_added() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO events.queue_changes (workspace_id, figure, n)
  SELECT workspace_id, 'outgoing', count(*) FROM added GROUP BY workspace_id;
  RETURN NULL;
END
$$;

CREATE FUNCTION events.note_outgoing_removed() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO events.queue_changes (workspace_id, figure, n)
  SELECT workspace_id, 'outgoing', -count(*) FROM removed GROUP BY workspace_id;
  RETURN NULL;
END
$$;

CREATE FUNCTION events.note_deliveries_added() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO events.queue_changes (workspace_id, figure, n)
  SELECT workspace_id, 'deliveries', count(*) FROM added WHERE status = 'waiting' GROUP BY workspace_id;
  RETURN NULL;
END
$$;

CREATE FUNCTION events.note_deliveries_changed() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO events.queue_changes (workspace_id, figure, n)
  SELECT workspace_id, 'deliveries', sum(n) FROM (
    SELECT workspace_id, 1 AS n FROM added WHERE status = 'waiting'
    UNION ALL
    SELECT workspace_id, -1 FROM removed WHERE status = 'waiting') AS c
   GROUP BY workspace_id HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;

CREATE FUNCTION events.note_deliveries_removed() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO events.queue_changes (workspace_id, figure, n)
  SELECT workspace_id, 'deliveries', -count(*) FROM removed WHERE status = 'waiting' GROUP BY workspace_id;
  RETURN NULL;
END
$$;

-- Only tests empty a table so.
CREATE FUNCTION events.note_emptied() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM set_config('app.workspace', '*', true);
  DELETE FROM events.queue_changes WHERE figure = TG_TABLE_NAME;
  DELETE FROM events.queue_counts WHERE figure = TG_TABLE_NAME;
  RETURN NULL;
END
$$;

-- From here on nobody writes to the tables until this is committed, so what is there is counted whole.
CREATE TRIGGER note_added AFTER INSERT ON events.outgoing REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION events.note_outgoing_added();
CREATE TRIGGER note_removed AFTER DELETE ON events.outgoing REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION events.note_outgoing_removed();
CREATE TRIGGER note_emptied AFTER TRUNCATE ON events.outgoing FOR EACH STATEMENT EXECUTE FUNCTION events.note_emptied();
CREATE TRIGGER note_added AFTER INSERT ON events.deliveries REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION events.note_deliveries_added();
CREATE TRIGGER note_changed AFTER UPDATE ON events.deliveries REFERENCING NEW TABLE AS added OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION events.note_deliveries_changed();
CREATE TRIGGER note_removed AFTER DELETE ON events.deliveries REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION events.note_deliveries_removed();
CREATE TRIGGER note_emptied AFTER TRUNCATE ON events.deliveries
  FOR EACH STATEMENT EXECUTE FUNCTION events.note_emptied();

SELECT set_config('app.workspace', '*', true);
INSERT INTO events.queue_counts (workspace_id, figure, n)
  SELECT workspace_id, 'outgoing', count(*) FROM events.outgoing GROUP BY workspace_id
  UNION ALL
  SELECT workspace_id, 'deliveries', count(*) FROM events.deliveries WHERE status = 'waiting' GROUP BY workspace_id;

-- Moves what was noted into the counts; one at a time, the others have nothing to do.
CREATE FUNCTION events.fold_queue_changes() RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog
SET app.workspace = '*'
AS $$
DECLARE
  moved integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('understudy events.fold_queue_changes', 0)) THEN
    RETURN 0;
  END IF;
  WITH gone AS (DELETE FROM events.queue_changes RETURNING *),
  sums AS (SELECT workspace_id, figure, sum(n) AS n FROM gone GROUP BY 1, 2)
  INSERT INTO events.queue_counts AS c (workspace_id, figure, n)
  SELECT workspace_id, figure, n FROM sums WHERE n <> 0
  ON CONFLICT (workspace_id, figure) DO UPDATE SET n = c.n + excluded.n;
  GET DIAGNOSTICS moved = ROW_COUNT;
  DELETE FROM events.queue_counts WHERE n = 0;
  RETURN moved;
END
$$;
