-- What one asks: for each table of the model a view of what is shown of its facts on this node. {names} are its columns, {view} its name:
-- that of the model's table, or where there are several nodes, the same with _shard.
CREATE VIEW IF NOT EXISTS {database}.{view} AS
SELECT {names}, day
FROM {database}.fact_{table} FINAL
WHERE (interaction_key, content) NOT IN (SELECT interaction_key, content FROM {database}.hidden FINAL WHERE is_hidden = 1);
