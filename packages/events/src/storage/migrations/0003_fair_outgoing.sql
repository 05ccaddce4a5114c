-- Workspaces that write to one topic take turns, so each of them is found, and read in its order, by an index. The order
-- of a key is that of its workspace.

CREATE INDEX outgoing_turns ON events.outgoing (bus, topic, workspace_id, seq);
DROP INDEX events.outgoing_order;
DROP INDEX events.outgoing_held_back;
CREATE INDEX outgoing_held_back ON events.outgoing (bus, topic, workspace_id, key, seq) WHERE next_at IS NOT NULL;
