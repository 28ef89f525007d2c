#include "extension/warehouse/upkeep/secure_delete.hpp"

#include "extension/binding/statement.hpp"

namespace cdr::ext {
namespace {

std::string journal_mode(sqlite3* database) {
  Statement select(database, "PRAGMA main.journal_mode");
  auto rows = select.query();
  return rows.next() ? std::string(rows.text(0)) : std::string();
}

constexpr const char* checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";

// The reason why the log cannot be emptied, or "".
std::string empty_log(sqlite3* database) {
  const int code =
      sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code == SQLITE_OK) return "";
  if (code == SQLITE_BUSY)
    return "another connection reads an older state of the file, so that the write-ahead log still "
           "holds what was erased; let it finish first";
  if (code == SQLITE_LOCKED)
    return "a statement of this connection is reading the file, so that the write-ahead log still "
           "holds what was erased; let it finish first";
  throw_sqlite_error(database, code);
}

}  // namespace

SecureDelete::SecureDelete(sqlite3* database) : setting_(database, Pragma::secure_delete) {
  if (setting_.before() != 1) setting_.set(1);
}

std::vector<ToDo> left_to_do(sqlite3* database) {
  std::vector<ToDo> left;
  const char* const file = sqlite3_db_filename(database, "main");
  if (file == nullptr || *file == '\0') return left;  // in memory
  const std::string journal = journal_mode(database);
  if (sqlite3_get_autocommit(database) == 0) {
    left.push_back({"COMMIT", "the caller's transaction is still open and can be undone"});
    if (journal == "wal")
      left.push_back({checkpoint, "the write-ahead log holds the pages as they were"});
  } else if (journal == "wal") {
    if (std::string why = empty_log(database); !why.empty())
      left.push_back({checkpoint, std::move(why)});
  }
  if (journal == "persist")
    left.push_back(
        {"PRAGMA journal_mode = DELETE", "the file -journal keeps the pages as they were"});
  left.push_back({"VACUUM",
                  "where rows were moved or rewritten before, the unused part of a page may still "
                  "have bytes of them"});
  if (journal == "wal")
    left.push_back({checkpoint, "VACUUM writes to the log; the file is as it was until then"});
  return left;
}

}  // namespace cdr::ext
