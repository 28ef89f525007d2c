-- Data that an import and a rebuild leave unchanged.
.mode list
.headers off
.nullvalue NULL
SELECT cdr_init() ->> 'created';
SELECT cdr_import('{"dialog_uuid":"a","dialog_type":"EXTERNAL","start_time":"2024-05-02 10:00:00","talking_time":1000,"linked_dialogs":["b"]}') ->> 'inserted';
SELECT cdr_import('{"dialog_uuid":"c","dialog_type":"EXTERNAL","start_time":"2024-05-02 11:00:00","talking_time":1000}') ->> 'inserted';

-- The host's own rows that refer to interactions, in any way: interactions that are written again are not deleted in between.
PRAGMA foreign_keys = ON;
CREATE TABLE note (interaction_key INTEGER REFERENCES interaction (interaction_key) ON DELETE CASCADE, text);
CREATE TABLE mark (interaction_key INTEGER REFERENCES interaction (interaction_key) ON DELETE SET NULL);
CREATE TABLE bill (interaction_key INTEGER REFERENCES interaction (interaction_key));
INSERT INTO note SELECT interaction_key, 'mine' FROM interaction;
INSERT INTO mark SELECT interaction_key FROM interaction;
INSERT INTO bill SELECT interaction_key FROM interaction;
SELECT cdr_import('{"dialog_uuid":"b","dialog_type":"CONSULTANT","start_time":"2024-05-02 10:00:05","talking_time":1000,"linked_dialogs":["a"]}') ->> 'inserted';
BEGIN;
SELECT cdr_import('{"dialog_uuid":"c","dialog_type":"EXTERNAL","start_time":"2024-05-02 11:00:00","talking_time":1000,"hangup_time":"2024-05-02 11:01:00"}') ->> 'updated';
COMMIT;
SELECT count(*), (SELECT count(interaction_key) FROM mark), (SELECT count(*) FROM bill) FROM note;
PRAGMA foreign_keys;
PRAGMA foreign_key_check;

-- Rebuilding sound data: no interaction has changed, and the ledger has no new row.
SELECT interaction_id, last_import FROM interaction ORDER BY 1;
SELECT cdr_rebuild() ->> 'changed';
SELECT count(*) FROM import_file;
SELECT cdr_rebuild() ->> 'changed';
SELECT count(*) FROM import_file;
SELECT interaction_id, last_import FROM interaction ORDER BY 1;
-- Rebuilding damaged data.
UPDATE interaction SET outcome = 'BUSY' WHERE interaction_id = 'c';
SELECT cdr_rebuild() ->> 'changed';
SELECT count(*) FROM import_file;
SELECT interaction_id, last_import FROM interaction ORDER BY 1;
SELECT cdr_check() ->> 'violations';
