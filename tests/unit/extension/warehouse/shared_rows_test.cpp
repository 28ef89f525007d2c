// Values that many rows share are stored once; values that only have the same hash are kept apart.
#include "extension/warehouse/facts/shared_rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "core/error.hpp"
#include "extension/warehouse/upkeep/creation.hpp"

using namespace cdr;
using namespace cdr::ext;

namespace {

SQLite::Database warehouse() {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  create_warehouse(database.getHandle());
  return database;
}

// A row of fact_ivr_event_kind: several columns, most of them NULL.
std::array<Value, 3> kind(Value flow, Value type, Value event) {
  return {flow, type, event};
}

std::int64_t id_of(SharedRows& rows, std::span<const Value> values) {
  std::string scratch;
  return rows.id_of(SharedRows::hash_of(values, scratch), values);
}

int count(SQLite::Database& database, const std::string& table) {
  return database.execAndGet("SELECT count(*) FROM " + table).getInt();
}

}  // namespace

TEST_CASE("shared rows: the same values are one row, for whoever comes later too") {
  auto database = warehouse();
  SharedRows rows(database.getHandle(), layout_table("fact_ivr_event_kind"));
  const auto a = kind(Value::text("flow"), Value::text("1"), Value());
  const auto id = id_of(rows, a);
  CHECK(id_of(rows, a) == id);
  rows.write();
  rows.forget();
  CHECK(id_of(rows, a) == id);
  SharedRows others(database.getHandle(), layout_table("fact_ivr_event_kind"));
  CHECK(id_of(others, a) == id);
  CHECK(count(database, "fact_ivr_event_kind") == 1);
}

TEST_CASE("shared rows: NULL, an empty text and the same text elsewhere are told apart") {
  auto database = warehouse();
  SharedRows rows(database.getHandle(), layout_table("fact_ivr_event_kind"));
  const auto a = id_of(rows, kind(Value::text("x"), {}, {}));
  const auto b = id_of(rows, kind({}, Value::text("x"), {}));
  const auto c = id_of(rows, kind(Value::text("x"), Value::text(""), {}));
  CHECK(a != b);
  CHECK(a != c);
  rows.write();
  CHECK(count(database, "fact_ivr_event_kind") == 3);
  // A TEXT column turns a number into its text.
  CHECK(id_of(rows, kind({}, Value::integer(7), {})) ==
        id_of(rows, kind({}, Value::text("7"), {})));
}

TEST_CASE("shared rows: another row of the same hash is another row") {
  auto database = warehouse();
  SharedRows rows(database.getHandle(), layout_table("fact_text"));
  const std::array one{Value::text("one")}, two{Value::text("two")};
  const auto id = id_of(rows, one);
  id_of(rows, two);
  rows.write();
  const std::string hash =
      database.execAndGet("SELECT hash FROM fact_text WHERE value = 'two'").getString();
  database.exec("DELETE FROM fact_text WHERE value = 'two'; UPDATE fact_text SET hash = " + hash);
  rows.forget();
  const auto other = id_of(rows, two);
  CHECK(other != id);
  rows.write();
  CHECK(count(database, "fact_text WHERE hash = " + hash) == 2);
}

TEST_CASE("shared rows: rows that were not written are forgotten") {
  auto database = warehouse();
  SharedRows rows(database.getHandle(), layout_table("fact_text"));
  const std::array one{Value::text("one")}, two{Value::text("two")};
  id_of(rows, one);
  rows.forget();
  const auto id = id_of(rows, two);
  rows.write();
  CHECK(database.execAndGet("SELECT group_concat(id || value) FROM fact_text").getString() ==
        std::to_string(id) + "two");
}

TEST_CASE("shared rows: what nothing refers to is swept away") {
  auto database = warehouse();
  SharedRows rows(database.getHandle(), layout_table("fact_text"));
  const std::array kept{Value::text("kept")}, gone{Value::text("gone")};
  const auto id = id_of(rows, kept);
  id_of(rows, gone);
  rows.write();
  database.exec(
      "INSERT INTO fact_dialog (vendor, source, interaction_id, interaction_key, n, variables) "
      "VALUES ('conpeek', 'conpeek', 'i', 1, 0, " +
      std::to_string(id) + ")");
  sweep_shared_rows(database.getHandle());
  CHECK(database.execAndGet("SELECT group_concat(value) FROM fact_text").getString() == "kept");
}

TEST_CASE("layout: each fact's columns are the model's, or stand for some of them") {
  for (const Table& table : model_tables) {
    CAPTURE(table.stored);
    const LayoutTable& facts = layout_table(facts_of(table.stored));
    CHECK(!tables_behind(table.stored).empty());
    if (facts.name == table.stored) {  // tables published as they are stored have the same columns
      REQUIRE(facts.columns.size() == table.columns.size());
      for (std::size_t i = 0; i < table.columns.size(); ++i)
        CHECK(facts.columns[i].name == table.columns[i].name);
      continue;
    }
    std::size_t shown = 0;
    for (const LayoutColumn& column : facts.columns) {
      shown += table.find(column.name) >= 0 ? 1 : 0;
      if (column.refers_to.empty() || !is_shared(layout_table(column.refers_to))) continue;
      for (const LayoutColumn& part : layout_table(column.refers_to).columns)
        shown += table.find(part.name) >= 0 ? 1 : 0;
    }
    // The other columns are vendor, source and interaction_id, and those that dialog and has_uuid
    // encode.
    CHECK(shown + 5 >= table.columns.size());
  }
}
