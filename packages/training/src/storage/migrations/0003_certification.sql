-- What certification remembers of a model version: scores, not texts.
CREATE TABLE training.certification_scores (
  workspace_id text NOT NULL,
  task_id text NOT NULL,
  model text NOT NULL,
  version text NOT NULL,
  task_revision integer NOT NULL,
  dataset text NOT NULL,
  rows_digest text NOT NULL,
  score jsonb NOT NULL,
  by_time boolean NOT NULL,
  scored_at timestamptz NOT NULL,
  -- scored-rows.ts says how.
  tune bytea NOT NULL,
  certify bytea NOT NULL,
  -- Sorted fingerprints of the texts that the version was fitted, tuned or compared on, a double each.
  seen bytea,
  PRIMARY KEY (workspace_id, task_id, model, version)
);
SELECT kernel.protect('training.certification_scores');
