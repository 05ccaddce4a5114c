-- Who does what only one process may do. Global: it belongs to no tenant. The advisory lock decides who leads; the
-- epoch tells one term of leading from the next, so that work of a term that is over can be refused.
CREATE TABLE edge.leadership (
  name text PRIMARY KEY,
  epoch bigint NOT NULL,
  holder text NOT NULL,
  since timestamptz NOT NULL
);
REVOKE DELETE ON edge.leadership FROM understudy_app;

-- Holds the term until the end of the transaction: nobody can begin the next one before. A leader that froze in the
-- middle of it is ended by the server, so that the next one does not wait for long. False = the term is over.
CREATE FUNCTION edge.within_term(led text, term bigint, silence_ms integer) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM set_config('idle_in_transaction_session_timeout', silence_ms::text, true);
  PERFORM FROM edge.leadership l WHERE l.name = led AND l.epoch = term FOR SHARE;
  RETURN FOUND;
END
$$;
