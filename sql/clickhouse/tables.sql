-- What cdr push clickhouse creates on every node of the target, if it is missing. format 1
--
-- In here {database} is the database, {columns NAME} the columns of that table of the model with the types of the server's dialect. Statements end with a semicolon at the end of a line, and are run one by one.
--
-- How it works. The facts of an interaction are immutable: `content` is a hash of all its rows in all tables, and rows of another content are
-- other rows. So sending them twice, from two warehouses or after a lost connection, gives the same rows, of which ReplacingMergeTree keeps
-- one. A claim says that a warehouse knows an interaction with that content. A claim is replaced by the warehouse that made it and by
-- nobody else. Of the contents that warehouses claim for one interaction one is shown: that with the greatest rank. The others, and those
-- that nobody claims any more, stand in `hidden`, which the views leave out.
--
-- An interaction may be named by one of its records. A site that has only some of its records may name it by another of them. So a site that
-- has more of them claims the names of all those records too, with the content 0: nothing is shown by such a name, because it is part of
-- another interaction.
--
-- interaction_key is XXH3-64 of vendor, source and interaction_id with a NUL between them, the same in every warehouse. identity is
-- XXH3-128 of the same, so that claims of many interactions do not meet by chance. An agent's states are pushed by the day: there, the two
-- are made of 'agent', vendor, source, agent_id and the day.

-- One row per target: by what it was made.
CREATE TABLE IF NOT EXISTS {database}.push_schema (
  format UInt32,
  dialect String,         -- classic: DateTime and a column of milliseconds; modern: DateTime64(3)
  cluster String,         -- '' = one node
  made_at DateTime
) ENGINE = ReplacingMergeTree(made_at) ORDER BY format;

-- One row per view: by which version of libcdr it was made (10203 for 1.2.3), and the hash of its text. The latest of the greatest version counts.
CREATE TABLE IF NOT EXISTS {database}.push_view (
  name String,
  version UInt32,
  hash UInt64,
  made_at DateTime
) ENGINE = MergeTree ORDER BY name;

-- One row per warehouse: up to which import all that it had is here. The greatest revision counts.
CREATE TABLE IF NOT EXISTS {database}.push_state (
  warehouse UUID,
  import_id Int64,
  fingerprint UInt64,     -- of that import, so that another file with the same id is found out
  anonymised String,      -- what the tokens of its key look like; '' = in clear
  revision UInt64,
  pushed_at DateTime
) ENGINE = ReplacingMergeTree(revision) ORDER BY warehouse;

-- One row per content that a warehouse has, or had. The greatest seq counts.
CREATE TABLE IF NOT EXISTS {database}.claim (
  warehouse UUID,
  local_key Int64,        -- the warehouse's interaction_key; negative for a day of an agent's states
  identity UUID,
  interaction_key UInt64,
  content UInt64,
  rank UInt64,            -- the latest instant in its records, in milliseconds, times 2^20, plus the number of provided values
  state UInt8,            -- 0: announced, and its facts may not all be here; 1: they are; 2: replaced or removed since
  seq UInt64
) ENGINE = ReplacingMergeTree(seq) ORDER BY (warehouse, local_key, identity, content);

-- The same rows in the order of interactions. They are written here first.
CREATE TABLE IF NOT EXISTS {database}.standing (
  warehouse UUID,
  local_key Int64,
  identity UUID,
  interaction_key UInt64,
  content UInt64,
  rank UInt64,
  state UInt8,
  seq UInt64
) ENGINE = ReplacingMergeTree(seq) ORDER BY (interaction_key, identity, warehouse, local_key, content);

-- One row per interaction that was erased, and warehouse that erased it: no warehouse brings it back, but that one, if it gets it anew.
CREATE TABLE IF NOT EXISTS {database}.erasure (
  identity UUID,
  interaction_key UInt64,
  warehouse UUID,
  is_lifted UInt8,
  seq UInt64
) ENGINE = ReplacingMergeTree(seq) ORDER BY (identity, warehouse);

-- One row per content that the views leave out (is_hidden 1), or left out once. version is the sum of seq over all claims to the
-- interaction: who knew more claims decides.
CREATE TABLE IF NOT EXISTS {database}.hidden (
  interaction_key UInt64,
  content UInt64,
  is_hidden UInt8,
  version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (interaction_key, content);

-- One row per agent, first day in a team, and warehouse that says so (agent_team there). The greatest revision counts. Every node has all of
-- them. The view agent_team shows one team for an agent and a day: where warehouses disagree, the last by its name.
CREATE TABLE IF NOT EXISTS {database}.team_claim (
  warehouse UUID,
  vendor String,
  source String,
  agent_id String,
  valid_from String,      -- 2024-05-31
  team String,
  is_gone UInt8,
  revision UInt64
) ENGINE = ReplacingMergeTree(revision) ORDER BY (vendor, source, agent_id, valid_from, warehouse);

-- The facts: a row of the model each. day is the date of the row's own time (UTC), 1970-01-01 without one; n tells rows of one content
-- apart.
CREATE TABLE IF NOT EXISTS {database}.fact_interaction (
  {columns interaction},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_dialog (
  {columns dialog},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_queue_visit (
  {columns queue_visit},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_agent_offer (
  {columns agent_offer},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_agent_event (
  {columns agent_event},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_queue_event (
  {columns queue_event},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_ivr_event (
  {columns ivr_event},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_customer_event (
  {columns customer_event},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_state_duration (
  {columns state_duration},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_recording (
  {columns recording},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

CREATE TABLE IF NOT EXISTS {database}.fact_wrap_up (
  {columns wrap_up},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);

-- interaction_key is here the key of the agent's day, by which the rows are claimed and sharded.
CREATE TABLE IF NOT EXISTS {database}.fact_agent_state (
  {columns agent_state},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);
