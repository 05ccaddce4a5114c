-- A room of the driver's own tests: one tenant table, one global table.
CREATE TABLE sample.notes (
  workspace_id text NOT NULL,
  note_id integer NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (workspace_id, note_id)
);
SELECT kernel.protect('sample.notes');

CREATE TABLE sample.settings (name text PRIMARY KEY, value text NOT NULL);
