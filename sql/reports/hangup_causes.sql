-- hangup_causes: one row per cause for which interactions ended, as the vendor reports it
--
-- Interactions belong to the period in which they begin.
-- argument from, to, zone
-- column vendor, source
-- column released_by TEXT: who ended it, in the vendor's word
-- column end_cause TEXT: the vendor's own cause
-- column hangup_cause TEXT: the vendor's hang-up cause
-- column q850_cause INTEGER: the Q.850 code
-- column q850_name TEXT: its name
-- column sip_code INTEGER: the SIP status code
-- column sip_reason TEXT: its reason phrase
-- column interactions INTEGER: interactions that ended with this cause
-- column answered INTEGER: those that were answered
-- column share DOUBLE: their share of the vendor's and source's interactions, 0 to 1

WITH counted AS (
  SELECT vendor, source, released_by, end_cause, hangup_cause, q850_cause, sip_code, count(*) AS interactions, ifnull(sum(outcome = 'ANSWERED'), 0) AS answered
  FROM interaction
  WHERE start_time >= :from AND start_time < :to
  GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT vendor, source, released_by, end_cause, hangup_cause, q850_cause, q850_name(q850_cause), sip_code, sip_reason(sip_code), interactions, answered,
  1.0 * interactions / sum(interactions) OVER (PARTITION BY vendor, source)
FROM counted
ORDER BY vendor, source, interactions DESC, released_by, end_cause, hangup_cause, q850_cause, sip_code;
