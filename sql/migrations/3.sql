-- From format 2 to 3. What dialogs of a project and states of an agent have in common is kept once, the index over dialog's agents has no
-- condition, and a view of events reads no table for a row's sake alone. The model follows from raw_record: it goes, save the interactions with
-- their keys, cdr_init() makes it anew and fills it. IF EXISTS, and all of it: files of format 2 were made by several states of the main branch.
DROP VIEW IF EXISTS dialog;
DROP VIEW IF EXISTS agent_event;
DROP VIEW IF EXISTS queue_event;
DROP VIEW IF EXISTS ivr_event;
DROP VIEW IF EXISTS customer_event;
DROP VIEW IF EXISTS state_duration;
DROP VIEW IF EXISTS agent_state;
DROP TABLE IF EXISTS fact_dialog;
DROP TABLE IF EXISTS fact_agent_event;
DROP TABLE IF EXISTS fact_agent_event_kind;
DROP TABLE IF EXISTS fact_queue_event;
DROP TABLE IF EXISTS fact_queue_event_kind;
DROP TABLE IF EXISTS fact_ivr_event;
DROP TABLE IF EXISTS fact_ivr_event_kind;
DROP TABLE IF EXISTS fact_customer_event;
DROP TABLE IF EXISTS fact_customer_event_kind;
DROP TABLE IF EXISTS fact_state_duration;
DROP TABLE IF EXISTS fact_agent_state;
DROP TABLE IF EXISTS queue_visit;
DROP TABLE IF EXISTS agent_offer;
DROP TABLE IF EXISTS recording;
DROP TABLE IF EXISTS wrap_up;
