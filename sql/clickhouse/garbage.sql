-- The condition for rows of a table of facts that must be removed from the disk: rows of erased interactions, and of hidden contents that no
-- warehouse claims any more.
interaction_key IN (SELECT interaction_key FROM {database}.erasure FINAL WHERE is_lifted = 0)
OR (interaction_key, content) IN (
  SELECT interaction_key, content FROM {database}.hidden FINAL
  WHERE is_hidden = 1 AND (interaction_key, content) NOT IN (SELECT interaction_key, content FROM {database}.standing FINAL WHERE state < 2)
);
