// The remedy that cdr_check() names for a violation repairs it. If the remedy is to restore a
// backup or to import again, nothing more is checked.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

#include "connection.hpp"

namespace {

using cdr::test::Connection;

struct Damage {
  const char* check;  // the check that finds it, possibly among others
  const char* sql;
  bool needs_backup = false;
};

constexpr Damage damages[] = {
    {"facts", "UPDATE interaction SET customer_number = '1' WHERE interaction_key = 1"},
    {"facts", "UPDATE interaction SET start_time = 5 WHERE interaction_key = 1"},
    {"facts", "UPDATE fact_text SET value = 'another'"},
    {"facts", "DELETE FROM wrap_up WHERE rowid = (SELECT min(rowid) FROM wrap_up)"},
    {"times", "UPDATE interaction SET start_time = '2100-01-01' WHERE interaction_key = 1"},
    {"answered", "UPDATE interaction SET outcome = 'BUSY' WHERE active_seconds > 0"},
    {"handle_time", "UPDATE interaction SET active_seconds = 99 WHERE interaction_key = 1"},
    {"counts", "DELETE FROM recording"},
    {"states", "UPDATE fact_state_duration SET seconds = seconds + 1"},
    {"states_inside", "UPDATE fact_state_duration SET seconds = -1 WHERE interaction_key = 1"},
    {"sequence", "UPDATE queue_visit SET visit_no = visit_no + 10"},
    {"offered", "UPDATE queue_visit SET outcome = 'EATEN'"},
    {"offered", "UPDATE queue_interval SET offered = offered + 1"},
    {"outcome", "UPDATE agent_offer SET outcome = 'EATEN'"},
    {"dialog", "UPDATE fact_dialog SET n = n + 100"},
    {"component", "UPDATE raw_record SET component = -5 WHERE id = 3"},
    {"orphan",
     "INSERT INTO interaction (interaction_key, vendor, source, interaction_id, last_import) "
     "VALUES (100000, 'conpeek', 'conpeek', 'from nowhere', 1)"},
    {"identity", "UPDATE queue_visit SET interaction_id = 'another'"},
    {"last_import", "UPDATE interaction SET last_import = 77"},
    {"foreign_key", "DELETE FROM interaction WHERE interaction_key = 1"},
    {"foreign_key", "DELETE FROM fact_text"},
    {"foreign_key", "INSERT INTO record_link VALUES (1, 100000)"},
    {"links", "DELETE FROM record_link"},
    {"component", "UPDATE raw_record SET component = 1"},
    {"rank", "UPDATE raw_record SET latest = latest + 1 WHERE id = 4"},
    {"figures", "DELETE FROM queue"},
    {"figures", "UPDATE agent_day_total SET answered = answered + 1"},
    {"figures", "INSERT INTO report_setting VALUES ('zone', 'Asia/Tokyo')"},
    {"schema", "CREATE TRIGGER \"a \"\"b\" AFTER INSERT ON interaction BEGIN SELECT 1; END"},
    {"schema", "DROP INDEX interaction_start", true},
    {"ledger", "DELETE FROM raw_record WHERE id = 5", true},
    {"foreign_key", "DELETE FROM raw_record WHERE id = 1", true},
    {"ledger", "DELETE FROM record_link; DELETE FROM raw_record", true},
    {"ledger", "UPDATE import_file SET inserted = inserted + 1, seen = seen + 1", true},
    {"foreign_key", "DELETE FROM import_file WHERE import_id = 1", true},
    {"last_import", "DELETE FROM import_file WHERE import_id = 1", true},
    {"record_id", "UPDATE raw_record SET record_id = 'another' WHERE id = 3"},
    {"key_hash", "UPDATE raw_record SET key_hash = 1 WHERE id = 6"},
    {"content_hash", "UPDATE raw_record SET content_hash = zeroblob(16) WHERE id = 2", true},
    {"payload", "UPDATE raw_record SET payload = x'00' WHERE id = 3", true},
    // The facts of a record whose payload was not kept cannot be made again.
    {"handle_time",
     "UPDATE raw_record SET payload = NULL WHERE id = 9; "
     "UPDATE interaction SET active_seconds = 99 WHERE interaction_key = 1",
     true},
    {"erase_key",
     "SELECT cdr_erase('interaction', (SELECT interaction_id FROM interaction LIMIT 1)); "
     "DELETE FROM cdr_meta WHERE name = 'erase_key'",
     true},
    {"erase_key", "INSERT INTO cdr_meta VALUES ('erase_key', 'no key')", true},
};

}  // namespace

TEST_CASE("the remedy of each violation mends it") {
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  connection.require("SELECT cdr_import('" CDR_SAMPLES "/conpeek/day.ndjson')");
  REQUIRE(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  for (const Damage& damage : damages) {
    INFO(std::string(damage.sql));
    connection.require("SAVEPOINT sound");
    REQUIRE(sqlite3_exec(connection.get(), damage.sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    CHECK(
        connection.require(std::string("SELECT count(*) > 0 FROM cdr_check() WHERE \"check\" = '") +
                           damage.check + "'") == "1");
    const bool names_backup =
        connection.require(
            "SELECT count(*) > 0 FROM cdr_check() WHERE remedy LIKE 'restore %' OR remedy LIKE 'import %'") ==
        "1";
    CHECK(names_backup == damage.needs_backup);
    if (!names_backup) {
      for (const std::string& remedy : connection.list("SELECT DISTINCT remedy FROM cdr_check()"))
        connection.require(remedy);
      CHECK(connection.list("SELECT \"check\" || ' ' || key || ' ' || found FROM cdr_check()")
                .empty());
    }
    connection.require("ROLLBACK TO sound");
    connection.require("RELEASE sound");
  }
}

TEST_CASE("what is left of a lost key can be done without a backup") {
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  connection.require("SELECT cdr_import('" CDR_SAMPLES "/conpeek/day.ndjson')");
  const std::string id = connection.require("SELECT min(interaction_id) FROM interaction");
  connection.require("SELECT cdr_erase('interaction', '" + id + "')");
  connection.require("DELETE FROM cdr_meta WHERE name = 'erase_key'");
  CHECK(connection.require("SELECT group_concat(\"check\") FROM cdr_check()") == "erase_key");
  connection.require("DELETE FROM tombstone WHERE kind <> 'before'");
  connection.require("DELETE FROM cdr_meta WHERE name = 'erase_key'");
  connection.require("SELECT cdr_erase('interaction', '" + id + "')");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  CHECK(connection.require("SELECT cdr_import('" CDR_SAMPLES
                           "/conpeek/seed_dialog.json') ->> 'failed'") == "0");
}
