-- The ledger: decisions and annotations (labels, erasures), append-only and hashed into one RFC 6962 log a workspace.
--
-- A commit of a workspace is one leaf of its log; the leaf's data is
--   root (RFC 6962 tree head over the entries of the commit) || entries (8 bytes) || committed_at in ms (8 bytes).
-- `nodes` keeps the subtrees that the commit completed, its own leaf first, one level up each: node (level l, index j)
-- stands in the commit (j+1)·2^l − 1, so that proofs read O(log n) rows. The log's peaks stand in `heads`.

CREATE TABLE ledger.heads (
  workspace_id text COLLATE "C" PRIMARY KEY,
  size bigint NOT NULL,
  entries bigint NOT NULL,
  decisions bigint NOT NULL,
  peaks bytea NOT NULL,
  head bytea NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE ledger.commits (
  workspace_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  entries integer NOT NULL,
  -- The least and the greatest entry id of the commit, without the prefix: where its rows are found.
  first_key text COLLATE "C" NOT NULL,
  last_key text COLLATE "C" NOT NULL,
  committed_at timestamptz NOT NULL,
  root bytea NOT NULL,
  nodes bytea NOT NULL,
  prev_head bytea NOT NULL,
  head bytea NOT NULL,
  PRIMARY KEY (workspace_id, seq)
);

-- Partitioned by the id, whose first ten characters are its millisecond: a look-up by id, a page of the newest and a
-- span of time each touch the partitions that they need, and ids are unique over the whole table.
CREATE TABLE ledger.decisions (
  commit_seq bigint NOT NULL,
  created_at timestamptz NOT NULL,
  position integer NOT NULL,
  automated boolean NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  task text COLLATE "C" NOT NULL,
  label text COLLATE "C",
  model_version text COLLATE "C",
  external_id text COLLATE "C",
  subject text COLLATE "C",
  salt text COLLATE "C",
  leaf bytea NOT NULL,
  record text COLLATE "C" NOT NULL,
  payload text COLLATE "C",
  PRIMARY KEY (workspace_id, id)
) PARTITION BY RANGE (id);

-- Each index costs every insert: one serves a task's page with or without an outcome, two are for the few rows that
-- carry the key. Filters without an index of their own walk one of these within a bound (see the room's README).
CREATE INDEX decisions_task ON ledger.decisions (workspace_id, task, automated, id);
CREATE INDEX decisions_external ON ledger.decisions (workspace_id, external_id, id) WHERE external_id IS NOT NULL;
CREATE INDEX decisions_subject ON ledger.decisions (workspace_id, subject, id) WHERE subject IS NOT NULL;

CREATE TABLE ledger.decisions_default PARTITION OF ledger.decisions DEFAULT;

CREATE TABLE ledger.annotations (
  commit_seq bigint NOT NULL,
  created_at timestamptz NOT NULL,
  position integer NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('label', 'erasure')),
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  decision_id text COLLATE "C" NOT NULL,
  label text COLLATE "C",
  source text COLLATE "C",
  salt text COLLATE "C",
  leaf bytea NOT NULL,
  record text COLLATE "C" NOT NULL,
  payload text COLLATE "C",
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX annotations_decision ON ledger.annotations (workspace_id, decision_id, id);

CREATE TABLE ledger.idempotency (
  workspace_id text COLLATE "C" NOT NULL,
  key_hash text COLLATE "C" NOT NULL,
  request_hash text COLLATE "C" NOT NULL,
  response text COLLATE "C" NOT NULL,
  decisions text[] COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, key_hash)
);
CREATE INDEX idempotency_age ON ledger.idempotency USING brin (created_at) WITH (autosummarize = on);

SELECT kernel.protect(t::regclass)
  FROM unnest(ARRAY['ledger.heads', 'ledger.commits', 'ledger.decisions', 'ledger.decisions_default',
                    'ledger.annotations', 'ledger.idempotency']) AS t;

-- The application reads tables and calls functions; nothing of it can change or remove a row.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA ledger FROM understudy_app;
REVOKE ALL ON ledger.decisions_default FROM understudy_app;

-- Writes one group of entries of one or more workspaces: all of them or none, and one commit a workspace.
--
-- p_*: one element a workspace, workspaces ascending (so that two writers never wait for each other in a circle).
-- d_*, a_*: one element a decision, an annotation; *_workspace is the index of its workspace, from 1. A NULL array
-- stands for a column of NULLs. k_*: one element an idempotency key.
--
-- Answers a row {status 'committed', workspace_id, seq} a workspace; or, when other writers won some of the keys,
-- nothing was written and it answers a row {status 'replayed', workspace_id, key_hash, request_hash, response} for each.
-- With p_retry the outcome of an earlier attempt is unknown: the locks wait for it to end, and if its rows
-- are there, their commits are answered and nothing is written.
CREATE FUNCTION ledger.append_group(
  p_workspaces text[], p_entries int[], p_decisions int[], p_first text[], p_last text[], p_roots bytea, p_retry boolean,
  d_workspace int[], d_position int[], d_id text[], d_at bigint[], d_automated boolean[], d_task text[], d_label text[],
  d_model_version text[], d_external_id text[], d_subject text[], d_salt text[], d_leaf bytea[], d_record text[],
  d_payload text[],
  a_workspace int[], a_position int[], a_id text[], a_at bigint[], a_kind text[], a_decision text[], a_label text[],
  a_source text[], a_salt text[], a_leaf bytea[], a_record text[], a_payload text[],
  k_workspace int[], k_hash text[], k_request text[], k_response text[], k_decisions text[]
) RETURNS TABLE (status text, workspace_id text, seq bigint, key_hash text, request_hash text, response text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog
SET app.workspace = '*'
AS $$
#variable_conflict use_column
DECLARE
  count int := cardinality(p_workspaces);
  sizes bigint[] := '{}';
  peaks_before bytea[] := '{}';
  heads_before bytea[] := '{}';
  h record;
  at_ms bigint;
  n bigint;
  node bytea;
  nodes bytea;
  rest bytea;
  new_head bytea;
BEGIN
  FOR i IN 1 .. count LOOP
    SELECT t.size, t.peaks, t.head INTO h FROM ledger.heads t WHERE t.workspace_id = p_workspaces[i] FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO ledger.heads AS t VALUES (p_workspaces[i], 0, 0, 0, '', sha256('')) ON CONFLICT DO NOTHING;
      SELECT t.size, t.peaks, t.head INTO h FROM ledger.heads t WHERE t.workspace_id = p_workspaces[i] FOR UPDATE;
    END IF;
    sizes := sizes || h.size;
    peaks_before := peaks_before || h.peaks;
    heads_before := heads_before || h.head;
  END LOOP;

  IF p_retry THEN
    RETURN QUERY
      SELECT DISTINCT 'committed', e.workspace_id, e.commit_seq, NULL, NULL, NULL
        FROM (SELECT d.workspace_id, d.commit_seq
                FROM unnest(d_workspace, d_id) AS g (w, id)
                JOIN ledger.decisions d ON d.workspace_id = p_workspaces[g.w] AND d.id = g.id
               UNION ALL
              SELECT a.workspace_id, a.commit_seq
                FROM unnest(a_workspace, a_id) AS g (w, id)
                JOIN ledger.annotations a ON a.workspace_id = p_workspaces[g.w] AND a.id = g.id) AS e;
    IF FOUND THEN
      RETURN;
    END IF;
  END IF;

  IF k_hash IS NOT NULL THEN
    -- Whoever writes a key holds its workspace's head, so what is seen here stays so until we commit.
    RETURN QUERY
      SELECT 'replayed', i.workspace_id, NULL::bigint, i.key_hash, i.request_hash, i.response
        FROM unnest(k_workspace, k_hash) AS k (w, hash)
        JOIN ledger.idempotency i ON i.workspace_id = p_workspaces[k.w] AND i.key_hash = k.hash
       WHERE i.created_at > now() - interval '24 hours';
    IF FOUND THEN
      RETURN;
    END IF;
    INSERT INTO ledger.idempotency AS i
    SELECT p_workspaces[k.w], k.hash, k.request, k.response, k.decisions::text[], now()
      FROM unnest(k_workspace, k_hash, k_request, k_response, k_decisions) AS k (w, hash, request, response, decisions)
    ON CONFLICT (workspace_id, key_hash) DO UPDATE
       SET request_hash = excluded.request_hash, response = excluded.response, decisions = excluded.decisions,
           created_at = excluded.created_at;
  END IF;

  at_ms := floor(extract(epoch FROM clock_timestamp()) * 1000);
  FOR i IN 1 .. count LOOP
    -- Push one leaf onto the log (RFC 6962 §2.1): merge equal-sized peaks from the right, then bag them for the head.
    node := sha256('\x00'::bytea || substr(p_roots, 32 * i - 31, 32) || int8send(p_entries[i]) || int8send(at_ms));
    nodes := node;
    rest := peaks_before[i];
    n := sizes[i];
    WHILE n & 1 = 1 LOOP
      node := sha256('\x01'::bytea || substr(rest, length(rest) - 31) || node);
      rest := substr(rest, 1, length(rest) - 32);
      nodes := nodes || node;
      n := n >> 1;
    END LOOP;
    new_head := node;
    FOR j IN REVERSE length(rest) / 32 .. 1 LOOP
      new_head := sha256('\x01'::bytea || substr(rest, 32 * j - 31, 32) || new_head);
    END LOOP;
    UPDATE ledger.heads AS t
       SET size = t.size + 1, entries = t.entries + p_entries[i], decisions = t.decisions + p_decisions[i],
           peaks = rest || node, head = new_head
     WHERE t.workspace_id = p_workspaces[i];
    INSERT INTO ledger.commits
    VALUES (p_workspaces[i], sizes[i], p_entries[i], p_first[i], p_last[i],
            to_timestamp(at_ms / 1000.0), substr(p_roots, 32 * i - 31, 32), nodes, heads_before[i], new_head);
    status := 'committed';
    workspace_id := p_workspaces[i];
    seq := sizes[i];
    RETURN NEXT;
  END LOOP;

  IF d_id IS NOT NULL THEN
    INSERT INTO ledger.decisions (commit_seq, created_at, position, automated, workspace_id, id, task, label,
                                  model_version, external_id, subject, salt, leaf, record, payload)
    SELECT sizes[d.w], to_timestamp(d.at / 1000.0), d.position, d.automated, p_workspaces[d.w], d.id, d.task, d.label,
           d.model_version, d.external_id, d.subject, d.salt, d.leaf, d.record, d.payload
      FROM unnest(d_workspace, d_position, d_id, d_at, d_automated, d_task, d_label, d_model_version, d_external_id,
                  d_subject, d_salt, d_leaf, d_record, d_payload)
           AS d (w, position, id, at, automated, task, label, model_version, external_id, subject, salt, leaf, record, payload);
  END IF;
  IF a_id IS NOT NULL THEN
    INSERT INTO ledger.annotations (commit_seq, created_at, position, kind, workspace_id, id, decision_id, label, source,
                                    salt, leaf, record, payload)
    SELECT sizes[a.w], to_timestamp(a.at / 1000.0), a.position, a.kind, p_workspaces[a.w], a.id, a.decision, a.label,
           a.source, a.salt, a.leaf, a.record, a.payload
      FROM unnest(a_workspace, a_position, a_id, a_at, a_kind, a_decision, a_label, a_source, a_salt, a_leaf, a_record,
                  a_payload)
           AS a (w, position, id, at, kind, decision, label, source, salt, leaf, record, payload);
    -- An erasure takes the personal data of its decision with it, in the transaction that records it.
    IF 'erasure' = ANY (a_kind) THEN
      UPDATE ledger.decisions AS d SET payload = NULL, salt = NULL, subject = NULL, external_id = NULL
        FROM unnest(a_workspace, a_kind, a_decision) AS a (w, kind, decision)
       WHERE a.kind = 'erasure' AND d.workspace_id = p_workspaces[a.w] AND d.id = a.decision;
      UPDATE ledger.annotations AS l SET payload = NULL, salt = NULL
        FROM unnest(a_workspace, a_kind, a_decision) AS a (w, kind, decision)
       WHERE a.kind = 'erasure' AND l.workspace_id = p_workspaces[a.w] AND l.decision_id = a.decision
         AND l.payload IS NOT NULL;
      -- The kept answer repeats personal data; who sends the same key again sends that data again, too.
      DELETE FROM ledger.idempotency AS i
       USING unnest(a_workspace, a_kind, a_decision) AS a (w, kind, decision)
       WHERE a.kind = 'erasure' AND i.workspace_id = p_workspaces[a.w] AND a.decision = ANY (i.decisions);
    END IF;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION ledger.append_group FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.append_group TO understudy_app;

-- The kept answers of a group of keys that are younger than a day; one round trip for all who ask at once.
CREATE FUNCTION ledger.find_idempotent(p_workspaces text[], p_hashes text[])
RETURNS TABLE (n bigint, request_hash text, response text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10
SET search_path = pg_catalog
SET app.workspace = '*'
AS $$
  SELECT k.n, i.request_hash, i.response
    FROM unnest(p_workspaces, p_hashes) WITH ORDINALITY AS k (workspace_id, key_hash, n)
    JOIN ledger.idempotency i ON i.workspace_id = k.workspace_id AND i.key_hash = k.key_hash
   WHERE i.created_at > now() - interval '24 hours'
$$;
REVOKE ALL ON FUNCTION ledger.find_idempotent FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.find_idempotent TO understudy_app;

-- Removes at most `p_limit` expired keys; returns how many.
CREATE FUNCTION ledger.expire_idempotency(p_limit int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog
SET app.workspace = '*'
AS $$
DECLARE
  removed int;
BEGIN
  DELETE FROM ledger.idempotency
   WHERE ctid = ANY (ARRAY(SELECT i.ctid FROM ledger.idempotency i
                            WHERE i.created_at <= now() - interval '24 hours' LIMIT p_limit));
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END
$$;
REVOKE ALL ON FUNCTION ledger.expire_idempotency FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.expire_idempotency TO understudy_app;

-- The least decision id of a moment: 'dec_' and the time's ten characters of Crockford base32.
CREATE FUNCTION ledger.decision_id_floor(p_at timestamptz) RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog
AS $$
DECLARE
  rest bigint := floor(extract(epoch FROM p_at) * 1000);
  characters text := '';
BEGIN
  FOR i IN 1 .. 10 LOOP
    characters := substr('0123456789abcdefghjkmnpqrstvwxyz', (rest % 32)::int + 1, 1) || characters;
    rest := rest / 32;
  END LOOP;
  RETURN 'dec_' || characters;
END
$$;

-- Makes the monthly partitions of decisions (UTC) from the month of p_from to the month of p_to. Rows that the
-- default partition caught in the meantime move into theirs. Returns the names of the partitions that it made.
CREATE FUNCTION ledger.ensure_partitions(p_from timestamptz, p_to timestamptz) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog
SET app.workspace = '*'
SET timezone = 'UTC'
AS $$
DECLARE
  month timestamptz := date_trunc('month', p_from);
  name text;
  low text;
  high text;
BEGIN
  IF p_to > p_from + interval '10 years' THEN
    RAISE EXCEPTION 'at most ten years of partitions at once' USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ledger.ensure_partitions'));
  WHILE month <= p_to LOOP
    name := 'decisions_' || to_char(month, 'YYYY_MM');
    IF to_regclass('ledger.' || name) IS NULL THEN
      low := ledger.decision_id_floor(month);
      high := ledger.decision_id_floor(month + interval '1 month');
      LOCK TABLE ledger.decisions_default IN ACCESS EXCLUSIVE MODE;
      EXECUTE format('CREATE TABLE ledger.%I (LIKE ledger.decisions INCLUDING DEFAULTS)', name);
      EXECUTE format('WITH moved AS (DELETE FROM ledger.decisions_default WHERE id >= %L AND id < %L RETURNING *)
                      INSERT INTO ledger.%I SELECT * FROM moved', low, high, name);
      EXECUTE format('ALTER TABLE ledger.decisions ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)', name, low, high);
      PERFORM kernel.protect(('ledger.' || name)::regclass);
      EXECUTE format('REVOKE ALL ON ledger.%I FROM understudy_app', name);
      RETURN NEXT name;
    END IF;
    month := month + interval '1 month';
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION ledger.ensure_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.ensure_partitions TO understudy_app;
