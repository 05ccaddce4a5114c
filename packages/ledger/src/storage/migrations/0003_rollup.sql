-- Counters derived from the ledger: for each task, hour, day and month (UTC), and model version. Nothing here is a
-- source: `LedgerFeed.rebuild('rollup', …)` makes it again, the same. Whole numbers only, so that the order of adding
-- does not matter.
CREATE TABLE ledger.rollup (
  bucket timestamptz NOT NULL,
  n bigint NOT NULL,
  -- 0 hour, 1 day, 2 month; + 10 by label, + 20 by confidence and reason: a summary does not read past the details.
  tier smallint NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  task_id text COLLATE "C" NOT NULL,
  task text COLLATE "C" NOT NULL,
  -- Empty: decided without a model.
  model_version text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace_id, tier, task_id, bucket, model_version, key)
) WITH (fillfactor = 70);

-- What is known of the truth of each labelled decision, so that a later label corrects the counters.
CREATE TABLE ledger.rollup_known (
  authority smallint NOT NULL,
  audited boolean NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  decision_id text COLLATE "C" NOT NULL,
  label_id text COLLATE "C" NOT NULL,
  label text COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace_id, decision_id)
) WITH (fillfactor = 90);

SELECT kernel.protect('ledger.rollup');
SELECT kernel.protect('ledger.rollup_known');
REVOKE ALL ON ledger.rollup, ledger.rollup_known FROM understudy_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.rollup, ledger.rollup_known TO understudy_app;
