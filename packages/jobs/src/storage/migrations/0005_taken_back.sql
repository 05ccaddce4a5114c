-- A claim took back every job whose lease had ended, and all of them counted as lost once more when their new worker
-- died too, though it had tried only a few: after a handful of crashes in a row innocent jobs were given up. Now a claim
-- takes back only as many as are tried together (`isolation` in queue-rules.ts), those that were lost least first. The
-- others stay where they are, for the next claim.

DO $patch$
DECLARE
  old constant text := $sql$WITH gone AS MATERIALIZED (
      SELECT j.ctid AS tid, j.version FROM jobs.jobs j WHERE j.state = 'running' AND j.lease_until < at
       ORDER BY j.lease_until, j.workspace_id, j.task LIMIT p_limit FOR UPDATE SKIP LOCKED)$sql$;
  new constant text := $sql$WITH late AS MATERIALIZED (
      SELECT j.ctid AS tid, j.version, j.lost, j.lease_until
        FROM jobs.jobs j WHERE j.state = 'running' AND j.lease_until < at
       ORDER BY j.lease_until, j.workspace_id, j.task LIMIT p_limit FOR UPDATE SKIP LOCKED),
    gone AS (
      SELECT o.tid, o.version
        FROM (SELECT l.tid, l.version, l.lost, row_number() OVER (ORDER BY l.lost, l.lease_until) AS place
                FROM late l) o
       -- It will have been lost once more.
       WHERE o.place <= greatest(1, floor(p_chunk / 4.0 ^ (o.lost + 2))))$sql$;
  whole constant text := pg_get_functiondef('jobs.claim(text, int, float8, int, text, int)'::regprocedure);
BEGIN
  IF position(old IN whole) = 0 THEN
    RAISE EXCEPTION 'jobs.claim is not as 0004_claims.sql left it';
  END IF;
  EXECUTE replace(whole, old, new);
END
$patch$;
