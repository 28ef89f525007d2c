.nullvalue NULL

-- An empty filter filters nothing.
SELECT count(*) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'));
SELECT count(*) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), NULL);
SELECT count(*) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '');
SELECT count(*) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[]');

-- The page's example, as JSON, as encodeURI writes it, and fully encoded.
SELECT count(*), min(dialog_id), max(dialog_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property": "talking_time", "operator": "gt", "value": 50000}]');
SELECT count(*), min(dialog_id), max(dialog_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '%5B%7B%22property%22:%22talking_time%22,%22operator%22:%22gt%22,%22value%22:50000%7D%5D');
SELECT count(*), min(dialog_id), max(dialog_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '%5B%7B%22property%22%3A%22talking_time%22%2C%22operator%22%3A%22gt%22%2C%22value%22%3A50000%7D%5D');

-- talking_time: five operators, and no operator. 240000 ms is the talking time of two dialogs of the day, 0 of many.
SELECT count(*), min(talking_time), max(talking_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"talking_time","operator":"gt","value":240000}]');
SELECT count(*), min(talking_time), max(talking_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"talking_time","operator":"gte","value":240000}]');
SELECT count(*), min(talking_time), max(talking_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"talking_time","operator":"lt","value":240000}]');
SELECT count(*), min(talking_time), max(talking_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"talking_time","operator":"lte","value":240000}]');
SELECT count(*), min(talking_time), max(talking_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"talking_time","operator":"eq","value":240000}]');
SELECT count(*), min(talking_time), max(talking_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"talking_time","value":240000}]');

-- Times: four operators, and no operator, which means equal.
SELECT count(*), min(start_time), max(start_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"start_time","operator":"gt","value":"2024-03-12 10:00:00"}]');
SELECT count(*), min(start_time), max(start_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"start_time","operator":"gte","value":"2024-03-12 10:00:00"}]');
SELECT count(*), min(start_time), max(start_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"start_time","operator":"lt","value":"2024-03-12 10:00:00"}]');
SELECT count(*), min(start_time), max(start_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"start_time","operator":"lte","value":"2024-03-12 10:00:00"}]');
SELECT count(*), min(start_time), max(start_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"start_time","value":"2024-03-12 10:00:00"}]');
SELECT count(*), min(hangup_time), max(hangup_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"hangup_time","operator":"gt","value":"2024-03-12 10:00:35"}]');
SELECT count(*), min(hangup_time), max(hangup_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"hangup_time","operator":"gte","value":"2024-03-12 10:00:35"}]');
SELECT count(*), min(hangup_time), max(hangup_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"hangup_time","operator":"lt","value":"2024-03-12 10:00:35"}]');
SELECT count(*), min(hangup_time), max(hangup_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"hangup_time","operator":"lte","value":"2024-03-12 10:00:35"}]');
SELECT count(*), min(hangup_time), max(hangup_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"hangup_time","value":"2024-03-12 10:00:35"}]');

-- A range, and conditions on several properties: all must hold.
SELECT count(*), min(start_time), max(start_time) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"start_time","operator":"gte","value":"2024-03-12 09:00:00"},{"property":"start_time","operator":"lt","value":"2024-03-12 10:00:00"}]');
SELECT dialog_id, talking_time FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"business_direction","value":"INBOUND"},{"property":"dialog_type_list","value":["CONSULTANT"]},{"property":"talking_time","operator":"gt","value":170000}]');

-- Lists: any of the values, as text; one value equals a list of one, an empty list matches nothing.
SELECT count(*), group_concat(DISTINCT from_display_target) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"number_list","value":["48500002005","48500002012"]}]');
SELECT count(*), min(dialog_id), max(dialog_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"number_list","value":[48500002005]}]');
SELECT count(*), min(dialog_id), max(dialog_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"number_list","value":"4850000****"}]');
SELECT count(*), group_concat(DISTINCT project_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"project_id_list","value":[916,917]}]');
SELECT count(*), group_concat(DISTINCT project_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"project_id_list","value":["916"]}]');
-- ... where either the project or the list of projects may match.
SELECT dialog_id, project_id, project_id_list FROM cdr_dialog(cdr_file('../../samples/conpeek/odd.ndjson'), '[{"property":"project_id_list","value":[918]}]') WHERE dialog_type = 'HOLOGRAM';
SELECT dialog_id, project_id, project_id_list FROM cdr_dialog(cdr_file('../../samples/conpeek/odd.ndjson'), '[{"property":"project_id_list","value":[2]}]') WHERE dialog_type = 'HOLOGRAM';
SELECT count(*), group_concat(DISTINCT tenant_user_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"tenant_user_id_list","value":[101,104]}]');
SELECT dialog_id, custom_tag_id_list FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"custom_tag_id_list","value":[5]}]');
SELECT dialog_id, custom_tag_id_list FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"custom_tag_id_list","value":7}]');
SELECT dialog_id, operator_call_id FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"operator_call_id_list","value":["OP-1001","OP-1012"]}]');
SELECT dialog_type, count(*) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"dialog_type_list","value":["BOT","SYSTEM","SCREENSHARE_DIALOG","UNBOUND_DIALOG"]}]') GROUP BY 1 ORDER BY 1;
SELECT count(*), group_concat(DISTINCT dialog_type) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"dialog_type_list","value":["tenant_user"]}]');
SELECT dialog_id, call_request_data_virtual_agent_id FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"call_request_agent_id_list","value":["629637d8b8e622289a1d8c27"]}]');
SELECT count(*), group_concat(DISTINCT business_direction) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"business_direction","value":"OUTBOUND"}]');
SELECT count(*), min(dialog_id), max(dialog_id) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"dialog_type_list","value":[]}]');

-- LIMIT and OFFSET are SQL's, and WHERE can be combined with the filter.
SELECT dialog_id FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), '[{"property":"dialog_type_list","value":"EXTERNAL"}]') WHERE talking_time > 200000 ORDER BY 1 LIMIT 2 OFFSET 1;
-- A joined or bound filter.
SELECT f.value, count(*) FROM json_each('[101,102,103]') AS f, cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'), json_array(json_object('property', 'tenant_user_id_list', 'value', f.value))) GROUP BY 1;

-- Dialogs of other vendors can be filtered too.
SELECT count(*) > 0, min(dialog_type), max(dialog_type) FROM cdr_dialog(cdr_file('../../samples/ucontact/'), '[{"property":"dialog_type_list","value":"EXTERNAL"}]');

-- Refused filters.
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', 'talking_time > 5');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '%5B%7B%22');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '{"property":"talking_time","value":1}');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '5');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[5]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"talking_time"}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"value":1}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"talking_time","value":1,"op":"gt"}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"talking_time","value":1,"value":2}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"colour","value":1}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"talking_time","operator":"ne","value":1}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"start_time","operator":"eq","value":"2024-03-12 08:00:00"}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"number_list","operator":"eq","value":"1"}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"business_direction","operator":"gt","value":"INBOUND"}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"talking_time","value":"long"}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"talking_time","value":1.5}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"start_time","value":1710230400}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"hangup_time","value":"2024-02-30 00:00:00"}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"project_id_list","value":[1.5]}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"tenant_user_id_list","value":null}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"business_direction","value":["INBOUND"]}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', '[{"property":"talking_time","value":1},{"property":"talking_time","operator":"le","value":1}]');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', 5);
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"a","dialog_type":"SYSTEM"}', x'5b5d');
