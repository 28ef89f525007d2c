-- One row per agent and the first day in a team, from the warehouses' tables agent_team.
CREATE VIEW IF NOT EXISTS {database}.agent_team AS
SELECT vendor, source, agent_id, valid_from, max(name) AS team
FROM (SELECT vendor, source, agent_id, valid_from, team AS name FROM {database}.team_claim FINAL WHERE is_gone = 0)
GROUP BY vendor, source, agent_id, valid_from;
