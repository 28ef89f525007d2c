-- uContact's own tables, from the samples: every kind of record, and elements that are not records.
.mode line
SELECT * FROM ucontact_record(cdr_file('../../samples/ucontact/getrecords.json', '{"zone":"America/Montevideo"}')) LIMIT 1;
SELECT * FROM ucontact_campaign_agent(cdr_file('../../samples/ucontact/campaignstatus_test.json')) LIMIT 1;
SELECT * FROM ucontact_campaign_status(cdr_file('../../samples/ucontact/campaignstatus_test.json'));
SELECT * FROM ucontact_disposition(cdr_file('../../samples/ucontact/disposition.json'));
.mode box
SELECT queue, logged_in, available, callers, hold_time, talk_time, longest_hold_time, internal_action_id, date_received
FROM ucontact_queue_summary(cdr_file('../../samples/ucontact/queuesummary*.json'));
SELECT location, name, status, agent_status_name(status) AS status_name, paused, pausedreason, date_received
FROM ucontact_campaign_agent(cdr_file('../../samples/ucontact/campaignstatus*.json', '{"zone":"America/Montevideo"}'));
SELECT campaign, totalcalls, completed, abandoned, talked, abandonedlevel, servicelevel, slevelthreshold, strategy
FROM ucontact_campaign_status(cdr_file('../../samples/ucontact/campaignstatus*.json'));
SELECT kind, calldate, campaign, destination, alternatives, data, dialerbase, priority, agent, agentphone, bulk, automatic
FROM ucontact_dialer_call(cdr_file('../../samples/ucontact/'));
SELECT * FROM ucontact_dialer_list(cdr_file('../../samples/ucontact/dialer_list.txt'));
SELECT campaign, number, kv_json(data) AS data FROM ucontact_dialer_list('sales;48500003301;a=1:b=2;48500003302;10;1001');
SELECT * FROM ucontact_blacklist(cdr_file('../../samples/ucontact/blacklist*.json'));

-- The whole folder has no problem, and neither does the closing element of queuesummary.
SELECT count(*) AS problems FROM cdr_problems(cdr_file('../../samples/ucontact/', '{"on_error":"skip"}'));
SELECT cdr_vendor('{"internalActionId":"1982468278_6312","dateReceived":"Nov 2, 2018 11:31:42 AM"}') AS closing_element;

-- The filter object of getrecords is a question, not a record.
SELECT code, message FROM cdr_problems('{"calldatei":"2015-12-03 00:00:00","calldatef":"2016-02-24 23:59:59","agent":"",
"campaign":"","source":"","destination":"","data":"","range":"","rating":"","mindur":"","exclude":"","type":"record","cont":""}');

-- Unknown fields, and values that do not convert, are in extra.
SELECT guid, json_extract(extra, '$.mos') AS mos, extra
FROM ucontact_record(cdr_file('../../samples/ucontact/day.json')) WHERE extra IS NOT NULL;
SELECT number, priority, extra FROM ucontact_dialer_list('campaign;number;data;alternatives;priority;agentphone');
