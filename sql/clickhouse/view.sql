-- The views that users query: one for each table of the model, with the visible facts on this node. {names} are its columns; {view} is its name,
-- which is that of the model's table, with _shard appended if there are several nodes.
CREATE VIEW IF NOT EXISTS {database}.{view} AS
SELECT {names}, day
FROM {database}.fact_{table} FINAL
WHERE (interaction_key, content) NOT IN (SELECT interaction_key, content FROM {database}.hidden FINAL WHERE is_hidden = 1);
