-- A day of calls from GetCallDetailRecord: the outcome of each, and the length of each state.
.mode list
.headers on
SELECT interaction_id, direction, outcome, end_cause, released_by, sip_code,
       agent_count AS agents, dialog_count AS dialogs, transfer_count AS transfers, mapping
FROM interactions(cdr_file('../../samples/alibaba/day_get.ndjson'));

SELECT interaction_id, ivr_seconds AS ivr, in_queue_seconds AS queue, waiting_seconds AS waiting,
       ring_seconds AS ring, active_seconds AS active, hold_seconds AS hold, acw_seconds AS acw,
       handle_seconds AS handle
FROM interactions(cdr_file('../../samples/alibaba/day_get.ndjson'));

-- The states of the interaction and of its agents, with their basis: a transfer, and two phones that rang.
SELECT interaction_id, agent_id, state, start_time, end_time, seconds, basis
FROM state_durations(cdr_file('../../samples/alibaba/day_get.ndjson'))
WHERE interaction_id IN ('job-20240506000011', 'job-20240506000014');

-- Every figure of the table fits inside its call, and the call itself has ended.
SELECT count(*) FROM state_durations(cdr_file('../../samples/alibaba/day_get.ndjson')) AS s
JOIN interactions(cdr_file('../../samples/alibaba/day_get.ndjson')) AS i USING (interaction_id)
WHERE s.start_time < i.start_time OR s.end_time > i.end_time;
