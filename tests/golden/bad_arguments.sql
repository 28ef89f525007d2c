-- Messages of tables and functions about wrong arguments.

-- The input of a table: text that is a path, text that is neither path nor JSON, other types.
SELECT count(*) FROM cdr_dialog('exports/day.json');
SELECT count(*) FROM interactions('exports/');
SELECT count(*) FROM ucontact_record('hello');
SELECT count(*) FROM cdr_problems('exports/');
SELECT count(*) FROM cdr_dialog('');
SELECT count(*) FROM cdr_dialog('   ');
SELECT count(*) FROM cdr_dialog(x'');
SELECT count(*) FROM cdr_dialog(x'00');
SELECT count(*) FROM cdr_dialog(x'deadbeef');
SELECT count(*) FROM cdr_dialog(42);
SELECT count(*) FROM cdr_dialog(4.2);
SELECT count(*) FROM cdr_dialog('42');
SELECT count(*) FROM cdr_dialog('null');
SELECT count(*) FROM cdr_dialog('"text"');
SELECT count(*) FROM cdr_dialog(NULL);
SELECT count(*) FROM cdr_dialog;
SELECT count(*) FROM cdr_problems(NULL);
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', NULL, 1);

-- Content that is JSON, but not a vendor's export; it has no options, so that nothing can be skipped.
SELECT count(*) FROM cdr_dialog('[]');
SELECT count(*) FROM cdr_dialog('{}');
SELECT count(*) FROM cdr_dialog('{"hello":"world"}');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"d-1"');
SELECT count(*) FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"} {"dialog_uuid":"d-2",}');
SELECT record, offset, code, loses, message, remedy FROM cdr_problems('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"} {"dialog_uuid":"d-2",} 42');

-- Blobs: JSON in UTF-8, possibly compressed, as readfile() returns it.
SELECT dialog_uuid FROM cdr_dialog(CAST('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}' AS BLOB));
SELECT dialog_uuid FROM cdr_dialog(readfile('bad/array_two.json'));
SELECT dialog_uuid FROM cdr_dialog(x'1f8b0800000000000003ab564ac94cccc94f8f2f2dcd4c51b2524ad13554aa0500cb78c7b115000000');
SELECT dialog_uuid FROM cdr_dialog(x'28b52ffd0458a900007b226469616c6f675f75756964223a22642d31227d9868967f');
SELECT dialog_uuid FROM cdr_dialog(x'1f8b0800000000000003ab564ac94cccc94f8f2f2dcd4c51b2');
SELECT dialog_uuid FROM cdr_dialog(x'1f8b');
SELECT dialog_uuid FROM cdr_dialog(x'fffe7b00');

-- Several vendors in one input: each vendor's table takes its own records, the model tables take all.
SELECT vendor, count(*) FROM interactions('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"} {"ContactId":"c-1","ContactType":"INBOUND","AgentEvents":[]}') GROUP BY 1;
SELECT count(*) FROM alibaba_call('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"} {"ContactId":"c-1","ContactType":"INBOUND","AgentEvents":[]}');
SELECT count(*) FROM mluvii_session('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"} {"ContactId":"c-1","ContactType":"INBOUND","AgentEvents":[]}');

-- The filter of cdr_dialog.
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', NULL);
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', '');
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', '[]');
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', '{"dialog_uuid":"d-2","dialog_type":"SYSTEM"}');
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', 42);
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', 'talking_time > 1');
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', '[{"property":"talking","value":1}]');
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', '[{"property":"talking_time","operator":"near","value":1}]');
SELECT dialog_uuid FROM cdr_dialog('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', x'00');

-- The path of cdr_file.
SELECT cdr_file();
SELECT cdr_file('a', 'b', 'c');
SELECT cdr_file(NULL) IS NULL;
SELECT count(*) FROM cdr_dialog(cdr_file(NULL));
SELECT cdr_file('');
SELECT cdr_file(42);
SELECT cdr_file(readfile('bad/array_two.json'));
SELECT cdr_file('bad/array_two.json' || char(0) || '.gz');
SELECT cdr_file('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}');
SELECT count(*) FROM cdr_dialog(cdr_file('none.json'));
SELECT count(*) FROM cdr_dialog(cdr_file('none.json', '{"on_error":"skip"}'));
SELECT path, record, offset, code, loses, message, remedy FROM cdr_problems(cdr_file('none.json'));
SELECT cdr_file('none/*.json');
SELECT cdr_file('../e2e/');
SELECT cdr_file('../e2e/', '{"on_error":"skip"}');
SELECT count(*) FROM cdr_dialog(cdr_file('/dev/null'));
SELECT count(*) FROM cdr_dialog(cdr_file('/dev/zero', '{"on_error":"skip"}'));
SELECT record, code, loses, message, remedy FROM cdr_problems(cdr_file('/dev/zero'));
SELECT count(*) FROM cdr_dialog(cdr_file('bad/array_two.json/more'));
-- Its result is shown as NULL, and is a handle only if it is passed directly to a table.
SELECT quote(cdr_file('bad/array_two.json'));
WITH file(handle) AS MATERIALIZED (SELECT cdr_file('bad/array_two.json')) SELECT count(*) FROM file, cdr_dialog(file.handle);

-- The options of cdr_file.
SELECT cdr_file('bad/array_two.json', 'skip');
SELECT cdr_file('bad/array_two.json', '[]');
SELECT cdr_file('bad/array_two.json', '');
SELECT cdr_file('bad/array_two.json', 5);
SELECT cdr_file('bad/array_two.json', '{"on_error":"skip"');
SELECT cdr_file('bad/array_two.json', '{"on_errors":"skip"}');
SELECT cdr_file('bad/array_two.json', '{"nope":1}');
SELECT cdr_file('bad/array_two.json', '{"on_error":"ignore"}');
SELECT cdr_file('bad/array_two.json', '{"threads":"3"}');
SELECT cdr_file('bad/array_two.json', '{"threads":true}');
SELECT cdr_file('bad/array_two.json', '{"on_error":true}');
SELECT cdr_file('bad/array_two.json', '{"source":5}');
SELECT cdr_file('bad/array_two.json', '{"zone":"Europe/Atlantis"}');
SELECT cdr_file('bad/array_two.json', '{"zone":"+25:00"}');
SELECT cdr_file('bad/array_two.json', '{"zone":"../../etc/passwd"}');
SELECT cdr_file('bad/array_two.json', '{"zone":""}');
SELECT count(*) FROM cdr_dialog(cdr_file('bad/array_two.json', NULL));
SELECT count(*) FROM cdr_dialog(cdr_file('bad/array_two.json', '{}'));

-- Functions over a record.
SELECT cdr_vendor(NULL), cdr_vendor('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}'), cdr_vendor('{"hello":1}');
SELECT cdr_vendor('exports/day.json');
SELECT cdr_vendor('{"dialog_uuid":"d-1"');
SELECT cdr_vendor(42);
SELECT ring_duration('exports/day.json');
SELECT ring_duration('{"hello":1}');
SELECT ring_duration('2024-03-01 10:00:00', 'later');
SELECT ring_duration(NULL), ring_duration('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', NULL);
SELECT active_duration('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}{"ContactId":"c-1","ContactType":"INBOUND","AgentEvents":[]}');
SELECT state_duration('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', 'TALKING');
SELECT state_duration('{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}', 'ACTIVE', '[]');
SELECT state_duration('{"id":1,"channel":"Phone","status":"CLOSED","operators":[]}', 'CREATED', 'nonsense');
SELECT state_duration('{"id":1,"channel":"Phone","status":"CLOSED","operators":[]}', 'CREATED', '{"hello":1}');
SELECT created_duration(cdr_file('bad/array_two.json'));
SELECT cdr_local('2024-03-01 10:00:00', 'Europe/Atlantis');
SELECT cdr_seconds('2024-03-01 10:00:00');
SELECT kv_json(x'00'), phone_mask(NULL), q850_name('sixteen'), sip_reason(-1), format_duration('x'), cdr_duration('soon');
SELECT phone_token('4850000001', '');
SELECT recording_urls('g-1', 'yesterday', 'pbx.example');
