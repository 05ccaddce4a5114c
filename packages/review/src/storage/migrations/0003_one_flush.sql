-- A verdict waits for the disk once instead of twice.
CREATE OR REPLACE FUNCTION review.begin_verdict(p_workspace text, p_id text, p_item text, p_token text, p_reviewer text,
  p_label text, p_seconds float8, p_idle_limit float8, p_note text, p_shown text)
RETURNS TABLE (item jsonb, verdict jsonb) LANGUAGE plpgsql AS $$
DECLARE
  i review.items;
  v review.verdicts;
  held float8;
  idle float8;
BEGIN
  PERFORM set_config('app.workspace', p_workspace, true);
  UPDATE review.items t
  SET state = 'answering', closed_reason = NULL, opinions = t.opinions + 1, seen = array_append(t.seen, p_reviewer)
  WHERE t.workspace_id = p_workspace AND t.id = p_item AND t.claim_token = p_token AND t.claim_by = p_reviewer
    AND (t.state = 'waiting' OR t.state = 'closed' AND t.closed_reason = 'answered_elsewhere')
  RETURNING t.* INTO i;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  -- Its label's commit, which follows and waits for the disk, makes this one durable, too. A control has no label.
  IF i.gold_id IS NULL THEN
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  held := extract(epoch FROM clock_timestamp() - i.claim_at);
  idle := least(held, extract(epoch FROM clock_timestamp() - (
    SELECT max(x.at) FROM review.verdicts x WHERE x.workspace_id = p_workspace AND x.reviewer = p_reviewer)));
  INSERT INTO review.verdicts (workspace_id, id, item, round, decision, task_id, task, kind, reviewer, token, label,
    seconds, note, probability, shown, model_label, gold_id, gold_truth, deciding, state, at)
  VALUES (p_workspace, p_id, p_item, i.round, i.decision, i.task_id, i.task, i.kind, p_reviewer, p_token, p_label,
    greatest(0, least(coalesce(p_seconds, idle), held + 1, p_idle_limit)), p_note,
    i.probability, p_shown, i.model_label, i.gold_id, i.gold_truth,
    i.escalation IS NOT NULL, 'pending', clock_timestamp())
  RETURNING * INTO v;
  RETURN QUERY SELECT to_jsonb(i), to_jsonb(v);
END $$;

-- A function keeps the plans of its first calls, made for a table of few rows: there any index that begins with the
-- workspace seems as good as the key, and later reads all verdicts of the workspace, until statistics are taken.
ALTER FUNCTION review.finish_verdict SET plan_cache_mode = force_custom_plan;
