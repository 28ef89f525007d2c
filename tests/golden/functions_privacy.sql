.nullvalue NULL

-- phone_mask: the last four digits, punctuation kept; numbers as INTEGER and REAL.
SELECT phone_mask('13323150000'), phone_mask('+48 500 001 234'), phone_mask('+48-500-001-234'), phone_mask(48500001234), phone_mask(48500001234.0);
SELECT phone_mask('sip:48500001234@pbx.example.org'), phone_mask('"Out<-" <48500001234>'), phone_mask('48500001234;48500005678');
SELECT phone_mask('48' || char(160) || '500' || char(160) || '001' || char(160) || '234') = '48' || char(160) || '500' || char(160) || '00*' || char(160) || '***';
-- Unchanged: already masked (at the end, in the middle), extensions, no digits.
SELECT phone_mask('1332315****'), phone_mask('0533128****'), phone_mask('138****0000'), phone_mask('1010'), phone_mask('SIP/1010'), phone_mask('anonymous'), phone_mask(''), phone_mask('12345');
SELECT phone_mask(phone_mask('+48 500 001 234')), phone_mask(NULL), phone_mask(x'3438353030303031323334');
SELECT hex(phone_mask(x'34383530ff30303031323334'));
SELECT phone_mask();

-- phone_token: one number, one token, in any punctuation; BLAKE2b, keyed, 128 bits (checked against another implementation).
SELECT phone_token('48500001234', 'a key of 16 bytes or more');
SELECT count(DISTINCT phone_token(value, 'a key of 16 bytes or more')) FROM
  json_each('["48500001234", "+48500001234", "0048500001234", "+48 500 001 234", "48-500-001-234", "sip:48500001234@10.0.0.1", 48500001234, 48500001234.0]');
SELECT count(DISTINCT phone_token(value, 'a key of 16 bytes or more')) FROM json_each('["48500001235", "500001234", "4850000123", "1010"]');
-- An address with a name: its digits are not those of a number, and it has a token of its own.
SELECT count(DISTINCT phone_token(value, 'a key of 16 bytes or more')), count(phone_token(value, 'a key of 16 bytes or more')) FROM
  json_each('["jana1@example.cz", "karel1@example.cz", "jana@example.cz", "1", "JANA@example.cz", "mailto:jana@example.cz"]');
SELECT phone_token('sip:48500001234@pbx.example', 'a key of 16 bytes or more') = phone_token('48500001234', 'a key of 16 bytes or more');
-- Another key, another token; a blob key; a text key and its bytes are the same key.
SELECT phone_token('48500001234', 'A key of 16 bytes or more') <> phone_token('48500001234', 'a key of 16 bytes or more');
SELECT phone_token('48500001234', x'000102030405060708090a0b0c0d0e0f'), phone_token('48500001234', CAST('a key of 16 bytes or more' AS BLOB));
SELECT phone_token('48500001234', zeroblob(1000));
-- NULL: grouping by masked numbers must be impossible; no digits.
SELECT phone_token('1332315****', 'a key of 16 bytes or more'), phone_token('138****0000', 'a key of 16 bytes or more'), phone_token('anonymous', 'a key of 16 bytes or more'), phone_token('', 'a key of 16 bytes or more'), phone_token('+', 'a key of 16 bytes or more'), phone_token(NULL, 'a key of 16 bytes or more');
-- A key that is too weak is an error, even on rows without a number.
SELECT phone_token('48500001234', 'fifteen bytes..');
SELECT phone_token('48500001234', x'');
SELECT phone_token(NULL, '');
SELECT phone_token('48500001234', NULL);
SELECT phone_token('48500001234', 1234567890123456789);
SELECT phone_token('48500001234');
