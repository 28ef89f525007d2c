-- One row per agent and the day from which they are in a team: what the warehouses' tables agent_team say.
CREATE VIEW IF NOT EXISTS {database}.agent_team AS
SELECT vendor, source, agent_id, valid_from, max(name) AS team
FROM (SELECT vendor, source, agent_id, valid_from, team AS name FROM {database}.team_claim FINAL WHERE is_gone = 0)
GROUP BY vendor, source, agent_id, valid_from;
