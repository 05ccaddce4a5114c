-- Tiers 3 and 4: summaries of a minute and of ten seconds, for the latest hours only. And of each labelled decision whether an import has said
-- what it is: then nobody is asked any more.
ALTER TABLE ledger.rollup_known ADD COLUMN imported boolean NOT NULL DEFAULT false;
ALTER TABLE ledger.rollup_known ALTER COLUMN imported DROP DEFAULT;

-- Both are counted from the ledger again, from its beginning.
DELETE FROM ledger.rollup;
DELETE FROM ledger.rollup_known;
DELETE FROM ledger.cursors WHERE consumer = 'rollup';
