-- Decisions that somebody labelled become examples: one row a decision, however often its text came before.
ALTER TABLE lake.examples
  -- With which probability the decision was to be labelled; null: unknown, as it is for every import.
  ADD COLUMN probability double precision,
  ADD COLUMN decision text COLLATE "C",
  ADD COLUMN labelled_at timestamptz,
  -- Which label of the decision stands here, and how much its word counts: a later label of less authority changes nothing.
  ADD COLUMN label_id text COLLATE "C",
  ADD COLUMN authority smallint;

-- Imports are stored once an input and label, labelled decisions once a decision.
DROP INDEX lake.examples_duplicates;
CREATE UNIQUE INDEX examples_duplicates ON lake.examples (task_id, input_hash, label, (coalesce(decision, '')));
CREATE UNIQUE INDEX examples_of_decisions ON lake.examples (workspace_id, decision) WHERE decision IS NOT NULL;

-- How many labels a task was ever given: written in the transaction of the rows, so that "new since this dataset
-- version" is a subtraction and not a count.
CREATE TABLE lake.label_counters (
  workspace_id text NOT NULL,
  task_id text PRIMARY KEY,
  labels bigint NOT NULL,
  -- Of them, those of decisions.
  production bigint NOT NULL,
  changed_at timestamptz NOT NULL
);
SELECT kernel.protect('lake.label_counters');

ALTER TABLE lake.datasets
  ADD COLUMN sources jsonb,
  -- The task's counter when the rows were read.
  ADD COLUMN labels_given bigint;
SELECT set_config('app.workspace', '*', true);
INSERT INTO lake.label_counters
SELECT workspace_id, task_id, count(*), 0, now() FROM lake.examples GROUP BY workspace_id, task_id;
