-- An agent's state log: the agent is in the path of the file, as in the request.
.mode list
.headers on
SELECT agent_id, start_time, state, state_code, duration, break_code, work_mode, outbound_scenario, extra
FROM alibaba_agent_state(cdr_file('../../samples/alibaba/ListAgentStateLogs/'));
SELECT interaction_id, agent_id, agent_name, state, reason, is_paid, start_time, end_time
FROM agent_states(cdr_file('../../samples/alibaba/ListAgentStateLogs/'));
-- Without such a path the agent is unknown, unless the entry names it.
SELECT agent_id, state, start_time, end_time FROM agent_states(
  '{"Code":"OK","Data":[{"StartTime":1620259200000,"State":"Break","StateCode":"CHECK_IN_BREAK","Duration":"32"},
                        {"AgentId":"a@x","StartTime":1620259200000,"State":"Ready","StateCode":"","Duration":5}]}');
