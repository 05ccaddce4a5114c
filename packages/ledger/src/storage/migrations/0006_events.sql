-- Events of the platform itself (a model promoted, a job finished) stand in the same log; `decision_id` is '' for them.
ALTER TABLE ledger.annotations DROP CONSTRAINT annotations_kind_check;
ALTER TABLE ledger.annotations ADD CONSTRAINT annotations_kind_check CHECK (kind IN ('label', 'erasure', 'event')) NOT VALID;
