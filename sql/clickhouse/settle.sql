-- Decides from all claims which contents of the interactions {keys} are shown. {when} is `hide = 1 AND has_live = 1` before facts are sent, so that
-- old content is not visible beside its replacement, and `hide = 1` afterwards.
INSERT INTO {database}.hidden (interaction_key, content, is_hidden, version)
SELECT interaction_key, content, hide, clock FROM (
  SELECT interaction_key, content, clock, has_live,
    toUInt8(NOT (alive = 1 AND content = best
      AND identity NOT IN (SELECT identity FROM {database}.erasure FINAL WHERE is_lifted = 0))) AS hide
  FROM (
    SELECT identity, any(key) AS interaction_key, sum(seqs) AS clock, max(alive) AS has_live, argMax(content, (alive, best_rank, content)) AS best,
      groupArray(content) AS contents, groupArray(alive) AS alives
    FROM (
      SELECT identity, any(interaction_key) AS key, content, max(state = 1) AS alive, max(rank) AS best_rank, sum(seq) AS seqs
      FROM {database}.standing FINAL WHERE interaction_key IN ({keys}) GROUP BY identity, content
    ) GROUP BY identity
  ) ARRAY JOIN contents AS content, alives AS alive
)
WHERE ({when}) OR (interaction_key, content) IN (SELECT interaction_key, content FROM {database}.hidden WHERE interaction_key IN ({keys}));
