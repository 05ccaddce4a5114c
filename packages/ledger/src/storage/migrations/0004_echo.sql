-- How often the labels of a key said what we had said; derived from the labels.
CREATE TABLE ledger.echo_evidence (
  workspace_id text COLLATE "C" NOT NULL,
  principal text COLLATE "C" NOT NULL,
  log_wealth double precision NOT NULL,
  labels bigint NOT NULL,
  agreed bigint NOT NULL,
  always_agrees boolean NOT NULL,
  PRIMARY KEY (workspace_id, principal)
);
SELECT kernel.protect('ledger.echo_evidence');
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.echo_evidence TO understudy_app;
