-- Where each consumer of the ledger stands: `next` is the first commit that it has not applied.
CREATE TABLE ledger.cursors (
  workspace_id text COLLATE "C" NOT NULL,
  consumer text COLLATE "C" NOT NULL,
  next bigint NOT NULL,
  PRIMARY KEY (workspace_id, consumer)
);
SELECT kernel.protect('ledger.cursors');
GRANT SELECT, INSERT, UPDATE ON ledger.cursors TO understudy_app;
