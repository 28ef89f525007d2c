// Opens databases with libcdr registered in them, and explains their errors to the user of cdr.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <string_view>

#include "cli/failure.hpp"
#include "json/input/file.hpp"

namespace cdr::cli {

struct DatabaseOption {
  static constexpr char default_path[] = "cdr.db";
  static constexpr char in_memory[] = ":memory:";
  std::string path = default_path;
  bool given = false;         // by --db or CDR_DB
  bool with_reports = false;  // load the reports that users added to it; only for queries
};

enum class Access { read, write, create };

// Opens a database, waiting for other programs' locks; every function and table of libcdr is
// available. Throws Failure.
SQLite::Database open_database(const std::string& path, Access access);

// A database in WAL mode that is read without locks, because the user may not write to its folder,
// where SQLite would have to keep track of readers. The result is right if no other program writes
// to it meanwhile.
class AsItLies {
 public:
  explicit AsItLies(const std::string& path);
  // Throws Failure if another program wrote to it meanwhile: the data read may be wrong.
  void require_untouched() const;

 private:
  std::string path_;
  FileState state_;
};

struct Questioned {
  SQLite::Database database;
  std::string path;
  std::optional<AsItLies> as_it_lies;
  void require_untouched() const {
    if (as_it_lies) as_it_lies->require_untouched();
  }
};

// Like open_database, but also works if the user may only read the file, its folder or the file
// system.
Questioned open_to_ask(const std::string& path, Access access);

// For commands that only read: opens the named database; otherwise cdr.db if there is one;
// otherwise an empty one in memory, in which the tables answer from files.
Questioned open_for_questions(const DatabaseOption& option, Access access);

// The URI of a file, as SQLite reads one.
std::string uri_of(const std::string& path);

// False only if it is certain that there is no such file.
bool may_exist(const std::string& path);

// The word as a shell reads it: in quotes if it needs them.
std::string in_shell(std::string word);

// A shell command for this database: cdr COMMAND --db FILE ARGUMENTS. It names the database unless
// that is the default.
std::string command_on(const std::string& path, std::string_view command,
                       std::string_view arguments = {});

// A message of libcdr's, with commands in place of the SQL that it advises.
std::string advised(std::string text, const std::string& path);

// Throws Failure if there is no such database.
void require_database(const std::string& path);

// SQLite's message, and the remedy.
Failure failure_of(int extended_code, const std::string& message, const std::string& path);
Failure failure_of(const SQLite::Exception& error, const std::string& path);

// The result of a statement of one value, as text; "" for NULL.
template <class... Arguments>
std::string value_of(SQLite::Database& database, const char* sql, const Arguments&... arguments) {
  SQLite::Statement statement(database, sql);
  int index = 0;
  (statement.bind(++index, arguments), ...);
  if (!statement.executeStep()) return {};
  return statement.getColumn(0).getString();
}

}  // namespace cdr::cli
