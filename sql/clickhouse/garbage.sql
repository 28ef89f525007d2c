-- Of a table of facts: which of its rows are to be gone from the disk: those of interactions that were erased, and those of
-- contents that nobody claims any more and that are hidden.
interaction_key IN (SELECT interaction_key FROM {database}.erasure FINAL WHERE is_lifted = 0)
OR (interaction_key, content) IN (
  SELECT interaction_key, content FROM {database}.hidden FINAL
  WHERE is_hidden = 1 AND (interaction_key, content) NOT IN (SELECT interaction_key, content FROM {database}.standing FINAL WHERE state < 2)
);
