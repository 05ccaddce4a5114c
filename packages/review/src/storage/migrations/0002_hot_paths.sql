-- What every item goes through, one round trip each: the scope is set inside, for the statement's own transaction.

CREATE FUNCTION review.claim_next(p_workspace text, p_reviewer text, p_task text, p_limit int, p_lease float8)
RETURNS SETOF review.items LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.workspace', p_workspace, true);
  IF p_task IS NULL THEN
    RETURN QUERY
      WITH next AS (
        SELECT i.id FROM review.items i
        WHERE i.workspace_id = p_workspace AND i.state = 'waiting'
          AND (i.claim_until IS NULL OR i.claim_until <= clock_timestamp())
          AND i.escalation IS NULL AND NOT (p_reviewer = ANY (i.seen))
          AND (i.skipped_at IS NULL OR NOT (p_reviewer = ANY (i.skipped_by))
            OR i.skipped_at <= clock_timestamp() - interval '1 hour')
        ORDER BY i.due_at, i.id LIMIT p_limit FOR UPDATE SKIP LOCKED)
      UPDATE review.items i
      SET claim_token = gen_random_uuid()::text, claim_by = p_reviewer, claim_at = clock_timestamp(),
          claim_until = clock_timestamp() + make_interval(secs => p_lease), claim_undoes = NULL
      FROM next WHERE i.workspace_id = p_workspace AND i.id = next.id RETURNING i.*;
  ELSE
    RETURN QUERY
      WITH next AS (
        SELECT i.id FROM review.items i
        WHERE i.workspace_id = p_workspace AND i.state = 'waiting' AND i.task = p_task
          AND (i.claim_until IS NULL OR i.claim_until <= clock_timestamp())
          AND i.escalation IS NULL AND NOT (p_reviewer = ANY (i.seen))
          AND (i.skipped_at IS NULL OR NOT (p_reviewer = ANY (i.skipped_by))
            OR i.skipped_at <= clock_timestamp() - interval '1 hour')
        ORDER BY i.due_at, i.id LIMIT p_limit FOR UPDATE SKIP LOCKED)
      UPDATE review.items i
      SET claim_token = gen_random_uuid()::text, claim_by = p_reviewer, claim_at = clock_timestamp(),
          claim_until = clock_timestamp() + make_interval(secs => p_lease), claim_undoes = NULL
      FROM next WHERE i.workspace_id = p_workspace AND i.id = next.id RETURNING i.*;
  END IF;
END $$;

-- The token is the fence: it is the item's until somebody else claims the item, however late it is. An answer from
-- elsewhere that came while the reviewer was at work does not waste the work. No row: nothing was accepted.
CREATE FUNCTION review.begin_verdict(p_workspace text, p_id text, p_item text, p_token text, p_reviewer text,
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

-- Without waiting for the disk: the ledger has the label, and a verdict that is found pending is settled again.
CREATE FUNCTION review.finish_verdict(p_workspace text, p_id text, p_state text, p_escalation text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v review.verdicts;
BEGIN
  PERFORM set_config('app.workspace', p_workspace, true), set_config('synchronous_commit', 'off', true);
  UPDATE review.verdicts t SET state = 'recorded'
  WHERE t.workspace_id = p_workspace AND t.id = p_id AND t.state = 'pending' RETURNING t.* INTO v;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  UPDATE review.items t
  SET state = p_state, escalation = coalesce(p_escalation, t.escalation), answer = v.label,
      answered_at = CASE WHEN p_state = 'answered' THEN v.at END, claim_token = NULL, claim_by = NULL,
      claim_at = NULL, claim_until = NULL, claim_undoes = NULL
  WHERE t.workspace_id = p_workspace AND t.id = v.item AND t.state = 'answering';
END $$;
