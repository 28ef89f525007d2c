// Every pure SQL function, called through SQLite with arguments of any type: it returns a value or
// an error with a UTF-8 text, and the same when it is called again.
//
// Input: a byte for the function and its number of arguments, then for each argument a byte for its
// type, and its value (a text or blob up to a NUL).
#include <sqlite3.h>

#include <string>
#include <vector>

#include "door.hpp"

extern "C" int sqlite3_cdr_init(sqlite3* database, char** message, const sqlite3_api_routines* api);

namespace {

using namespace cdr;

struct Call {
  sqlite3_stmt* statement;
  int arguments;
};

std::vector<Call> calls() {
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(sqlite3_cdr_init));
  sqlite3* database = nullptr;
  test::require(sqlite3_open(":memory:", &database) == SQLITE_OK, "no database");
  // Listed by SQL, because libcdr's headers call SQLite through the table that a loading program
  // passes.
  sqlite3_stmt* functions = nullptr;
  test::require(
      sqlite3_prepare_v2(
          database,
          "SELECT name, min_arguments, max_arguments FROM cdr_functions WHERE effect = 'pure'", -1,
          &functions, nullptr) == SQLITE_OK,
      sqlite3_errmsg(database));
  std::vector<Call> all;
  while (sqlite3_step(functions) == SQLITE_ROW) {
    const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(functions, 0));
    for (int count = sqlite3_column_int(functions, 1); count <= sqlite3_column_int(functions, 2);
         ++count) {
      std::string sql = "SELECT " + name + '(';
      for (int i = 0; i < count; ++i) sql += i == 0 ? "?" : ", ?";
      sqlite3_stmt* statement = nullptr;
      test::require(
          sqlite3_prepare_v2(database, (sql + ')').c_str(), -1, &statement, nullptr) == SQLITE_OK,
          sqlite3_errmsg(database));
      all.push_back({statement, count});
    }
  }
  sqlite3_finalize(functions);
  test::require(all.size() > 20, "too few functions");
  return all;
}

// Returns whether the argument is UTF-8, or not a text.
bool bind(sqlite3_stmt* statement, int at, test::Input& input) {
  switch (input.byte() % 6) {
    case 0:
      sqlite3_bind_null(statement, at);
      break;
    case 1:
      sqlite3_bind_int64(statement, at, static_cast<std::int64_t>(input.number(8)));
      break;
    case 2:
      sqlite3_bind_int64(statement, at, static_cast<std::int8_t>(input.byte()));
      break;
    case 3: {
      const std::uint64_t bits = input.number(8);
      double real;
      static_assert(sizeof real == sizeof bits);
      std::memcpy(&real, &bits, sizeof real);
      sqlite3_bind_double(statement, at, real);
      break;
    }
    case 4: {
      const std::string_view bytes = input.text();
      sqlite3_bind_blob(statement, at, bytes.data(), static_cast<int>(bytes.size()),
                        SQLITE_TRANSIENT);
      return test::is_utf8(bytes);
    }
    default: {
      const std::string_view text = input.text();
      sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()),
                        SQLITE_TRANSIENT);
      return test::is_utf8(text);
    }
  }
  return true;
}

// The result's type and bytes: SQLite returns a value of any type as a text.
std::string result_of(sqlite3_stmt* statement) {
  std::string result;
  if (sqlite3_step(statement) == SQLITE_ROW) {
    const int type = sqlite3_column_type(statement, 0);
    const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    result = std::to_string(type);
    if (text != nullptr)
      result.append(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
  } else {
    result = sqlite3_errmsg(sqlite3_db_handle(statement));
  }
  sqlite3_reset(statement);
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Call> all = calls();
  test::Input input(data, size);
  // A host may pass texts that are not UTF-8; the results need not be UTF-8 either then.
  const Call& call = all[input.byte() % all.size()];
  bool is_utf8 = true;
  for (int i = 0; i < call.arguments; ++i) is_utf8 &= bind(call.statement, i + 1, input);
  const std::string result = result_of(call.statement);
  if (is_utf8) test::require_utf8(result, "a result");
  test::require(result_of(call.statement) == result, "another result when called again", result);
  return 0;
}
