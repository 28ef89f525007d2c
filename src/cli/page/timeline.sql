-- The spans of one interaction of a report page.
SELECT offset_seconds, seconds, party, iif(party = 'customer', NULL, ifnull(party_name, party_id)) AS name, what, outcome
FROM interaction_timeline(:interaction_id, :zone)
WHERE vendor = :vendor AND source = :source;
