// A warehouse file with damaged bytes, in memory: every table is read, and every function that
// writes is called; each returns rows or an error.
//
// Input: a byte that chooses the query, then patches of five bytes each: three for the place, one
// for the kind of change, and its argument. The file is small and has the smallest pages, so that a
// patch is likely to matter. SQLite itself is not instrumented: coverage comes only from libcdr's
// handling of the resulting rows.
#include <sqlite3.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "door.hpp"
#include "reading/rows.hpp"

extern "C" int sqlite3_cdr_init(sqlite3* database, char** message, const sqlite3_api_routines* api);

namespace {

using namespace cdr;

constexpr const char* records = R"([
 {"dialog_uuid":"d1","dialog_type":"EXTERNAL","start_time":"2024-03-12 10:00:00","serve_time":"2024-03-12 10:00:09","hangup_time":"2024-03-12 10:01:00","talking_time":51000,"linked_dialogs":["d2"],"project":{"id":"1","name":"Sales"}},
 {"dialog_uuid":"d2","dialog_type":"CONSULTANT","start_time":"2024-03-12 10:00:05","hangup_time":"2024-03-12 10:01:00","tenant_user":{"id":"7"},"mood":"good"},
 {"ContactId":"c","IvrTime":1,"StartTime":1532458000000,"Duration":20,"CallingNumber":"+48500001234"},
 {"AgentId":"a","State":"Ready","StateCode":"","StartTime":1532458000000,"Duration":20},
 {"id":1,"companyId":7,"channel":"Phone","created":"2024-05-02T16:00:00Z","ended":"2024-05-02T16:05:00Z"},
 {"broken":
])";

sqlite3* opened(int first_step) {
  sqlite3* database = nullptr;
  test::require(sqlite3_open(":memory:", &database) == SQLITE_OK, "no database");
  // A host's guard against endless statements, counted in steps and not in time.
  static int steps;
  sqlite3_progress_handler(
      database, 1000, [](void* count) { return ++*static_cast<int*>(count) > 20000 ? 1 : 0; },
      &steps);
  steps = first_step;
  sqlite3_trace_v2(
      database, SQLITE_TRACE_STMT,
      [](unsigned, void* count, void*, void*) {
        if (*static_cast<int*>(count) > 0) *static_cast<int*>(count) = 0;
        return 0;
      },
      &steps);
  return database;
}

void ask(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    sqlite3_finalize(statement);
    return;
  }
  for (int rows = 0; rows < 1000 && sqlite3_step(statement) == SQLITE_ROW; ++rows)
    for (int i = 0; i < sqlite3_column_count(statement); ++i) sqlite3_column_text(statement, i);
  sqlite3_finalize(statement);
  test::require_utf8(sqlite3_errmsg(database), "a message");
}

std::vector<std::string> questions() {
  std::vector<std::string> all;
  for (const JsonTable& table : json_tables())
    all.push_back("SELECT * FROM " + std::string(table.table.name));
  all.insert(all.end(),
             {"SELECT * FROM interactions WHERE interaction_id = 'c' ORDER BY start_time",
              "SELECT * FROM interaction", "SELECT * FROM cdr_problems", "SELECT * FROM cdr_check",
              "SELECT cdr_rebuild()", "SELECT cdr_replay()", "SELECT cdr_erase('interaction', 'c')",
              "SELECT cdr_erase('customer', '+48500001234')", "SELECT cdr_init()"});
  all.push_back("SELECT cdr_import('" + std::string(records) + "', '{\"source\": \"other\"}')");
  return all;
}

std::vector<unsigned char> made() {
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(sqlite3_cdr_init));
  sqlite3* const database = opened(-1'000'000'000);  // as many steps as it needs
  ask(database, "PRAGMA page_size = 512");
  ask(database, "SELECT cdr_init()");
  ask(database, "SELECT cdr_import('" + std::string(records) + "')");
  sqlite3_int64 size = 0;
  unsigned char* const bytes = sqlite3_serialize(database, "main", &size, 0);
  test::require(bytes != nullptr && size > 10000, "no warehouse was made");
  std::vector<unsigned char> all(bytes, bytes + size);
  sqlite3_free(bytes);
  sqlite3_close(database);
  return all;
}

void patch(std::vector<unsigned char>& bytes, test::Input& input) {
  const std::size_t at = input.number(3) % bytes.size();
  const unsigned what = input.byte(), argument = input.byte();
  const auto value = static_cast<unsigned char>(argument);
  switch (what % 6) {
    case 0:
      bytes[at] = value;
      break;
    case 1:
      bytes[at] = static_cast<unsigned char>(bytes[at] ^ (1U << argument % 8));
      break;
    case 2:  // a run of bytes
      for (std::size_t i = at; i < std::min(bytes.size(), at + 16); ++i) bytes[i] = value;
      break;
    case 3: {  // one page in place of another
      const std::size_t pages = bytes.size() / 512, from = argument % pages, to = at / 512;
      std::memmove(&bytes[to * 512], &bytes[from * 512], 512);
      break;
    }
    case 4:  // the end is missing, but the first page stays
      bytes.resize(std::max<std::size_t>(512, at));
      break;
    default:  // a text inside another: SQLite returns it unchecked
      bytes[at] = static_cast<unsigned char>(bytes[at] + argument);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<unsigned char> whole = made();
  static const std::vector<std::string> all = questions();
  test::Input input(data, size);
  const std::string& question = all[input.byte() % all.size()];
  std::vector<unsigned char> bytes = whole;
  while (input.size() >= 5) patch(bytes, input);
  auto* const copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
  test::require(copy != nullptr, "no memory");
  std::memcpy(copy, bytes.data(), bytes.size());
  const auto length = static_cast<sqlite3_int64>(bytes.size());
  // A new connection for each input: sqlite3_deserialize keeps the tables that exist without a
  // CREATE, with a schema that is gone, and SQLite crashes when a statement on one of them is
  // prepared again.
  sqlite3* const database = opened(0);
  sqlite3_deserialize(database, "main", copy, length, length,
                      SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  ask(database, question);
  test::require(sqlite3_get_autocommit(database) != 0, "a transaction stays open", question);
  test::require(sqlite3_close(database) == SQLITE_OK, "a statement stays open", question);
  return 0;
}
