-- Which runs of characters occur in some thousand examples, one bit each: a search reads only the rows of those that can
-- hold what it looks for. One row in this table stands for the rows first_id … last_id that were written with it.
CREATE TABLE lake.example_signatures (
  workspace_id text NOT NULL,
  task_id text NOT NULL,
  first_id text NOT NULL,
  last_id text NOT NULL,
  bits bytea NOT NULL,
  -- Rows were removed since: what was theirs must go from the bits too.
  stale boolean NOT NULL DEFAULT false,
  PRIMARY KEY (task_id, first_id, last_id)
);
-- Uncompressed and out of line, so that looking at one byte reads one piece.
ALTER TABLE lake.example_signatures ALTER COLUMN bits SET STORAGE EXTERNAL;
CREATE INDEX example_signatures_stale ON lake.example_signatures (task_id) WHERE stale;
SELECT kernel.protect('lake.example_signatures');

-- Rows that no signature stands for yet; searches read them all.
CREATE TABLE lake.example_unsigned (
  workspace_id text NOT NULL,
  task_id text NOT NULL,
  id text NOT NULL,
  PRIMARY KEY (task_id, id)
);
SELECT kernel.protect('lake.example_unsigned');

SELECT set_config('app.workspace', '*', true);
INSERT INTO lake.example_unsigned SELECT workspace_id, task_id, id FROM lake.examples;
