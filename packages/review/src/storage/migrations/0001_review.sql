-- The review queue. All moments that decide anything are the database's: a server whose clock jumps expires no claim.

CREATE TABLE review.items (
  workspace_id text COLLATE "C" NOT NULL,
  -- `itm_` + the decision's id without its prefix; of a gold item, an id of its own in the same shape.
  id text COLLATE "C" NOT NULL,
  decision text COLLATE "C" NOT NULL,
  task_id text COLLATE "C" NOT NULL,
  task text COLLATE "C" NOT NULL,
  task_revision integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('review', 'audit', 'appeal', 'gold')),
  reason text,
  -- With which probability the decision was to be labelled; null when unknown.
  probability double precision,
  -- Skipped or escalated once: who answers it is not by chance any more.
  irregular boolean NOT NULL DEFAULT false,
  value double precision NOT NULL,
  -- The order of work: when it came, less a head start for what its label is worth.
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  -- The personal part; null when erased.
  input jsonb,
  model_label text,
  model_confidence double precision,
  -- Keyed draws in [0, 1), made when the item came.
  hide_lot double precision NOT NULL,
  second_lot double precision NOT NULL,
  gold_lot double precision NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'answering', 'answered', 'closed')),
  escalation text CHECK (escalation IN ('by_reviewer', 'skipped', 'disagreement')),
  closed_reason text,
  -- Grows when an appeal opens the item again: opinions are compared within a round.
  round integer NOT NULL DEFAULT 1,
  -- The fencing token of the last claim; what comes with another one is too late.
  claim_token text,
  claim_by text,
  claim_at timestamptz,
  claim_until timestamptz,
  -- The token of the verdict that this claim undid.
  claim_undoes text,
  seen text[] NOT NULL DEFAULT '{}',
  skipped_by text[] NOT NULL DEFAULT '{}',
  skipped_at timestamptz,
  skips integer NOT NULL DEFAULT 0,
  opinions integer NOT NULL DEFAULT 0,
  answer text,
  answered_at timestamptz,
  gold_id text,
  gold_truth text,
  PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 80);
CREATE INDEX items_next ON review.items (workspace_id, due_at, id) WHERE state = 'waiting';
CREATE INDEX items_next_of_task ON review.items (workspace_id, task, due_at, id) WHERE state = 'waiting';
CREATE INDEX items_claimed ON review.items (workspace_id, claim_by) WHERE state = 'waiting' AND claim_by IS NOT NULL;
CREATE INDEX items_of_task ON review.items (workspace_id, task_id, created_at DESC);
CREATE INDEX items_decision ON review.items (workspace_id, decision);
CREATE INDEX items_gold ON review.items (workspace_id, gold_id) WHERE gold_id IS NOT NULL;
SELECT kernel.protect('review.items');

-- What reviewers said. Accepted as `pending` before the ledger has the label under the same id, `recorded` after.
CREATE TABLE review.verdicts (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  item text COLLATE "C" NOT NULL,
  round integer NOT NULL,
  decision text COLLATE "C" NOT NULL,
  task_id text COLLATE "C" NOT NULL,
  task text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  reviewer text COLLATE "C" NOT NULL,
  token text NOT NULL,
  label text NOT NULL,
  seconds double precision NOT NULL,
  note text,
  probability double precision,
  -- The suggestion that the reviewer saw; null when none was shown.
  shown text,
  model_label text,
  gold_id text,
  gold_truth text,
  -- A lead's word on an escalated item.
  deciding boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'recorded', 'undone')),
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX verdicts_token ON review.verdicts (workspace_id, item, token);
CREATE INDEX verdicts_reviewer ON review.verdicts (workspace_id, reviewer, at DESC);
CREATE INDEX verdicts_time ON review.verdicts (workspace_id, at DESC);
CREATE INDEX verdicts_task ON review.verdicts (workspace_id, task, at DESC);
CREATE INDEX verdicts_pending ON review.verdicts (at) WHERE state = 'pending';
CREATE INDEX verdicts_decision ON review.verdicts (workspace_id, decision);
SELECT kernel.protect('review.verdicts');

-- How claims ended without a verdict.
CREATE TABLE review.handbacks (
  workspace_id text COLLATE "C" NOT NULL,
  item text COLLATE "C" NOT NULL,
  token text NOT NULL,
  action text NOT NULL CHECK (action IN ('skip', 'release', 'escalate')),
  reviewer text NOT NULL,
  note text,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, item, token)
);
SELECT kernel.protect('review.handbacks');

-- Items whose answer is known.
CREATE TABLE review.gold (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  decision text COLLATE "C" NOT NULL,
  task_id text COLLATE "C" NOT NULL,
  task text COLLATE "C" NOT NULL,
  task_revision integer NOT NULL,
  input jsonb NOT NULL,
  label text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  used integer NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, decision)
);
CREATE INDEX gold_of_task ON review.gold (workspace_id, task_id, used, id);
SELECT kernel.protect('review.gold');
