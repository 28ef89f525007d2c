// A connection can skip actions silently, by an authorizer that answers SQLITE_IGNORE or by a TEMP
// trigger with RAISE(IGNORE). A call that needs a skipped action fails with an error.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "connection.hpp"
#include "folder.hpp"

namespace {

using cdr::test::Connection;

struct Action {
  int code;
  std::string first, second;
  bool operator<(const Action& other) const {
    return std::tie(code, first, second) < std::tie(other.code, other.first, other.second);
  }
};

const char* text_or_none(const char* given) {
  return given == nullptr ? "" : given;
}

int note_action(void* actions, int code, const char* first, const char* second, const char*,
                const char*) {
  static_cast<std::set<Action>*>(actions)->insert(
      {code, text_or_none(first), text_or_none(second)});
  return SQLITE_OK;
}

int ignore_action(void* action, int code, const char* first, const char* second, const char*,
                  const char*) {
  const auto& ignored = *static_cast<const Action*>(action);
  return code == ignored.code && ignored.first == text_or_none(first) &&
                 ignored.second == text_or_none(second)
             ? SQLITE_IGNORE
             : SQLITE_OK;
}

constexpr const char* writing_calls[] = {
    "SELECT cdr_import('" CDR_SAMPLES "/mluvii')",
    "SELECT cdr_import('" CDR_SAMPLES "/alibaba')",
    "SELECT cdr_replay()",
    "SELECT cdr_rebuild()",
    "SELECT cdr_refresh()",
    "SELECT cdr_erase('customer', '48500002001')",
};

struct Watched {
  Watched() {
    connection.require("SELECT cdr_init()");
    connection.require("SELECT cdr_import('" CDR_SAMPLES "/conpeek')");
    connection.require(R"(SELECT cdr_import('{"dialog_uuid":"cut'))");
    connection.require("INSERT INTO report_setting VALUES ('zone', 'Asia/Tokyo')");
  }
  std::string state() const {
    return connection.require(
        "SELECT (SELECT count(*) FROM raw_record) || ' ' || (SELECT count(*) FROM import_file) || "
        "' ' || (SELECT total(last_import) FROM interaction)");
  }
  std::set<Action> actions_of(const std::string& call) {
    std::set<Action> actions;
    connection.require("BEGIN");
    sqlite3_set_authorizer(connection.get(), note_action, &actions);
    connection.require(call);
    sqlite3_set_authorizer(connection.get(), nullptr, nullptr);
    connection.require("ROLLBACK");
    return actions;
  }
  bool is_own(const std::string& table) const {
    return connection.require(
               "SELECT count(*) FROM main.sqlite_schema WHERE name NOT LIKE "
               "'sqlite_%' AND type = 'table' AND name = '" +
               table + "'") == "1";
  }
  // A number that SQLite assigns is never updated.
  bool must_be_noticed(const Action& action) const {
    // What is written comes from here, and each table has these columns.
    if (action.first == "sqlite_cdr_rows") return action.second == "c0" || action.second == "c1";
    switch (action.code) {
      case SQLITE_INSERT:
      case SQLITE_READ:
        return is_own(action.first) && action.second != "ROWID" && !action.second.empty();
      case SQLITE_UPDATE:
        return is_own(action.first) && !action.second.ends_with("id") &&
               action.second != "interaction_key";
      case SQLITE_SAVEPOINT:
        return true;
      default:
        return false;
    }
  }
  cdr::test::Folder folder;
  const std::string path = folder / "w.db";
  Connection connection{path};
};

}  // namespace

TEST_CASE("what an authorizer has passed over is an error") {
  Watched warehouse;
  const Connection& connection = warehouse.connection;
  const std::string before = warehouse.state();
  int count = 0;
  for (const char* call : writing_calls) {
    std::set<std::string> read;
    for (Action action : warehouse.actions_of(call)) {
      if (!warehouse.must_be_noticed(action)) continue;
      if (action.code == SQLITE_READ && !read.insert(action.first).second) continue;
      const Connection another(warehouse.path);
      // Hosts may set an authorizer at any time. The calls before it need not see it.
      if (++count % 2 == 0) {
        another.require("BEGIN");
        another.require("SELECT cdr_refresh()");
        another.require("ROLLBACK");
      }
      sqlite3_set_authorizer(another.get(), ignore_action, &action);
      INFO(std::string(call), " without ", action.code, ' ', action.first, ' ', action.second);
      for (int time = 0; time < 2; ++time) {  // a host may try again
        const int code = another.run(call);
        CHECK((code == SQLITE_AUTH || code == SQLITE_ERROR));
      }
      CHECK(sqlite3_get_autocommit(another.get()) == 1);
    }
    CHECK(warehouse.state() == before);
  }
  CHECK(count > 300);
  CHECK(connection.require("SELECT cdr_check() ->> '$.checks.facts'") == "");
  for (const char* call : writing_calls) connection.require(call);
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
}

TEST_CASE("a check does not compare what an authorizer makes NULL") {
  Watched warehouse;
  const Connection& connection = warehouse.connection;
  connection.require("SELECT cdr_refresh()");
  for (const auto& [table, column] :
       {std::pair("interaction", "outcome"), std::pair("raw_record", "payload"),
        std::pair("import_file", "status"), std::pair("record_link", "hash")}) {
    CAPTURE(std::string(table));
    Action action{SQLITE_READ, table, column};
    sqlite3_set_authorizer(connection.get(), ignore_action, &action);
    CHECK(connection.run("SELECT cdr_check()") == SQLITE_AUTH);
    sqlite3_set_authorizer(connection.get(), nullptr, nullptr);
    CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  }
}

TEST_CASE("what is read while an authorizer hides it is not kept") {
  Watched warehouse;
  const Connection& connection = warehouse.connection;
  connection.require("SELECT cdr_import('" CDR_SAMPLES "/mluvii')");
  const std::vector<std::pair<const char*, const char*>> questions{
      {"interaction", "SELECT count(customer_number) FROM interactions"},
      {"interaction", "SELECT count(DISTINCT customer_number) FROM interactions"},
      {"interaction",
       "SELECT group_concat(i.customer_number) FROM interaction_tag AS t JOIN interactions AS i ON "
       "i.interaction_key = t.key"},
      {"interaction", "SELECT sum(customers) FROM repeat_interactions('2020-01-01', '2030-01-01')"},
      {"queue_interval", "SELECT sum(offered) FROM queue_report('2020-01-01', '2030-01-01')"},
      {"fact_dialog", "SELECT count(agent_id) FROM cdr_dialog"},
      {"raw_record", "SELECT count(*) FROM mluvii_session"},
  };
  connection.require(
      "CREATE TEMP TABLE interaction_tag AS SELECT interaction_key AS key FROM "
      "interaction");
  const std::map<std::string, std::string> hidden{{"interaction", "customer_number"},
                                                  {"queue_interval", "offered"},
                                                  {"fact_dialog", "agent_id"},
                                                  {"raw_record", "vendor"}};
  for (const bool asked_before : {false, true})
    for (const auto& [table, question] : questions) {
      CAPTURE(std::string(question));
      const Connection another(warehouse.path);
      another.require(
          "CREATE TEMP TABLE interaction_tag AS SELECT interaction_key AS key FROM "
          "interaction");
      const std::string right = connection.require(question);
      for (int i = 0; asked_before && i < 3; ++i) CHECK(another.require(question) == right);
      Action action{SQLITE_READ, table, hidden.at(table)};
      sqlite3_set_authorizer(another.get(), ignore_action, &action);
      std::string found;
      for (int i = 0; i < 3; ++i) another.run(question, &found);
      if (question == questions.front().second) CHECK(found == "0");
      sqlite3_set_authorizer(another.get(), nullptr, nullptr);
      for (int i = 0; i < 3; ++i) CHECK(another.require(question) == right);
    }
}

TEST_CASE("what was kept is not shown to a host that hides it and the schema") {
  Watched warehouse;
  const Connection& connection = warehouse.connection;
  const std::string question = "SELECT count(customer_number) FROM interactions";
  for (int i = 0; i < 3; ++i) CHECK(connection.require(question) != "0");
  sqlite3_set_authorizer(
      connection.get(),
      [](void*, int code, const char* first, const char* second, const char*, const char*) {
        if (code != SQLITE_READ) return SQLITE_OK;
        const std::string_view table(first), column(second);
        const bool is_hidden = table == "interaction" && column == "customer_number";
        return is_hidden || table == "sqlite_master" ? SQLITE_DENY : SQLITE_OK;
      },
      nullptr);
  for (int i = 0; i < 3; ++i) CHECK(connection.run(question) != SQLITE_DONE);
  sqlite3_set_authorizer(connection.get(), nullptr, nullptr);
  CHECK(connection.require(question) != "0");
}

TEST_CASE("what a TEMP trigger would leave out is an error") {
  Watched warehouse;
  const Connection& connection = warehouse.connection;
  const std::string before = warehouse.state();
  for (const char* when : {"INSERT ON main.fact_dialog", "INSERT ON main.raw_record",
                           "UPDATE ON main.import_file", "DELETE ON main.queue_visit"}) {
    connection.require(std::string("CREATE TEMP TRIGGER mine BEFORE ") + when +
                       " BEGIN SELECT raise ( ignore ); END");
    for (const char* call : writing_calls) {
      INFO(std::string(call), ' ', std::string(when));
      CHECK(connection.run(call) == SQLITE_ERROR);
    }
    connection.require("DROP TRIGGER mine");
  }
  CHECK(warehouse.state() == before);
  // A trigger that only logs the written rows may stay.
  connection.require("CREATE TEMP TABLE log (id)");
  connection.require(
      "CREATE TEMP TRIGGER mine AFTER INSERT ON main.interaction BEGIN "
      "INSERT INTO log VALUES (new.interaction_id); END");
  for (const char* call : writing_calls) connection.require(call);
  CHECK(connection.require("SELECT count(*) > 0 FROM log") == "1");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
}

TEST_CASE("what cdr_init would leave out is an error") {
  for (const Action& left_out : {Action{SQLITE_CREATE_VIEW, "dialog", ""},
                                 Action{SQLITE_CREATE_INDEX, "interaction_start", "interaction"},
                                 Action{SQLITE_INSERT, "cdr_meta", ""}}) {
    CAPTURE(left_out.first);
    const Connection connection(":memory:");
    Action action = left_out;
    sqlite3_set_authorizer(connection.get(), ignore_action, &action);
    CHECK(connection.run("SELECT cdr_init()") == SQLITE_AUTH);
    sqlite3_set_authorizer(connection.get(), nullptr, nullptr);
    CHECK(connection.require("SELECT count(*) FROM sqlite_schema") == "0");
    connection.require("SELECT cdr_init()");
  }
}
