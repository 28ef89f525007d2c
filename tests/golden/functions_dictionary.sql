.nullvalue NULL

-- All Q.850 causes that have a name; each name leads back to its code.
WITH RECURSIVE code(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM code WHERE n < 200)
SELECT n, q850_name(n), CASE WHEN q850_code(q850_name(n)) = n THEN '' ELSE 'differs' END FROM code WHERE q850_name(n) IS NOT NULL;

-- Codes as text and as REAL; a value that is not a code gives NULL.
SELECT q850_name('16'), q850_name(' 16 '), q850_name(16.0), q850_name('016');
SELECT q850_name(NULL), q850_name(''), q850_name('16.5'), q850_name(16.5), q850_name('x'), q850_name('0x10'), q850_name(x'10');
-- Unassigned, negative and out of any range; 2^32 + 16 is not 16.
SELECT q850_name(0), q850_name(33), q850_name(-16), q850_name(4294967312), q850_name(9223372036854775807), q850_name(9e999), q850_name('99999999999999999999');

-- Names: case, blanks and hyphens do not matter; Asterisk's other names; titles of the Recommendation.
SELECT q850_code('NORMAL_CLEARING'), q850_code('normal clearing'), q850_code(' Normal-Clearing '), q850_code('User_Busy');
SELECT q850_code('NOANSWER'), q850_code('CONGESTION'), q850_code('ANSWERED_ELSEWHERE'), q850_code('Normal call clearing'), q850_code('PRE_EMPTED'), q850_code('PREEMPTION');
-- FreeSWITCH's causes beyond Q.850 have no code; a code is not a name.
SELECT q850_code('ORIGINATOR_CANCEL'), q850_code('16'), q850_code(16), q850_code(''), q850_code(NULL), q850_code('NORMAL__CLEARING');

-- All registered SIP responses.
WITH RECURSIVE code(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM code WHERE n < 999)
SELECT n, sip_reason(n) FROM code WHERE sip_reason(n) IS NOT NULL;
SELECT sip_reason('486'), sip_reason(486.0), sip_reason('486:USER_BUSY'), sip_reason(NULL), sip_reason(999), sip_reason(-1);

-- uContact's agent status codes: 0 to 9.
WITH RECURSIVE code(n) AS (SELECT -1 UNION ALL SELECT n + 1 FROM code WHERE n < 11)
SELECT n, agent_status_name(n) FROM code;
SELECT agent_status_name('5'), agent_status_name(NULL), agent_status_name('');

-- Arity
SELECT q850_name();
SELECT sip_reason(1, 2);
