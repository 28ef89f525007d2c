// Module<T>: a read-only, eponymous virtual table from a C++ class.
//
// T declares its plan and its cursor; the adapter handles the C structs, the exception boundary and
// the messages:
//
//   struct T {
//     struct Declaration;  // one per registered table; outlives the connection
//     static std::string ddl(const Declaration&);  // 'CREATE TABLE x(…)'
//     static Risk risk(const Declaration&);
//     static int plan(const Declaration&, sqlite3_index_info&);  // xBestIndex; throws Error
//     struct Kept;  // Kept(sqlite3*): data that a connection keeps between the table's cursors
//     class Cursor {
//       Cursor(const Declaration&, sqlite3*, Kept&);
//       void filter(const char* plan, std::span<sqlite3_value*>);  // may be called again: starts
//                                                                  // over
//       bool eof() const;
//       void next();
//       void column(sqlite3_context*, int);
//       std::int64_t rowid();
//       void end() noexcept;  // releases files and running statements; filter() may follow
//     };
//   };
//
// A query need not read a table to its end (LIMIT, EXISTS, an error), and a running statement holds
// a lock on the file for as long as it runs. So the adapter calls end() for every table: after the
// last row, when a callback fails, and when SQLite closes the cursor.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "extension/binding/guard.hpp"
#include "extension/binding/interruption.hpp"
#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Where a table may be used.
enum class Risk : unsigned char {
  none,         // INNOCUOUS: reads nothing but its arguments; anywhere
  usual,        // reads stored tables: in views and triggers of trusted files
  direct_only,  // DIRECTONLY: at the top level of SQL
};

template <class T>
concept HasPlan = requires(const typename T::Declaration& declaration, sqlite3_index_info& info) {
  { T::ddl(declaration) } -> std::convertible_to<std::string>;
  { T::risk(declaration) } -> std::same_as<Risk>;
  { T::plan(declaration, info) } -> std::same_as<int>;
};
template <class T>
concept HasCursor = std::constructible_from<typename T::Cursor, const typename T::Declaration&,
                                            sqlite3*, typename T::Kept&> &&
    std::constructible_from<typename T::Kept, sqlite3*> &&
    requires(typename T::Cursor& cursor, const typename T::Cursor& fixed, const char* plan,
             std::span<sqlite3_value*> values, sqlite3_context* context) {
  cursor.filter(plan, values);
  { fixed.eof() } -> std::same_as<bool>;
  cursor.next();
  cursor.column(context, 0);
  { cursor.rowid() } -> std::convertible_to<std::int64_t>;
  { cursor.end() }
  noexcept;
};

template <class T>
class Module {
  static_assert(HasPlan<T>,
                "a table needs: Declaration, static ddl(declaration), static risk(declaration), "
                "static plan(declaration, info)");
  static_assert(
      HasCursor<T>,
      "a table's Cursor needs: Cursor(declaration, database, kept), filter(plan, values), eof() "
      "const, next(), column(context, n), rowid(), end() noexcept; Kept needs: Kept(database)");

 public:
  using Declaration = typename T::Declaration;

  // Registers the table under that name. `declaration` must outlive the connection, unless `forget`
  // is given: SQLite calls it when nothing uses the table any more, and when it refuses the table.
  static int add(sqlite3* database, const char* name, const Declaration& declaration,
                 void (*forget)(void* declaration) = nullptr) {
    return sqlite3_create_module_v2(database, name, &methods,
                                    const_cast<Declaration*>(&declaration), forget);
  }

 private:
  struct Table : sqlite3_vtab {
    Table(const Declaration& declared, sqlite3* connection)
        : sqlite3_vtab{},
          declaration(&declared),
          database(connection),
          kept(connection),
          interruption(connection) {}
    const Declaration* declaration;
    sqlite3* database;
    typename T::Kept kept;
    Interruption interruption;
  };
  struct Cursor : sqlite3_vtab_cursor {
    explicit Cursor(Table& table)
        : sqlite3_vtab_cursor{}, cursor(*table.declaration, table.database, table.kept) {}
    typename T::Cursor cursor;
    bool over = true;  // there is no row, and nothing is held
  };

  static int connect(sqlite3* database, void* data, int, const char* const*, sqlite3_vtab** out,
                     char** message) noexcept {
    return guard(database, message, [&] {
      const auto& declaration = *static_cast<const Declaration*>(data);
      const int code = sqlite3_declare_vtab(database, T::ddl(declaration).c_str());
      if (code != SQLITE_OK) throw_sqlite_error(database, code);
      *out = std::make_unique<Table>(declaration, database).release();
      if (T::risk(declaration) == Risk::none)
        sqlite3_vtab_config(database, SQLITE_VTAB_INNOCUOUS);
      else if (T::risk(declaration) == Risk::direct_only)
        sqlite3_vtab_config(database, SQLITE_VTAB_DIRECTONLY);
    });
  }
  static int disconnect(sqlite3_vtab* table) noexcept {
    delete static_cast<Table*>(table);
    return SQLITE_OK;
  }
  static int best_index(sqlite3_vtab* table, sqlite3_index_info* info) noexcept {
    int code = SQLITE_OK;
    const int thrown = guard(static_cast<Table*>(table)->database, &table->zErrMsg, [&] {
      code = T::plan(*static_cast<Table*>(table)->declaration, *info);
    });
    return thrown != SQLITE_OK ? thrown : code;
  }
  static int open(sqlite3_vtab* table, sqlite3_vtab_cursor** out) noexcept {
    return guard(static_cast<Table*>(table)->database, &table->zErrMsg,
                 [&] { *out = std::make_unique<Cursor>(*static_cast<Table*>(table)).release(); });
  }
  static int close(sqlite3_vtab_cursor* base) noexcept {
    end(base);
    delete static_cast<Cursor*>(base);
    return SQLITE_OK;
  }
  static void end(sqlite3_vtab_cursor* base) noexcept {
    auto& cursor = *static_cast<Cursor*>(base);
    cursor.over = true;
    cursor.cursor.end();
  }
  // Runs an action of a cursor; if it fails, the cursor is over.
  template <class Body>
  static int with(sqlite3_vtab_cursor* base, Body&& body) noexcept {
    const int code = guard(static_cast<Table*>(base->pVtab)->database, &base->pVtab->zErrMsg,
                           [&] { body(static_cast<Cursor*>(base)->cursor); });
    if (code != SQLITE_OK) end(base);
    return code;
  }
  template <class Body>
  static int move(sqlite3_vtab_cursor* base, Body&& body) noexcept {
    const Interruption::Work work(static_cast<Table*>(base->pVtab)->interruption);
    const int code = with(base, body);
    if (code != SQLITE_OK) return code;
    auto& cursor = *static_cast<Cursor*>(base);
    cursor.over = false;
    if (cursor.cursor.eof()) end(base);
    return code;
  }
  static int filter(sqlite3_vtab_cursor* base, int, const char* plan, int count,
                    sqlite3_value** values) noexcept {
    return move(base, [&](auto& cursor) {
      cursor.filter(plan, {values, static_cast<std::size_t>(count)});
    });
  }
  static int next(sqlite3_vtab_cursor* base) noexcept {
    return move(base, [](auto& cursor) { cursor.next(); });
  }
  static int eof(sqlite3_vtab_cursor* base) noexcept {
    return static_cast<Cursor*>(base)->over ? 1 : 0;
  }
  static int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int index) noexcept {
    return with(base, [&](auto& cursor) { cursor.column(context, index); });
  }
  static int rowid(sqlite3_vtab_cursor* base, sqlite3_int64* out) noexcept {
    return with(base, [&](auto& cursor) { *out = cursor.rowid(); });
  }

  static const sqlite3_module methods;
};

template <class T>
const sqlite3_module Module<T>::methods = [] {
  sqlite3_module module{};
  module.iVersion = 0;
  module.xCreate =
      nullptr;  // eponymous only: CREATE VIRTUAL TABLE is refused, nothing virtual lives in a file
  module.xConnect = &Module::connect;
  module.xBestIndex = &Module::best_index;
  module.xDisconnect = &Module::disconnect;
  module.xDestroy = &Module::disconnect;
  module.xOpen = &Module::open;
  module.xClose = &Module::close;
  module.xFilter = &Module::filter;
  module.xNext = &Module::next;
  module.xEof = &Module::eof;
  module.xColumn = &Module::column;
  module.xRowid = &Module::rowid;
  return module;
}();

}  // namespace cdr::ext
