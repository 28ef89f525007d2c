-- One per table of the model, the same on all nodes of the cluster. An interaction's rows are on one shard, so that tables can be joined there:
-- SETTINGS distributed_product_mode = 'local'.
CREATE TABLE IF NOT EXISTS {database}.{table} AS {database}.{table}_shard ENGINE = Distributed({cluster}, {database}, {table}_shard, interaction_key);
