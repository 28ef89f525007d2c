#include "host.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "faulty_vfs.hpp"

namespace cdr::fault {
namespace {

std::string library;

constexpr std::uint64_t hash_start = 0xcbf29ce484222325;
std::uint64_t add_to(std::uint64_t hash, const void* bytes, std::size_t size) {
  const auto* each = static_cast<const unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ each[i]) * 0x100000001b3;
  return hash;
}

std::uint64_t add_value(std::uint64_t hash, sqlite3_stmt* row, int column) {
  const int type = sqlite3_column_type(row, column);
  hash = add_to(hash, &type, sizeof type);
  if (type == SQLITE_NULL) return hash;
  if (type == SQLITE_INTEGER) {
    const sqlite3_int64 number = sqlite3_column_int64(row, column);
    return add_to(hash, &number, sizeof number);
  }
  if (type == SQLITE_FLOAT) {
    const double number = sqlite3_column_double(row, column);
    return add_to(hash, &number, sizeof number);
  }
  const void* const bytes = sqlite3_column_blob(row, column);
  const int size = sqlite3_column_bytes(row, column);
  hash = add_to(hash, &size, sizeof size);
  return bytes == nullptr ? hash : add_to(hash, bytes, static_cast<std::size_t>(size));
}

std::uint64_t add_row(std::uint64_t hash, sqlite3_stmt* row) {
  for (int i = 0; i < sqlite3_column_count(row); ++i) hash = add_value(hash, row, i);
  return hash;
}

}  // namespace

void give_up(const std::string& why) {
  std::fprintf(stderr, "cannot go on: %s\n", why.c_str());
  std::fflush(stderr);
  ::_exit(99);
}

std::string Settings::text() const {
  return "foreign_keys " + std::to_string(foreign_keys) + ", secure_delete " +
         std::to_string(secure_delete) + ", cache_size " + std::to_string(cache_size) +
         ", busy_timeout " + std::to_string(busy_timeout) + ", last_insert_rowid " +
         std::to_string(last_insert_rowid);
}

void Host::set_library(const std::string& path) {
  library = path;
}

Host::Host(const std::string& path, Loads loads) {
  const char* const name = path.empty() ? ":memory:" : path.c_str();
  if (sqlite3_open_v2(name, &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs_name) !=
      SQLITE_OK)
    give_up(path + ": " + sqlite3_errmsg(database_));
  sqlite3_enable_load_extension(database_, 1);
  ask("PRAGMA foreign_keys = ON");
  ask("PRAGMA secure_delete = OFF");
  ask("PRAGMA cache_size = 777");
  ask("PRAGMA busy_timeout = 25");
  sqlite3_set_last_insert_rowid(database_, 4242);
  if (loads == Loads::nothing) return;
  if (const std::string error = load(); !error.empty()) give_up(error);
}

Host::~Host() {
  sqlite3_close_v2(database_);
}

std::string Host::load() {
  char* error = nullptr;
  const int code = sqlite3_load_extension(database_, library.c_str(), nullptr, &error);
  const OwnWork own;
  std::string text = error != nullptr ? error : code != SQLITE_OK ? sqlite3_errstr(code) : "";
  sqlite3_free(error);
  return code == SQLITE_OK ? "" : text;
}

Outcome Host::run(const std::string& sql) {
  Outcome outcome;
  outcome.hash = hash_start;
  for (const char* rest = sql.c_str(); *rest != '\0';) {
    sqlite3_stmt* statement = nullptr;
    outcome.code = sqlite3_prepare_v2(database_, rest, -1, &statement, &rest);
    if (outcome.code == SQLITE_OK && statement == nullptr) break;
    while (outcome.code == SQLITE_OK && (outcome.code = sqlite3_step(statement)) == SQLITE_ROW) {
      outcome.code = SQLITE_OK;
      outcome.hash = add_row(outcome.hash, statement);
      const auto* first = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
      const OwnWork own;
      if (outcome.rows++ == 0 && first != nullptr) outcome.first = first;
      // The conversion of a value may have run out of memory although the row was complete.
      if (sqlite3_errcode(database_) == SQLITE_NOMEM) outcome.code = SQLITE_NOMEM;
    }
    if (outcome.code == SQLITE_DONE) outcome.code = SQLITE_OK;
    if (outcome.code != SQLITE_OK) {
      const OwnWork own;
      outcome.message = sqlite3_errmsg(database_);
    }
    const int finalized = sqlite3_finalize(statement);
    if (outcome.code == SQLITE_OK) outcome.code = finalized;
    if (outcome.code != SQLITE_OK) break;
  }
  return outcome;
}

std::string Host::ask(const std::string& sql) {
  Outcome outcome = run(sql);
  if (outcome.code != SQLITE_OK) give_up(sql + ": " + outcome.message);
  return outcome.first;
}

Settings Host::settings() {
  const auto number = [&](const char* sql) { return std::strtoll(ask(sql).c_str(), nullptr, 10); };
  return {number("PRAGMA foreign_keys"), number("PRAGMA secure_delete"),
          number("PRAGMA cache_size"), number("PRAGMA busy_timeout"),
          sqlite3_last_insert_rowid(database_)};
}

std::string Host::busy_statement() const {
  for (sqlite3_stmt* each = sqlite3_next_stmt(database_, nullptr); each != nullptr;
       each = sqlite3_next_stmt(database_, each))
    if (sqlite3_stmt_busy(each) != 0) return sqlite3_sql(each);
  return "";
}

int Host::close() {
  const int code = sqlite3_close(database_);
  if (code == SQLITE_OK) database_ = nullptr;
  return code;
}

std::uint64_t state_of(const std::string& path) {
  Host host(path, Host::Loads::nothing);
  std::uint64_t sum = 0;
  const auto add_all = [&](const std::string& sql, std::uint64_t seed) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(host.database(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      give_up(path + ": " + sqlite3_errmsg(host.database()));
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) sum += add_row(seed, statement);
    if (code != SQLITE_DONE) give_up(path + ": " + sqlite3_errmsg(host.database()));
    sqlite3_finalize(statement);
  };
  add_all("SELECT type, name, sql FROM sqlite_schema", hash_start);
  std::vector<std::string> tables;
  sqlite3_stmt* names = nullptr;
  sqlite3_prepare_v2(host.database(),
                     "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'caller'", -1,
                     &names, nullptr);
  while (sqlite3_step(names) == SQLITE_ROW)
    tables.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(names, 0)));
  sqlite3_finalize(names);
  for (const std::string& table : tables)
    add_all("SELECT * FROM \"" + table + '"', add_to(hash_start, table.data(), table.size()));
  return sum;
}

}  // namespace cdr::fault
