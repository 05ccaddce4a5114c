-- A task's policy has one run at a time, however many schedulers ask for it.
CREATE UNIQUE INDEX runs_of_policy ON training.runs (task_id)
  WHERE status IN ('queued', 'running') AND body ->> 'requestedBy' = 'policy';
