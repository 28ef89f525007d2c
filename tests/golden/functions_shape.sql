.nullvalue NULL

-- uContact's k=v:k2=v2: values are text, split at the first '='; without '=' the value is null; repeated keys keep all values; empty items are
-- ignored.
SELECT kv_json('a=1:b=2');
SELECT kv_json('Par1=Val1:Par2=Val2');
SELECT kv_json('a=b=c:d=:e:=f');
SELECT kv_json('a=1:b=2:a=3:a');
SELECT kv_json(':a=1::b=2:');
-- A colon inside a value cannot be distinguished from a separator: nothing is lost, but the rest becomes another key.
SELECT kv_json('url=https://x');
SELECT kv_json(''), kv_json(NULL), kv_json(5), kv_json(x'613d31');
-- Bytes of a blob or text that are not UTF-8 become U+FFFD.
SELECT hex(kv_json(x'61ff')), hex(kv_json(CAST(x'61ff3dc3' AS TEXT))), kv_json(x'c5be3dc5af');
-- The result is JSON, whatever the text contains.
SELECT json_valid(kv_json('a="\' || char(10) || char(1) || ':ž=ů')), kv_json('a="\' || char(10) || char(1) || ':ž=ů');
SELECT json_object('data', kv_json('a=1'));
SELECT key, value, type FROM json_each(kv_json('a=1:b:c=x:c=y'));
SELECT json_array_length(kv_json(replace(hex(zeroblob(5000)), '00', 'k=v:')), '$.k');

-- recording_urls: the page's order; .gsm after all .mp3.
SELECT value FROM json_each(recording_urls('020f9687-adc6-46ca-b675-e96c9d1606ef', '2022-06-20 17:56:59', 'pbx.example.org', 'backup.example.org'));
-- Bare hosts get https://; a given scheme and port are kept, a slash at the end is not doubled; a NULL or empty backup host counts as none.
SELECT recording_urls('g', '2022-06-20 17:56:59', 'https://pbx.example.org/', NULL);
SELECT recording_urls('g', '2022-06-20T17:56:59', 'http://pbx.example.org:8080', '');
-- The folder is the date as written: a zone does not move it, late in the evening or with an offset.
SELECT recording_urls('g', '2022-06-20 23:59:59', 'h');
SELECT recording_urls('g', '2022-06-20T23:59:59-03:00', 'h');
-- Without a calendar date: only the addresses without a folder.
SELECT recording_urls('g', NULL, 'h');
SELECT recording_urls('g', '2022-02-30 10:00:00', 'h');
SELECT recording_urls('g', 1655747819, 'h');
SELECT recording_urls('g', '../../..', 'h');
-- An id is only used as the file's name.
SELECT recording_urls('../a b?c#"ž', NULL, 'h');
SELECT recording_urls(NULL, '2022-06-20', 'h'), recording_urls('', '2022-06-20', 'h'), recording_urls('g', '2022-06-20', NULL), recording_urls('g', '2022-06-20', '');
SELECT recording_urls('g', '2022-06-20');
