// libcdr: SQL over contact-centre call detail records of several vendors, kept as JSON.
//
//   sqlite> .load ./libcdr
//   sqlite> SELECT dialog_type, count(*) FROM cdr_dialog(cdr_file('exports/')) GROUP BY 1;
//
// This file registers what the catalog declares. It has the only functions that SQLite finds by
// name.
#if __has_include(<execinfo.h>)
#include <execinfo.h>
#endif

#include <array>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "extension/binding/bulk_insert.hpp"
#include "extension/binding/catalog.hpp"
#include "extension/binding/connection.hpp"
#include "extension/binding/guard.hpp"
#include "extension/binding/interruption.hpp"
#include "extension/binding/module.hpp"
#include "extension/binding/statement.hpp"
#include "extension/reports/report_table.hpp"
#include "extension/tables/json_table.hpp"
#include "extension/tables/list_table.hpp"
#include "json/document/prepare.hpp"

SQLITE_EXTENSION_INIT1

#ifndef SQLITE_RESULT_SUBTYPE
#define SQLITE_RESULT_SUBTYPE 0x001000000  // since 3.45; older libraries ignore it
#endif

namespace cdr::ext {
namespace {

constexpr int oldest_host = 3038000;

// A CHECK may call a DIRECTONLY function (SQLite 3.40 does not refuse it), and PRAGMA
// integrity_check evaluates every CHECK of a file. The PRAGMA does not count as a statement that
// writes, inside which SQLite would refuse the savepoint, and it may run again inside a function
// that a CHECK called.
void refuse_in_integrity_check(sqlite3* database, const char* who) {
  for (sqlite3_stmt* each = sqlite3_next_stmt(database, nullptr); each != nullptr;
       each = sqlite3_next_stmt(database, each))
    if (sqlite3_stmt_busy(each) != 0 && is_integrity_check(sqlite3_sql(each)))
      throw Error(std::string(who) +
                  ": refused inside PRAGMA integrity_check or quick_check: a CHECK of this "
                  "database calls it, and a CHECK has no reason to");
}

// A function as it is registered with one connection.
struct Registered {
  const Function& function;
  Connection& connection;

  Registered(const Function& of, Connection& with) noexcept : function(of), connection(with) {
    connection.hold();
  }
  ~Registered() { connection.let_go(); }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  static void forget(void* registered) noexcept { delete static_cast<Registered*>(registered); }
};

void call(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  // clang 14 cannot capture structured bindings.
  const auto& registered = *static_cast<const Registered*>(sqlite3_user_data(context));
  const Function& function = registered.function;
  sqlite3* const database = sqlite3_context_db_handle(context);
  registered.connection.pay();
  const LastInsertRowid last_rowid(database);
  const CallersTransaction transaction(database);
  guard(
      context,
      [&] {
        Interruption interruption(database);
        const Interruption::Work work(interruption);
        if (function.effect != Effect::pure) refuse_in_integrity_check(database, function.name);
        Call arguments(context, {values, static_cast<std::size_t>(count)});
        function.call(arguments);
      },
      [&] {
        return function.effect == Effect::writes ? transaction.fate_of_writing()
                                                 : transaction.fate();
      });
}

// SQLite's state of an aggregate begins with the first row and ends with xFinal, which SQLite calls
// in every case. A group without rows has none.
Aggregate** kept_aggregate(sqlite3_context* context, int size) noexcept {
  return static_cast<Aggregate**>(sqlite3_aggregate_context(context, size));
}

Aggregate& aggregate_of(sqlite3_context* context) {
  Aggregate** const kept = kept_aggregate(context, sizeof(Aggregate*));
  if (kept == nullptr) throw std::bad_alloc();
  if (*kept == nullptr)
    *kept =
        static_cast<const Registered*>(sqlite3_user_data(context))->function.aggregate().release();
  return **kept;
}

const char* nothing_added() {
  return "";
}

void step(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  guard(
      context,
      [&] {
        aggregate_of(context).add(Call(context, {values, static_cast<std::size_t>(count)}));
      },
      nothing_added);
}

void inverse(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  guard(
      context,
      [&] {
        aggregate_of(context).remove(Call(context, {values, static_cast<std::size_t>(count)}));
      },
      nothing_added);
}

void value(sqlite3_context* context) noexcept {
  guard(
      context,
      [&] {
        Call result(context, {});
        aggregate_of(context).give(result);
      },
      nothing_added);
}

void finish(sqlite3_context* context) noexcept {
  Aggregate** const kept = kept_aggregate(context, 0);
  std::unique_ptr<Aggregate> aggregate(kept == nullptr ? nullptr : std::exchange(*kept, nullptr));
  guard(
      context,
      [&] {
        if (aggregate == nullptr)
          aggregate =
              static_cast<const Registered*>(sqlite3_user_data(context))->function.aggregate();
        Call result(context, {});
        aggregate->finish(result);
      },
      nothing_added);
}

int add(sqlite3* database, const Function& function, Connection& connection) {
  const int effect =
      function.effect == Effect::pure ? SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS : SQLITE_DIRECTONLY;
  for (int arity = function.min_arguments; arity <= function.max_arguments; ++arity) {
    // SQLite forgets it even if it refuses the function.
    const int flags = SQLITE_UTF8 | SQLITE_RESULT_SUBTYPE | effect;
    auto* const registered = new Registered(function, connection);
    const int code =
        function.aggregate == nullptr
            ? sqlite3_create_function_v2(database, function.name, arity, flags, registered, call,
                                         nullptr, nullptr, Registered::forget)
            : sqlite3_create_window_function(database, function.name, arity, flags, registered,
                                             step, finish, value, inverse, Registered::forget);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

struct LetGo {
  void operator()(Connection* connection) const noexcept { connection->let_go(); }
};

// A process may hold two SQLites: the system's, and one that a package brings along. All calls in
// here go through one table of functions, and SQLite crashes when it is given a database that
// another SQLite has opened. So libcdr belongs to the first SQLite that loads it, and refuses the
// others before it overwrites anything. The address of a function tells which SQLite it is, because
// one SQLite may have several tables.
int adopt(const sqlite3_api_routines* api, char** message) noexcept {
  static std::mutex mutex;  // several threads may open connections at once
  static decltype(api->libversion_number) owner = nullptr;
  static std::array<char, 16> owner_version{};  // a copy: the owner may be unloaded by now
  const std::lock_guard lock(mutex);
  if (api->libversion_number() < oldest_host) {
    *message =
        api->mprintf("libcdr needs SQLite 3.38 or newer; this program has %s", api->libversion());
    return SQLITE_ERROR;
  }
  if (owner == nullptr) {
    SQLITE_EXTENSION_INIT2(api);
    owner = api->libversion_number;
    api->xsnprintf(static_cast<int>(owner_version.size()), owner_version.data(), "%s",
                   api->libversion());
  }
  if (owner == api->libversion_number) return SQLITE_OK;
  *message = api->mprintf(
      "libcdr: another SQLite in this process (%s) uses this file already; for this SQLite (%s), "
      "load a copy of the file under another name",
      owner_version.data(), api->libversion());
  return SQLITE_ERROR;
}

// Allocates now what would otherwise be allocated at first use, when a lack of memory could not be
// reported: the few bytes that the C++ library keeps for a thread that throws, and simdjson's
// choice of an implementation.
void prepare() {
  static_cast<void>(std::uncaught_exceptions());
#if __has_include(<execinfo.h>)
  // The C library opens libgcc when it first unwinds, and ends the process if it cannot. That would
  // happen when an exception leaves std::call_once, in which a time zone is read.
  void* frame = nullptr;
  static_cast<void>(::backtrace(&frame, 1));
#endif
  prepare_json();
}

}  // namespace

int register_everything(sqlite3* database) {
  int code = SQLITE_OK;
  const std::unique_ptr<Connection, LetGo> connection(new Connection(database));
  for (const auto& file : functions())
    for (const Function& function : file)
      if (code == SQLITE_OK) code = add(database, function, *connection);
  for (const JsonTable& table : json_tables())
    if (code == SQLITE_OK)
      code = Module<JsonTableModule>::add(database, std::string(table.table.name).c_str(), table);
  for (const ListTable& table : list_tables())
    if (code == SQLITE_OK)
      code = Module<ListTableModule>::add(database, std::string(table.table.name).c_str(), table);
  for (const std::span<const Report> list : {reports(), internal_reports()})
    for (const Report& report : list)
      if (code == SQLITE_OK)
        code = Module<ReportModule>::add(database, std::string(report.declaration.name).c_str(),
                                         report);
  return code == SQLITE_OK ? BulkInsert::add_table(database) : code;
}

const Function& function_of(const Call& call) {
  return static_cast<const Registered*>(sqlite3_user_data(call.context()))->function;
}

}  // namespace cdr::ext

namespace {

// Both entries call this and not each other: SQLite loads libraries so that an exported name means
// that of the copy which was loaded first, which may be another version.
int begin(sqlite3* database, char** message, const sqlite3_api_routines* api) {
  // This comes before the first call through the table that every function here uses.
  int code = cdr::ext::adopt(api, message);
  if (code != SQLITE_OK) return code;
  const int thrown = cdr::ext::guard(database, message, [&] {
    cdr::ext::prepare();
    code = cdr::ext::register_everything(database);
  });
  return thrown != SQLITE_OK ? thrown : code;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int sqlite3_cdr_init(
    sqlite3* database, char** message, const sqlite3_api_routines* api) {
  return begin(database, message, api);
}

// The name that SQLite looks for when the file has been renamed.
extern "C" __attribute__((visibility("default"))) int sqlite3_extension_init(
    sqlite3* database, char** message, const sqlite3_api_routines* api) {
  return begin(database, message, api);
}
