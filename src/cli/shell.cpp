// cdr shell: the stock sqlite3 shell, with libcdr loaded. It has all that a shell needs (a history,
// editing, dot commands), and knowledge of it is useful elsewhere.
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "json/input/file.hpp"

namespace cdr::cli {
namespace {

// An argument of a dot command, quoted as the shell reads it.
std::string quoted(const std::string& text) {
  std::string quoted_text = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted_text += '\\';
    quoted_text += c;
  }
  return quoted_text + '"';
}

}  // namespace

int shell(const DatabaseOption& database) {
  const bool none = !database.given && !may_exist(database.path);
  if (!none) require_database(database.path);
  const auto program = find_program("sqlite3");
  if (!program) throw Failure("there is no sqlite3 shell here; apt-get install sqlite3");
  const auto library = find_extension();
  if (!library)
    throw Failure(
        "libcdr.so, which sqlite3 is to load, is neither beside cdr nor in the system's folders; "
        "apt-get install libsqlite3-mod-cdr");
  if (none && is_terminal(STDERR_FILENO))
    std::cerr << "There is no database here: the tables read files, as in\n"
                 "SELECT * FROM interactions(cdr_file('exports/'));\n";
  // A file may have a name that looks like an option.
  const std::string file = none                             ? DatabaseOption::in_memory
                           : database.path.starts_with('-') ? "./" + database.path
                                                            : database.path;
  const std::string load = ".load " + quoted(library->string());
  const std::array<const char*, 8> arguments{"sqlite3", "-box",       "-nullvalue", "NULL",
                                             "-cmd",    load.c_str(), file.c_str(), nullptr};
  std::cerr.flush();
  ::execv(program->c_str(), const_cast<char* const*>(arguments.data()));
  throw Failure(*program + " does not run: " + reason_of(errno) +
                "; apt-get install --reinstall sqlite3");
}

}  // namespace cdr::cli
