// Columns that a connection keeps in memory: they give the same answers as the stored table, for
// every question and all contents, even while other connections change the table.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "connection.hpp"
#include "folder.hpp"

namespace {

using cdr::test::Connection;
using cdr::test::count_rows_over_close;
using cdr::test::Folder;

constexpr const char* interactions_of =
    "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) "
    "INSERT INTO interaction (interaction_key, vendor, source, interaction_id, start_time, "
    "customer_number, outcome, direction, agent_count, handle_seconds, satisfaction, mapping, "
    "last_import) SELECT i, 'conpeek', iif(i % 7, 'west', 'West'), printf('i%05d', i * 7919 % "
    "20011), iif(i % 50, strftime('%Y-%m-%d %H:%M:%f', '2024-01-01', (i * 7919 % 20011 * 61) || ' "
    "seconds'), NULL), '485000' || (1000 + i % 900), CASE i % 5 WHEN 0 THEN 'ANSWERED' WHEN 1 THEN "
    "'BUSY' WHEN 2 THEN 'busy' WHEN 3 THEN 'BUSY ' END, CASE i % 3 WHEN 0 THEN 'INBOUND' WHEN 1 "
    "THEN 'OUTBOUND' END, iif(i % 11, i % 4, NULL), iif(i % 13, i % 100 / 4.0, NULL), iif(i % 3, "
    "1.0 / i, NULL), '', 1 FROM n";

void replace(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

void add_interactions(const Connection& connection, int from, int to) {
  std::string sql = interactions_of;
  replace(sql, "?1", std::to_string(from));
  replace(sql, "?2", std::to_string(to));
  connection.require(sql);
}

// All rows in the order in which they come, one line each.
std::vector<std::string> rows_of(const Connection& connection, const std::string& sql) {
  std::vector<std::string> rows;
  sqlite3_stmt* statement = connection.prepare(sql);
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    std::string row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const int type = sqlite3_column_type(statement, i);
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      row += std::to_string(type) + ':' + (text == nullptr ? "" : text) + '|';
    }
    rows.push_back(row);
  }
  INFO(sql, ": ", sqlite3_errmsg(connection.get()));
  REQUIRE(code == SQLITE_DONE);
  sqlite3_finalize(statement);
  return rows;
}

std::int64_t kept_bytes(const Connection& connection) {
  return std::stoll(connection.require("SELECT cdr_option('column_cache_bytes')"));
}

// Asks the stored table once and the virtual one three times; {t} in `sql` is the table's name.
void compare(const Connection& connection, const std::string& sql, bool is_ordered = false,
             const std::string& stored = "main.interaction",
             const std::string& virtual_name = "interactions") {
  std::string of_stored = sql, of_virtual = sql;
  replace(of_stored, "{t}", stored);
  replace(of_virtual, "{t}", virtual_name);
  std::vector<std::string> expected = rows_of(connection, of_stored);
  if (!is_ordered) std::sort(expected.begin(), expected.end());
  for (int i = 0; i < 3; ++i) {
    std::vector<std::string> found = rows_of(connection, of_virtual);
    if (!is_ordered) std::sort(found.begin(), found.end());
    INFO(of_virtual, ", time ", i);
    CHECK(found.size() == expected.size());
    CHECK((found == expected));
  }
}

struct World {
  explicit World(int rows = 20000, const char* before = "SELECT 1") {
    Connection made(path);
    made.require(before);
    made.require("SELECT cdr_init()");
    add_interactions(made, 1, rows);
  }
  Folder folder;
  std::string path = folder / "warehouse.db";
};

// Two visits of three interactions in four; `key` is the interaction that they belong to.
void add_visits(const Connection& connection, const std::string& key) {
  connection.require(
      "INSERT INTO queue_visit (vendor, source, interaction_id, visit_no, queue_id, queue_name, "
      "enqueue_time, outcome, wait_seconds, interaction_key) SELECT vendor, source, "
      "interaction_id, n.column1, 'q' || (interaction_key % 5), 'name', start_time, outcome, "
      "handle_seconds, " +
      key + " FROM interaction, (VALUES (1), (2)) AS n WHERE interaction_key % 4");
}

// Writes, commits and undoes, and asks after each.
template <class Ask>
void change_visits(const Connection& connection, int last_key, const Ask& ask) {
  for (const std::string& change :
       {std::string("UPDATE queue_visit SET queue_id = 'other' WHERE visit_no = 1"),
        std::string("BEGIN"),
        "DELETE FROM queue_visit WHERE interaction_key > " + std::to_string(last_key),
        std::string("SAVEPOINT here"), std::string("DELETE FROM queue_visit WHERE visit_no = 1"),
        std::string("ROLLBACK TO here"), std::string("ROLLBACK")}) {
    INFO(change);
    connection.require(change);
    ask();
  }
}

constexpr const char* conditions[] = {
    "outcome = 'BUSY'",
    "outcome = 'BUSY' COLLATE NOCASE",
    "outcome COLLATE RTRIM = 'BUSY'",
    "outcome <> 'BUSY'",
    "outcome IS NULL",
    "outcome IS NOT NULL",
    "outcome IS NOT 'BUSY'",
    "outcome IN ('BUSY', 'ANSWERED', NULL)",
    "outcome NOT IN ('BUSY', 'ANSWERED')",
    "outcome > 'BUSY'",
    "outcome < x'00'",
    "outcome >= 0",
    "outcome = NULL",
    "outcome IS NULL OR direction = 'INBOUND'",
    "handle_seconds = 2.5",
    "handle_seconds = '2.5'",
    "handle_seconds > 20",
    "handle_seconds < 'a'",
    "handle_seconds IN (1, 2.25, '3', 'x')",
    "agent_count = 2.0",
    "agent_count < 1.5",
    "agent_count >= '2'",
    "agent_count <> 2",
    "agent_count IS 2",
    "agent_count IS NOT 2",
    "agent_count > 9223372036854775807",
    "agent_count < 1e300",
    "satisfaction > 0.5",
    "satisfaction = 0.25",
    "satisfaction BETWEEN 0.001 AND 0.002",
    "start_time >= '2024-01-05' AND start_time < '2024-01-06'",
    "start_time > '2024-01-05' AND start_time <= '2024-01-05 00:00:35'",
    "start_time < '2024-01-02 03:04:05'",
    "start_time > 5",
    "start_time < 5",
    "start_time = '2024-01-05 00:00:35.000'",
    "start_time <> '2024-01-05 00:00:35.000'",
    "start_time IS NULL",
    "start_time > 'no time'",
    "start_time IN ('2024-01-05 00:00:35.000', '2024-01-05 00:00:00.000', 7)",
    "start_time >= '2024-01-05' AND start_time > '2024-01-05 12:00' AND outcome = 'busy'",
    "source = 'west'",
    "source = 'WEST' COLLATE NOCASE",
    "source LIKE 'w%'",
    "interaction_id > 'i19990'",
    "interaction_id <= 'i00010' AND direction IS NULL",
    "mapping = ''",
    "channel IS NULL",
    "channel = 'VOICE'",
    "channel IS NOT 'VOICE'",
    "interaction_key > 19000 AND interaction_key < 19990",
    "rowid < 100",
    "(outcome, direction) > ('BUSY', 'INBOUND')",
    "handle_seconds = agent_count",
    "outcome || '' = 'BUSY'",
    "NOT (outcome = 'BUSY')",
};

}  // namespace

TEST_CASE("columns: what is kept is compared as SQLite compares it") {
  const World world;
  const Connection connection(world.path);
  for (const char* condition : conditions) {
    const std::string where = std::string(" FROM {t} WHERE ") + condition;
    compare(connection, "SELECT count(*), sum(interaction_key), max(start_time)" + where);
    compare(connection, "SELECT outcome, agent_count, count(*), count(satisfaction)" + where +
                            " GROUP BY 1, 2");
    compare(connection, "SELECT DISTINCT direction" + where + " ORDER BY 1 DESC", true);
    compare(connection, "SELECT DISTINCT source, handle_seconds" + where);
  }
  CHECK(kept_bytes(connection) > 100000);
}

TEST_CASE("columns: rows come in the order asked for") {
  const World world(6000);
  const Connection connection(world.path);
  for (const char* column :
       {"outcome", "start_time", "agent_count", "handle_seconds", "satisfaction", "interaction_id",
        "customer_number", "channel", "source", "mapping"})
    for (const char* way : {"", " DESC"})
      for (const char* where :
           {"", " WHERE interaction_key < 2700", " WHERE outcome IS NOT NULL", " WHERE 0"}) {
        const std::string name = column;
        // The query sorts by the column that it selects, so that tied rows are equal.
        compare(connection, "SELECT " + name + " FROM {t}" + where + " ORDER BY " + name + way,
                true);
        compare(connection,
                "SELECT direction, " + name + " FROM {t}" + where + " ORDER BY 1 DESC, 2" + way,
                true);
        compare(connection,
                "SELECT DISTINCT " + name + ", agent_count FROM {t}" + where + " ORDER BY 1" + way +
                    ", 2",
                true);
        compare(connection,
                "SELECT " + name + " FROM {t}" + where + " ORDER BY " + name + way +
                    " NULLS LAST LIMIT 7 OFFSET 3",
                true);
        compare(connection, "SELECT min(" + name + "), max(" + name + ") FROM {t}" + where);
      }
  compare(connection, "SELECT outcome FROM {t} ORDER BY outcome COLLATE NOCASE, outcome", true);
}

TEST_CASE("columns: DISTINCT leaves no row out that counts") {
  const World world;
  const Connection connection(world.path);
  // A condition on another column, or on the rowid, may hold for only one of several equal rows.
  for (
      const char* where :
      {"length(interaction_id) = 6 AND interaction_id LIKE '%00'", "interaction_key + 0 = 77",
       "rowid % 5000 = 3", "outcome = 'BUSY' AND agent_count + 0 = 3", "abs(satisfaction) < 0.0001",
       "CASE outcome WHEN 'BUSY' THEN interaction_key % 1000 = 1 ELSE handle_seconds > 24.5 END"}) {
    compare(connection, std::string("SELECT DISTINCT direction FROM {t} WHERE ") + where);
    compare(connection,
            std::string("SELECT DISTINCT outcome, direction FROM {t} WHERE ") + where +
                " ORDER BY 2, 1",
            true);
  }
  for (const char* order : {"1", "1 DESC", "1 LIMIT 2"}) {
    compare(connection, std::string("SELECT DISTINCT direction FROM {t} ORDER BY ") + order, true);
    compare(connection,
            std::string("SELECT DISTINCT direction FROM {t} WHERE interaction_key + 0 > 9000 "
                        "ORDER BY ") +
                order,
            true);
  }
  compare(connection,
          "SELECT DISTINCT a.direction, b.direction FROM {t} AS a JOIN interaction AS b ON "
          "b.interaction_key = a.interaction_key + 1");
  compare(connection, "SELECT count(*) FROM (SELECT DISTINCT outcome, agent_count FROM {t})");
  compare(connection, "SELECT count(DISTINCT outcome), count(DISTINCT interaction_id) FROM {t}");
  compare(connection,
          "SELECT (SELECT count(*) FROM (SELECT DISTINCT outcome FROM {t} WHERE agent_count = "
          "n.column1)) FROM (VALUES (0), (1), (7), (NULL)) AS n");
}

TEST_CASE("columns: the same answers while the connection itself writes, commits and undoes") {
  const World world(3000);
  const Connection connection(world.path);
  const std::string question = "SELECT outcome, count(*), sum(agent_count) FROM {t} GROUP BY 1";
  compare(connection, question);
  CHECK(kept_bytes(connection) > 0);
  connection.require("UPDATE interaction SET outcome = 'FAILED' WHERE interaction_key <= 100");
  compare(connection, question);
  connection.require("BEGIN");
  compare(connection, question);
  add_interactions(connection, 3001, 3500);
  compare(connection, question);
  connection.require("SAVEPOINT inner");
  connection.require("DELETE FROM interaction WHERE outcome = 'BUSY'");
  compare(connection, question);
  connection.require("ROLLBACK TO inner");
  compare(connection, question);
  connection.require("ROLLBACK");
  compare(connection, question);
  connection.require("BEGIN");
  connection.require("DELETE FROM interaction WHERE outcome = 'BUSY'");
  compare(connection, question);
  connection.require("COMMIT");
  compare(connection, question);
  connection.require("PRAGMA user_version = 7");
  connection.require("VACUUM");
  compare(connection, question);
  connection.require("CREATE TEMP TABLE copy AS SELECT * FROM interactions");
  compare(connection, question, false, "main.interaction", "temp.copy");
}

TEST_CASE("columns: what another connection changes is seen") {
  for (const char* journal : {"DELETE", "WAL"}) {
    INFO(journal);
    const World world(3000);
    const Connection reader(world.path), writer(world.path);
    writer.require(std::string("PRAGMA journal_mode = ") + journal);
    const std::string question = "SELECT outcome, direction, count(*) FROM {t} GROUP BY 1, 2";
    for (int i = 0; i < 5; ++i) {
      compare(reader, question);
      add_interactions(writer, 3001 + 100 * i, 3100 + 100 * i);
    }
    compare(reader, question);
    CHECK(kept_bytes(reader) > 0);
    if (std::string_view(journal) != "WAL") continue;
    // A transaction continues to see the state that it began with.
    reader.require("BEGIN");
    const std::string count = "SELECT count(outcome) FROM interactions";
    const std::string before = reader.require(count);
    add_interactions(writer, 9001, 9100);
    CHECK(reader.require(count) == before);
    compare(reader, question);
    reader.require("COMMIT");
    CHECK(reader.require(count) != before);
    compare(reader, question);
  }
}

TEST_CASE("columns: a scan that is not read to its end, or written into, keeps nothing") {
  const World world(3000);
  const Connection connection(world.path);
  sqlite3_stmt* scan = connection.prepare("SELECT outcome, agent_count FROM interactions");
  for (int i = 0; i < 2999; ++i) REQUIRE(sqlite3_step(scan) == SQLITE_ROW);
  sqlite3_reset(scan);
  CHECK(kept_bytes(connection) == 0);
  CHECK(connection.busy_statements() == 0);

  // A change that is rolled back before the scan ends was visible to some of the rows.
  for (int i = 0; i < 10; ++i) REQUIRE(sqlite3_step(scan) == SQLITE_ROW);
  connection.require("BEGIN");
  connection.require("UPDATE interaction SET outcome = 'FAILED' WHERE interaction_key = 2000");
  for (int i = 0; i < 2500; ++i) REQUIRE(sqlite3_step(scan) == SQLITE_ROW);
  connection.require("ROLLBACK");
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(scan);
  sqlite3_reset(scan);
  CHECK(kept_bytes(connection) == 0);
  compare(connection, "SELECT outcome, count(*) FROM {t} GROUP BY 1");

  while ((code = sqlite3_step(scan)) == SQLITE_ROW) {
  }
  CHECK(code == SQLITE_DONE);
  sqlite3_finalize(scan);
  CHECK(kept_bytes(connection) > 0);
  // A reader of kept columns continues with the ones that it began with, although they have been
  // dropped.
  scan = connection.prepare("SELECT outcome FROM interactions ORDER BY outcome");
  REQUIRE(sqlite3_step(scan) == SQLITE_ROW);
  connection.require("SELECT cdr_option('column_cache_mib', 0)");
  int rows = 1;
  while (sqlite3_step(scan) == SQLITE_ROW) ++rows;
  CHECK(rows == 3000);
  sqlite3_finalize(scan);
}

TEST_CASE("columns: no more is kept than the option says") {
  const World world;
  const Connection connection(world.path);
  CHECK(connection.require("SELECT cdr_option('column_cache_mib')") == "256");
  CHECK(connection.require("SELECT cdr_option('column_cache_mib', 1)") == "1");
  constexpr std::int64_t mib = 1 << 20;
  const char* columns[] = {"interaction_id",  "start_time",   "outcome",        "direction",
                           "customer_number", "satisfaction", "handle_seconds", "interaction_key",
                           "agent_count",     "source"};
  std::string all;
  for (const char* column : columns) {
    all += (all.empty() ? "" : ", ") + std::string(column);
    compare(connection, "SELECT " + all + " FROM {t}");
    compare(connection, "SELECT " + all + " FROM {t} ORDER BY " + all, true);
    CHECK(kept_bytes(connection) <= mib);
  }
  CHECK(kept_bytes(connection) > 0);
  connection.require("SELECT cdr_option('column_cache_mib', 0)");
  CHECK(kept_bytes(connection) == 0);
  compare(connection, "SELECT outcome, count(*) FROM {t} GROUP BY 1");
  compare(connection, "SELECT DISTINCT agent_count FROM {t} WHERE rowid % 3");
  CHECK(kept_bytes(connection) == 0);
}

// Stored figures of quarter hours `from` to `to`, for three queues and two sources, by both
// credits. Every column that must have a value has a small number.
void add_figures(const Connection& connection, int from, int to) {
  std::string names, values;
  for (const std::string& row : rows_of(
           connection, "SELECT name, type, \"notnull\" FROM pragma_table_info('queue_interval')")) {
    const std::string name = row.substr(2, row.find('|') - 2);
    const bool is_text = row.find("3:TEXT") != row.npos || row.find("TIMESTAMP") != row.npos;
    if (is_text) continue;
    names += ", " + name;
    values += ", " + (row.ends_with("1:1|") ? "(i * " + std::to_string(names.size()) + ") % 5"
                                            : "iif(i % 4, i % 1000 / 8.0 + i % 7, NULL)");
  }
  connection.require(
      "WITH RECURSIVE n(i) AS (SELECT " + std::to_string(from) +
      " UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(to) +
      ") INSERT INTO queue_interval (interval_start, vendor, source, queue_id, direction, credit, "
      "queue_name" +
      names +
      ") SELECT strftime('%Y-%m-%d %H:%M:%f', '2024-03-29', (i / 6 * 15) || ' minutes'), 'conpeek', "
      "iif(i % 2, 'west', 'east'), nullif('q' || (i % 3), 'q0'), 'INBOUND', c.column1, "
      "iif(i % 5, 'Queue ' || (i % 3), NULL)" +
      values + " FROM n, (VALUES ('arrival'), ('event')) AS c");
}

TEST_CASE("columns: a report has the same figures from what is kept as from the file") {
  const World world(10);
  const Connection connection(world.path), other(world.path);
  other.require("SELECT cdr_option('column_cache_mib', 0)");
  other.require("SELECT cdr_refresh()");
  add_figures(other, 0, 4000);
  const auto report = [](const std::string& from, const std::string& rest) {
    return "SELECT * FROM queue_report('2024-" + from + "', " + rest + ")";
  };
  const auto compare_all = [&](std::size_t least) {
    for (const std::string& sql :
         {report("03-30", "'2024-04-02', '15m', 'Europe/Prague'"),
          report("03-30", "'2024-04-02', '1h', 'Europe/Prague', 'event'"),
          report("03-30", "'2024-04-02', '30m', 'Europe/Prague', 'event', 'queue_ring'"),
          report("03-31", "'2024-04-01', '30m', 'UTC'"),          // within the kept columns
          report("03-28", "'2024-04-03', '1h', 'Asia/Kolkata'"),  // beyond them
          report("03-28", "'2024-04-03', NULL, 'UTC', NULL, 'arrival'"),
          report("01-01", "'2024-01-02', '15m', 'UTC'")}) {
      const std::vector<std::string> expected = rows_of(other, sql);
      for (int i = 0; i < 3; ++i) {
        INFO(sql, ", time ", i);
        CHECK((rows_of(connection, sql) == expected));
      }
      least -= std::min(least, expected.size());
    }
    CHECK(least == 0);
    CHECK(kept_bytes(connection) > 0);
    CHECK(kept_bytes(other) == 0);
  };
  compare_all(1000);
  const std::string sum =
      "SELECT sum(offered), sum(talk_seconds), sum(answered_wait_seconds) FROM (" +
      report("03-01", "'2024-05-01', '1d', 'Europe/Prague'") + ')';
  const std::string before = connection.require(sum);
  add_figures(other, 4001, 5000);
  CHECK(connection.require(sum) != before);
  compare_all(1000);
  // Rows that the transaction has written are visible, but not kept.
  const std::string all = connection.require(sum);
  connection.require("BEGIN");
  connection.require("DELETE FROM queue_interval WHERE queue_id = 'q1'");
  CHECK(connection.require(sum) != all);
  CHECK(rows_of(connection, report("03-30", "'2024-04-02', NULL, 'Asia/Kolkata'")).size() == 4);
  connection.require("ROLLBACK");
  compare_all(1000);
  // A limit that the figures of one month exceed.
  connection.require("SELECT cdr_option('column_cache_mib', 1)");
  CHECK((rows_of(connection, sum) == rows_of(other, sum)));
}

TEST_CASE("columns: the inner loop of a join looks rows up in columns after a while") {
  const World world(5000);
  const Connection connection(world.path);
  add_visits(connection, "5001 - interaction_key");
  for (
      const char* sql :
      {"SELECT i.interaction_key, v.queue_id, v.visit_no FROM interaction AS i LEFT JOIN {t} AS v "
       "USING (interaction_key)",
       "SELECT i.interaction_key, v.visit_no, v.outcome FROM interaction AS i JOIN {t} AS v ON "
       "v.interaction_key = i.interaction_key AND v.enqueue_time > '2024-01-04' AND v.outcome IN "
       "('BUSY', 'busy') WHERE i.agent_count > 0",
       "SELECT i.interaction_key, v.rowid IS NULL FROM interaction AS i LEFT JOIN {t} AS v ON "
       "v.interaction_key = i.interaction_key AND v.visit_no = 2",
       "SELECT n.column1, (SELECT count(*) FROM {t} AS v WHERE v.interaction_key = n.column1 + "
       "i.interaction_key) FROM interaction AS i, (VALUES (1), (2.5), ('7'), (NULL), (x'31')) AS n",
       "SELECT count(*), sum(v.visit_no) FROM interaction AS i CROSS JOIN {t} AS v WHERE "
       "v.interaction_key = i.agent_count OR v.interaction_key = i.interaction_key + 1"})
    compare(connection, sql, false, "main.queue_visit", "queue_visits");
  CHECK(kept_bytes(connection) > 0);
  const auto ask = [&] {
    for (const char* sql :
         {"SELECT i.interaction_key, v.queue_id FROM interaction AS i LEFT JOIN {t} AS v USING "
          "(interaction_key)",
          "SELECT count(*) FROM interaction AS i WHERE EXISTS (SELECT 1 FROM {t} AS v WHERE "
          "v.interaction_key = i.interaction_key AND v.queue_id = 'other')"})
      compare(connection, sql, false, "main.queue_visit", "queue_visits");
  };
  ask();
  change_visits(connection, 4000, ask);
  // What a statement writes is not committed while another one that writes is at work.
  connection.require("CREATE TABLE mine (x)");
  sqlite3_stmt* const writing = connection.prepare("INSERT INTO mine VALUES (1), (2) RETURNING x");
  REQUIRE(sqlite3_step(writing) == SQLITE_ROW);
  connection.require("UPDATE queue_visit SET queue_id = 'other' WHERE visit_no = 2");
  ask();
  connection.require("BEGIN");
  while (sqlite3_step(writing) == SQLITE_ROW) {
  }
  sqlite3_finalize(writing);
  connection.require("ROLLBACK");
  ask();
  // Nothing else keeps columns here.
  const Connection other(world.path);
  CHECK(other.require("SELECT count(*) FROM interaction AS i WHERE EXISTS (SELECT 1 FROM "
                      "queue_visits AS v WHERE v.interaction_key = i.interaction_key)") == "3750");
  CHECK(kept_bytes(other) > 0);
  // A statement that goes on after its connection was closed prepares nothing.
  CHECK(count_rows_over_close(
            world.path,
            "SELECT i.interaction_key, (SELECT count(*) FROM queue_visits AS v WHERE "
            "v.interaction_key = i.interaction_key) FROM interaction AS i",
            5) == 5000);
}

TEST_CASE("columns: lookups that were made before are answered from memory") {
  const World world(1500);
  const Connection connection(world.path);
  add_visits(connection, "interaction_key");
  // One interaction with more rows than an answer that is kept may have.
  connection.require(
      "INSERT INTO queue_visit (vendor, source, interaction_id, visit_no, queue_id, enqueue_time, "
      "interaction_key) WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < "
      "90) SELECT vendor, source, interaction_id, i, 'long', start_time, interaction_key FROM n, "
      "interaction WHERE interaction_key = 7");
  const auto compare_visits = [&](const char* sql) {
    compare(connection, sql, false, "main.queue_visit", "queue_visits");
  };
  const char* const by_id =
      "SELECT i.interaction_key, v.queue_id, v.queue_name, v.wait_seconds FROM interaction AS i LEFT "
      "JOIN {t} AS v USING (interaction_id, vendor, source) WHERE i.interaction_key < 90";
  const auto ask = [&] {
    for (
        const char* sql :
        {by_id,
         "SELECT i.interaction_key, count(v.visit_no), max(v.outcome) FROM interaction AS i LEFT "
         "JOIN {t} AS v USING (interaction_key) WHERE i.interaction_key < 90 GROUP BY 1",
         "SELECT n.column1, v.rowid, v.visit_no FROM interaction AS i, (VALUES (0), (0.0), ('0'), "
         "(NULL), (x'30')) AS n LEFT JOIN {t} AS v ON v.interaction_key = i.interaction_key + "
         "n.column1 AND v.visit_no > n.column1 WHERE i.interaction_key < 40",
         "SELECT i.interaction_key, v.visit_no FROM interaction AS i JOIN {t} AS v ON v.queue_id = "
         "'q' || i.agent_count AND v.enqueue_time = i.start_time WHERE i.interaction_key < 90",
         "SELECT i.interaction_key, (SELECT v.queue_id FROM {t} AS v WHERE v.interaction_id = "
         "i.interaction_id ORDER BY v.visit_no DESC LIMIT 1) FROM interaction AS i WHERE "
         "i.interaction_key < 90",
         "SELECT i.interaction_key FROM interaction AS i WHERE i.interaction_key < 90 AND EXISTS "
         "(SELECT 1 FROM {t} AS v WHERE v.interaction_id = i.interaction_id AND v.outcome = "
         "'busy')",
         "SELECT a.visit_no, b.visit_no, count(*) FROM interaction AS i JOIN {t} AS a USING "
         "(interaction_id) JOIN {t} AS b USING (interaction_id) WHERE i.interaction_key < 40 AND a.visit_no < 3 "
         "GROUP BY 1, 2"})
      compare_visits(sql);
  };
  ask();
  CHECK(kept_bytes(connection) > 0);

  SUBCASE("what the connection itself writes, commits and undoes is seen") {
    change_visits(connection, 50, ask);
  }
  SUBCASE("other columns of the same rows are found, too") {
    for (const char* column : {"start_day", "start_month", "start_hour", "outcome", "place"}) {
      if (std::string_view(column) == "place") column = "rowid";
      const std::string sql = std::string("SELECT q.interaction_key, i.") + column +
                              " FROM queue_visit AS q JOIN {t} AS i ON i.interaction_id = "
                              "q.interaction_id AND i.vendor = q.vendor WHERE q.visit_no = 1";
      std::string stored =
          "(SELECT *, interaction_key AS rowid, substr(start_time, 1, 7) AS "
          "start_month, substr(start_time, 1, 10) AS start_day, "
          "substr(start_time, 1, 13) AS start_hour FROM main.interaction)";
      compare(connection, sql, false, stored);
    }
  }
  SUBCASE("what another connection changes is seen in the next statement") {
    const Connection writer(world.path);
    writer.require("UPDATE queue_visit SET queue_id = 'late' WHERE interaction_key < 100");
    ask();
    writer.require("DELETE FROM queue_visit WHERE interaction_key < 100");
    ask();
  }
  SUBCASE("what the connection writes while a statement looks up, and undoes, is in no answer") {
    std::string sql = by_id;
    replace(sql, "{t}", "queue_visits");
    connection.require("UPDATE queue_visit SET queue_id = 'first' WHERE visit_no = 1");
    sqlite3_stmt* const reading = connection.prepare(sql);
    for (int i = 0; i < 20; ++i) REQUIRE(sqlite3_step(reading) == SQLITE_ROW);
    const auto read_on = [reading] {
      while (sqlite3_step(reading) == SQLITE_ROW) {
      }
      sqlite3_reset(reading);
    };
    SUBCASE("a statement that is at its end") {
      connection.require("SAVEPOINT here");
      connection.require("UPDATE queue_visit SET queue_id = 'undone'");
      read_on();
      connection.require("ROLLBACK TO here");
      connection.require("RELEASE here");
    }
    SUBCASE("one that is not, whose changes are not counted yet") {
      connection.require("BEGIN");
      sqlite3_stmt* const writing =
          connection.prepare("UPDATE queue_visit SET queue_id = 'undone' RETURNING 1");
      REQUIRE(sqlite3_step(writing) == SQLITE_ROW);
      read_on();
      sqlite3_finalize(writing);
      connection.require("ROLLBACK");
    }
    SUBCASE("one that fails while the other reads in the middle of it") {
      sqlite3_create_function_v2(
          connection.get(), "read_on", 1, SQLITE_UTF8, reading,
          [](sqlite3_context* context, int, sqlite3_value** values) {
            if (sqlite3_value_int(values[0]) < 500)
              return sqlite3_result_text(context, "undone", -1, SQLITE_STATIC);
            auto* const other = static_cast<sqlite3_stmt*>(sqlite3_user_data(context));
            while (sqlite3_step(other) == SQLITE_ROW) {
            }
            sqlite3_reset(other);
            sqlite3_result_error(context, "no", -1);
          },
          nullptr, nullptr, nullptr);
      CHECK(connection.run("UPDATE queue_visit SET queue_id = read_on(rowid)") == SQLITE_ERROR);
    }
    SUBCASE("another table in its place") {
      connection.require("BEGIN");
      connection.require("ALTER TABLE queue_visit RENAME TO other");
      connection.require("CREATE TABLE queue_visit AS SELECT * FROM other WHERE 0");
      read_on();
      connection.require("ROLLBACK");
    }
    sqlite3_finalize(reading);
    ask();
  }
  SUBCASE("no more is read of an answer than is asked for") {
    connection.require(
        "INSERT INTO queue_visit (vendor, source, interaction_id, visit_no, queue_id, "
        "wait_seconds, interaction_key) WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL "
        "SELECT i + 1 FROM n WHERE i < 5000) SELECT vendor, source, interaction_id, i, "
        "'busy', i = 101, interaction_key FROM n, interaction WHERE interaction_key = 7");
    const auto steps = [&] {
      int count = 0;
      sqlite3_progress_handler(
          connection.get(), 100,
          [](void* counted) { return ++*static_cast<int*>(counted) < 0 ? 1 : 0; }, &count);
      connection.require(
          "SELECT count(*) FROM interaction AS i WHERE i.interaction_key < 300 AND "
          "EXISTS (SELECT 1 FROM queue_visits AS v WHERE v.queue_id = 'busy' AND "
          "v.wait_seconds = i.interaction_key * 0 + 1)");
      sqlite3_progress_handler(connection.get(), 0, nullptr, nullptr);
      return count;
    };
    const int kept = steps();
    connection.require("SELECT cdr_option('column_cache_mib', 0)");
    const int not_kept = steps();
    CHECK(not_kept > 0);
    CHECK(kept < 2 * not_kept);
  }
  SUBCASE("an answer that was interrupted is not kept") {
    std::string sql = by_id;
    replace(sql, "{t}", "queue_visits");
    connection.require("UPDATE queue_visit SET queue_id = 'next' WHERE visit_no = 1");
    for (int after = 1; after < 40; ++after) {
      sqlite3_stmt* const reading = connection.prepare(sql);
      int steps = 0;
      sqlite3_progress_handler(
          connection.get(), 1 + 7 * after,
          [](void* left) { return --*static_cast<int*>(left) < 0 ? 1 : 0; }, &(steps = after));
      while (sqlite3_step(reading) == SQLITE_ROW) {
      }
      sqlite3_progress_handler(connection.get(), 0, nullptr, nullptr);
      sqlite3_finalize(reading);
    }
    ask();
  }
  SUBCASE("values that do not go together in a column are not kept") {
    connection.require(
        "UPDATE queue_visit SET queue_id = visit_no, outcome = x'00' WHERE "
        "interaction_key % 10 = 1");
    ask();
  }
  SUBCASE("no more is kept than the option says") {
    std::string all = by_id;
    all.resize(all.find(" WHERE"));
    for (const char* mib : {"0", "1"}) {
      connection.require(std::string("SELECT cdr_option('column_cache_mib', ") + mib + ")");
      compare_visits(all.c_str());
      ask();
      CHECK(kept_bytes(connection) <= std::stoll(mib) << 20);
    }
  }
}

TEST_CASE("columns: of many columns those that are seldom read are looked up") {
  const World world(3000);
  const Connection connection(world.path);
  const std::string all =
      "SELECT *, start_day, rowid FROM interactions WHERE customer_number LIKE ";
  const std::string stored =
      "SELECT *, substr(start_time, 1, 10), interaction_key FROM "
      "main.interaction WHERE customer_number LIKE ";
  // SQLite compares itself, so the plan is the same whatever the pattern, and most or all rows are
  // read in spite of what the runs before have shown.
  for (const char* pattern :
       {"'%77'", "'%78'", "'%77'", "'485%'", "'%'", "'485%'", "'%77'", "'x'"}) {
    INFO(std::string(pattern));
    std::vector<std::string> found = rows_of(connection, all + pattern);
    std::vector<std::string> expected = rows_of(connection, stored + pattern);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    CHECK((found == expected));
  }
  compare(connection,
          "SELECT * FROM {t} WHERE source = 'west' AND (outcome = 'BUSY' OR agent_count = 3)");

  // Sorted rows are those of the time when they were sorted.
  connection.require("SELECT cdr_option('column_cache_mib', 0)");
  const std::string sorted =
      "SELECT * FROM interactions WHERE customer_number LIKE '%77' ORDER BY handle_seconds";
  const std::vector<std::string> before = rows_of(connection, sorted);
  sqlite3_stmt* const reading = connection.prepare(sorted);
  REQUIRE(sqlite3_step(reading) == SQLITE_ROW);
  connection.require("DELETE FROM interaction");
  std::size_t count = 1;
  while (sqlite3_step(reading) == SQLITE_ROW) ++count;
  CHECK(sqlite3_finalize(reading) == SQLITE_OK);
  CHECK(count == before.size());
}

TEST_CASE("columns: a greatest or least value needs no sorting") {
  const World world(3000);
  const Connection connection(world.path);
  for (const char* column : {"start_time", "outcome", "handle_seconds", "agent_count",
                             "interaction_id", "satisfaction", "end_time"})
    for (const char* sql : {"SELECT max({c}) FROM {t}", "SELECT min({c}) FROM {t}",
                            "SELECT min({c}) FROM {t} WHERE direction = 'INBOUND'",
                            "SELECT max({c}) FROM {t} WHERE interaction_key + 0 < 9",
                            "SELECT {c} FROM {t} ORDER BY {c} DESC LIMIT 3",
                            "SELECT {c} FROM {t} WHERE direction = 'INBOUND' ORDER BY {c}"}) {
      std::string asked = sql;
      replace(asked, "{c}", column);
      compare(connection, asked, true);
    }
}

TEST_CASE("columns: many values of an IN are looked up") {
  const World world(3000);
  const Connection connection(world.path);
  connection.require(
      "UPDATE interaction SET interaction_id = '\"' || char(92, 10, 233, 128512) || interaction_id "
      "WHERE interaction_key % 3 = 0");
  connection.require(
      "UPDATE interaction SET interaction_id = interaction_key WHERE interaction_key "
      "% 7 = 0");
  for (
      const char* sql :
      {"SELECT interaction_key FROM {t} WHERE interaction_id IN (SELECT interaction_id FROM "
       "main.interaction WHERE interaction_key <= 700)",
       "SELECT interaction_key, outcome FROM {t} WHERE interaction_id IN (SELECT interaction_id "
       "FROM main.interaction WHERE interaction_key <= 700 UNION VALUES (NULL), ('none')) AND "
       "source = 'west'",
       "SELECT interaction_key FROM {t} WHERE interaction_id IN (SELECT interaction_id FROM "
       "main.interaction WHERE interaction_key <= 700 UNION VALUES (x'00'), (1.5))",
       "SELECT interaction_key FROM {t} WHERE interaction_id IN (SELECT interaction_id || char(0) "
       "FROM main.interaction WHERE interaction_key <= 700)",
       "SELECT interaction_key FROM {t} WHERE interaction_id IN (SELECT interaction_key FROM "
       "main.interaction)",
       "SELECT interaction_key FROM {t} WHERE interaction_key IN (SELECT interaction_key FROM "
       "main.interaction WHERE agent_count > 0)",
       "SELECT interaction_key FROM {t} WHERE interaction_key IN (SELECT interaction_key || '' FROM "
       "main.interaction WHERE agent_count > 0)",
       "SELECT interaction_key FROM {t} WHERE start_time IN (SELECT start_time FROM "
       "main.interaction WHERE interaction_key <= 700)"})
    compare(connection, sql);
  compare(connection,
          "SELECT start_time, interaction_key FROM {t} WHERE interaction_id IN (SELECT "
          "interaction_id FROM main.interaction WHERE interaction_key <= 700) ORDER BY start_time "
          "DESC, interaction_key",
          true);
  const std::string zulu =
      "SELECT count(*) FROM interactions WHERE start_time IN (SELECT replace(start_time, ' ', 'T') "
      "|| 'Z' FROM main.interaction WHERE interaction_key <= 700)";
  CHECK(
      connection.require(zulu) ==
      connection.require("SELECT count(*) FROM interaction WHERE start_time IN (SELECT start_time "
                         "FROM interaction WHERE interaction_key <= 700)"));

  const char* const long_list =
      "SELECT interaction_key FROM {t} WHERE interaction_id IN (SELECT interaction_id FROM "
      "main.interaction WHERE interaction_key <= 700)";
  SUBCASE("though the host has a table that is called json_each") {
    connection.require("CREATE TABLE json_each (value)");
    connection.require("CREATE TEMP TABLE json_each (value)");
    compare(connection, long_list);
  }
  SUBCASE("though no text may be as long as their list") {
    sqlite3_limit(connection.get(), SQLITE_LIMIT_LENGTH, 6000);
    compare(connection, long_list);
  }
  SUBCASE("though the host forbids what reads the list") {
    sqlite3_set_authorizer(
        connection.get(),
        [](void*, int action, const char* table, const char*, const char*, const char*) {
          return action == SQLITE_READ && std::string_view(table) == "json_each" ? SQLITE_DENY
                                                                                 : SQLITE_OK;
        },
        nullptr);
    compare(connection, long_list);
    sqlite3_set_authorizer(connection.get(), nullptr, nullptr);
  }
}

TEST_CASE("columns: month, day and hour are grouped and sorted by") {
  const World world(3000);
  const Connection connection(world.path);
  const std::string stored =
      "(SELECT *, substr(start_time, 1, 7) AS start_month, substr(start_time, 1, 10) AS start_day, "
      "substr(start_time, 1, 13) AS start_hour FROM main.interaction)";
  for (
      const char* sql :
      {"SELECT start_day FROM {t}", "SELECT start_month, count(*) FROM {t} GROUP BY 1",
       "SELECT start_day, outcome, count(*), sum(agent_count) FROM {t} GROUP BY 1, 2",
       "SELECT DISTINCT start_hour FROM {t} WHERE outcome = 'BUSY'",
       "SELECT start_hour, max(start_time) FROM {t} WHERE start_time >= '2024-01-03' AND start_time "
       "< '2024-01-04 12:00' GROUP BY start_hour",
       "SELECT count(*) FROM {t} WHERE start_day = '2024-01-05' AND start_hour > '2024-01-05 07'",
       "SELECT start_day, start_time FROM {t} WHERE interaction_key = 7 OR start_day IS NULL"})
    compare(connection, sql, false, stored);
  compare(connection, "SELECT start_day, start_hour FROM {t} ORDER BY start_day DESC, start_hour",
          true, stored);
  compare(connection, "SELECT DISTINCT start_day FROM {t} ORDER BY 1", true, stored);
  connection.require("BEGIN");
  add_interactions(connection, 3001, 3100);
  compare(connection, "SELECT start_day, count(*) FROM {t} GROUP BY 1", false, stored);
}

TEST_CASE("columns: options are checked") {
  const World world(1);
  const Connection connection(world.path);
  std::string found;
  for (const char* wrong : {"'column_cache_mib', -1", "'column_cache_mib', 'x'", "'nothing'",
                            "NULL", "'column_cache_mib', 1.5", "'column_cache_bytes', 5",
                            "'column_cache_mib', 9223372036854775807"})
    CHECK(connection.run(std::string("SELECT cdr_option(") + wrong + ")") != SQLITE_DONE);
  CHECK(connection.require("SELECT cdr_option('column_cache_mib')") == "256");
}

TEST_CASE("columns: values that do not go together are not kept") {
  const World world(3000);
  const Connection connection(world.path);
  connection.require("UPDATE interaction SET agent_count = 'two' WHERE interaction_key = 2500");
  connection.require("UPDATE interaction SET outcome = x'00ff' WHERE interaction_key = 2600");
  connection.require("UPDATE interaction SET start_time = 'soon' WHERE interaction_key = 2700");
  connection.require(
      "UPDATE interaction SET direction = 'a' || char(0) || 'b' WHERE interaction_key = 2800");
  for (const char* sql :
       {"SELECT agent_count, count(*) FROM {t} GROUP BY 1", "SELECT DISTINCT outcome FROM {t}",
        "SELECT start_time FROM {t} WHERE start_time > '2024'", "SELECT max(start_time) FROM {t}",
        "SELECT hex(direction), count(*) FROM {t} GROUP BY direction",
        "SELECT sum(handle_seconds) FROM {t} WHERE agent_count >= 2"})
    compare(connection, sql);
}

TEST_CASE("columns: they are kept in one order, whichever index has them") {
  const Folder folder;
  const std::string path = folder / "w.db";
  {
    const Connection connection(path);
    connection.require("SELECT cdr_init()");
    connection.require("SELECT cdr_import('" CDR_SAMPLES "')");
  }
  const auto columns = {"agent_id", "start_time", "end_time", "state"};
  for (const char* where : {"true", "start_time > '2020'", "start_time < '2030'"})
    for (const std::string first : columns)
      for (const std::string second : columns) {
        if (first == second) continue;
        const Connection connection(path);  // which has read nothing yet
        std::string sql = "SELECT " + first + ", max(" + second + ") FROM {t} WHERE " + where;
        compare(connection, sql + " GROUP BY 1", false, "main.agent_state", "agent_states");
        connection.require(std::string("SELECT max(rowid) FROM agent_states WHERE ") + where);
      }
}

TEST_CASE("columns: a database of UTF-16 is answered as before") {
  const World world(300, "PRAGMA encoding = 'UTF-16le'");
  const Connection connection(world.path);
  compare(connection, "SELECT outcome, count(*) FROM {t} GROUP BY 1");
  compare(connection, "SELECT DISTINCT direction FROM {t} ORDER BY 1 DESC", true);
  CHECK(kept_bytes(connection) == 0);
}

TEST_CASE("columns: main is what is read, and read only is enough") {
  const World world(2000), other(500);
  const Connection connection("file:" + world.path + "?mode=ro");
  connection.require("ATTACH '" + other.path + "' AS other");
  compare(connection, "SELECT outcome, count(*) FROM {t} GROUP BY 1");
  compare(connection,
          "SELECT a.outcome, count(*) FROM {t} AS a JOIN other.interaction AS b USING "
          "(interaction_key) GROUP BY 1");
  connection.require("DELETE FROM other.interaction WHERE interaction_key > 100");
  compare(connection, "SELECT outcome, count(*) FROM {t} GROUP BY 1");
}

TEST_CASE("columns: another file in the place of main is seen") {
  const World world(2000), other(500), third(700);
  const Connection connection(world.path);
  compare(connection, "SELECT outcome, count(*) FROM {t} GROUP BY 1");
  const Connection first(other.path), second(third.path);
  for (const Connection* each : {&first, &second, &first}) {
    sqlite3_backup* copy = sqlite3_backup_init(connection.get(), "main", each->get(), "main");
    REQUIRE(copy != nullptr);
    CHECK(sqlite3_backup_step(copy, -1) == SQLITE_DONE);
    sqlite3_backup_finish(copy);
    compare(connection, "SELECT outcome, count(*) FROM {t} GROUP BY 1");
  }
}

TEST_CASE("columns: what another connection may yet undo is not kept") {
  const World world(2000);
  const std::string shared = "file:" + world.path + "?cache=shared";
  const Connection reader(shared), writer(shared);
  reader.require("PRAGMA read_uncommitted = 1");
  const char* const sql = "SELECT outcome, count(*) FROM {t} GROUP BY 1";
  for (const char* end : {"ROLLBACK", "COMMIT"}) {
    compare(reader, sql);
    writer.require("BEGIN");
    writer.require("UPDATE interaction SET outcome = 'UNDONE' WHERE interaction_key % 3 = 0");
    compare(reader, sql);
    writer.require(end);
    compare(reader, sql);
  }
  CHECK(kept_bytes(reader) == 0);
  reader.require("PRAGMA read_uncommitted = 0");
  compare(reader, sql);
  CHECK(kept_bytes(reader) > 0);
}
