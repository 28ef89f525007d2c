-- The tables that cdr push clickhouse creates on every node of the target if they are missing. format 1
--
-- {database} is the database; {columns NAME} are the columns of that table of the model with the types of the server's dialect. A statement ends with
-- a semicolon at the end of a line, and statements are run one by one.
--
-- How it works. The facts of an interaction are immutable: `content` is a hash of all its rows in all tables, and rows with another content are
-- different rows. Sending them twice, from two warehouses or after a lost connection, therefore gives the same rows, and ReplacingMergeTree keeps one
-- of them. A claim says that a warehouse has an interaction with that content. Only the warehouse that made a claim replaces it. If warehouses claim
-- several contents for one interaction, the one with the greatest rank is shown. The others, and contents that no warehouse claims any more, are
-- listed in `hidden`, and the views leave them out.
--
-- One of an interaction's records gives it its name. A site that has only some of these records may name it after another one. Therefore a site with
-- more of them also claims the names of all these records, with the content 0: such a name shows nothing, because it is part of another interaction.
--
-- interaction_key is XXH3-64 of vendor, source and interaction_id with a NUL between them, the same in every warehouse. identity is XXH3-128 of the
-- same, so that claims of many interactions do not collide by chance. An agent's states are pushed by day: for these, both are made of 'agent',
-- vendor, source, agent_id and the day.

-- One row per target: the dialect and settings with which it was made.
CREATE TABLE IF NOT EXISTS {database}.push_schema (
  format UInt32,
  dialect String,         -- classic: DateTime and a column of milliseconds; modern: DateTime64(3)
  cluster String,         -- '' = one node
  made_at DateTime
) ENGINE = ReplacingMergeTree(made_at) ORDER BY format;

-- One row per view: the version of libcdr that made it (10203 for 1.2.3), and the hash of its text. The latest row of the greatest version counts.
CREATE TABLE IF NOT EXISTS {database}.push_view (
  name String,
  version UInt32,
  hash UInt64,
  made_at DateTime
) ENGINE = MergeTree ORDER BY name;

-- One row per warehouse: the import up to which all of its data is here. The greatest revision counts.
CREATE TABLE IF NOT EXISTS {database}.push_state (
  warehouse UUID,
  import_id Int64,
  fingerprint UInt64,     -- of that import, so that another file with the same id is found out
  anonymised String,      -- what the tokens of its key look like; '' = in clear
  revision UInt64,
  pushed_at DateTime
) ENGINE = ReplacingMergeTree(revision) ORDER BY warehouse;

-- One row per content that a warehouse has or had. The greatest seq counts.
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

-- The same rows ordered by interaction. They are written here first.
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

-- One row per interaction that was erased and warehouse that erased it: no warehouse brings it back, except that one, if it imports it again.
CREATE TABLE IF NOT EXISTS {database}.erasure (
  identity UUID,
  interaction_key UInt64,
  warehouse UUID,
  is_lifted UInt8,
  seq UInt64
) ENGINE = ReplacingMergeTree(seq) ORDER BY (identity, warehouse);

-- One row per content that the views leave out (is_hidden 1) or once left out. version is the sum of seq over all claims to the interaction: the row
-- made with the most claims counts.
CREATE TABLE IF NOT EXISTS {database}.hidden (
  interaction_key UInt64,
  content UInt64,
  is_hidden UInt8,
  version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (interaction_key, content);

-- One row per agent, first day in a team, and warehouse that has it in its agent_team. The greatest revision counts. Every node has all of them. The
-- view agent_team shows one team for an agent and a day: if warehouses disagree, the team whose name is last.
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

-- The facts: each row is a row of the model. day is the date of the row's own time (UTC), or 1970-01-01 without one; n distinguishes the rows of one
-- content.
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

-- Here interaction_key is the key of the agent's day, by which the rows are claimed and sharded.
CREATE TABLE IF NOT EXISTS {database}.fact_agent_state (
  {columns agent_state},
  content UInt64, day Date, n UInt32
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (vendor, source, day, interaction_key, content, n);
