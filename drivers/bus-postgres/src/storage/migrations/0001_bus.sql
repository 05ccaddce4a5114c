-- Topics that the operator's own PostgreSQL keeps. They belong to the operator like a broker's, not to a workspace, so
-- no table has a workspace_id. All moments are the database's.

CREATE TABLE bus.topics (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 255),
  -- The place of the last message. Its row is locked from a message's insert to the commit, so places become visible
  -- in order: a reader that has seen place 7 will never find a new 6.
  head bigint NOT NULL DEFAULT 0,
  -- Messages are kept so long, and longer while a group has not done them.
  keep interval NOT NULL DEFAULT '7 days',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE bus.messages (
  topic_id integer NOT NULL REFERENCES bus.topics ON DELETE CASCADE,
  -- 0…15, from the key: one consumer of a group at a time, which keeps each key in order.
  lane smallint NOT NULL,
  place bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  key text COLLATE "C",
  headers json NOT NULL,
  body bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic_id, lane, place)
);
ALTER TABLE bus.messages ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE bus.groups (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic_id integer NOT NULL REFERENCES bus.topics ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (topic_id, name)
);

-- How far a group is in each lane, and who works on it.
CREATE TABLE bus.lanes (
  group_id integer NOT NULL REFERENCES bus.groups ON DELETE CASCADE,
  lane smallint NOT NULL,
  -- Everything up to here is done, or waits in bus.retries.
  position bigint NOT NULL,
  -- The last place that was ever handed out: up to it, a message may have been seen before.
  reached bigint NOT NULL,
  -- Times in a row that what was handed out was not acknowledged.
  failures integer NOT NULL DEFAULT 0,
  -- The fencing token of the consumer at work; what comes under another one is too late.
  holder text,
  until timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (group_id, lane)
) WITH (fillfactor = 40);

-- Messages set aside: those to be tried again, and those of the same key that wait behind them.
CREATE TABLE bus.retries (
  group_id integer NOT NULL REFERENCES bus.groups ON DELETE CASCADE,
  lane smallint NOT NULL,
  place bigint NOT NULL,
  key text COLLATE "C",
  due timestamptz NOT NULL,
  deliveries integer NOT NULL,
  PRIMARY KEY (group_id, lane, place)
) WITH (fillfactor = 70);

/*
 * Publishes messages, one a place of the arrays, and answers the place of the first; null when there is no such topic.
 * For applications that share this database: call it last in a transaction, for the topic is locked until its end.
 */
CREATE FUNCTION bus.publish(topic text, ids text[], keys text[], headers json[], bodies bytea[]) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
  target integer;
  before bigint;
BEGIN
  UPDATE bus.topics t SET head = t.head + cardinality(ids) WHERE t.name = topic
    RETURNING t.id, t.head - cardinality(ids) INTO target, before;
  IF target IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO bus.messages (topic_id, lane, place, id, key, headers, body)
    SELECT target, (CASE WHEN m.key IS NULL THEN before + m.n ELSE hashtextextended(m.key, 0) END & 15)::smallint,
      before + m.n, m.id, m.key, m.headers, m.body
    FROM unnest(ids, keys, headers, bodies) WITH ORDINALITY AS m (id, key, headers, body, n);
  PERFORM pg_notify('understudy_bus', topic);
  RETURN before + 1;
END
$$;

-- Makes a topic where there is none. For applications, too.
CREATE FUNCTION bus.ensure_topic(topic text) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO bus.topics (name) SELECT topic WHERE NOT EXISTS (SELECT FROM bus.topics t WHERE t.name = topic)
  ON CONFLICT DO NOTHING
$$;
