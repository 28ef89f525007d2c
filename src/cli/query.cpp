// cdr query: runs SQL, statement by statement, and writes rows.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/pager.hpp"
#include "cli/script.hpp"
#include "cli/terminal.hpp"
#include "core/text.hpp"
#include "json/input/file.hpp"
#include "json/input/standard_input.hpp"

namespace cdr::cli {
namespace {

// SQLite's limit for a value.
constexpr std::size_t longest_value = 1'000'000'000;

bool has_row(sqlite3_stmt* statement, const Script& script) {
  const int code = sqlite3_step(statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE) script.fail();
  return code == SQLITE_ROW;
}

std::int64_t run(sqlite3_stmt* statement, const Script& script, const FormatOptions& format,
                 Output& output) {
  // Steps before the column names are shown, so that a statement that fails at once shows none.
  bool is_row = has_row(statement, script);
  const int count = sqlite3_column_count(statement);
  if (count == 0) return 0;
  std::vector<std::string> columns;
  columns.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) columns.emplace_back(sqlite3_column_name(statement, i));
  const auto writer = make_writer(format, output);
  writer->begin(columns);
  std::vector<Cell> cells(columns.size());
  std::int64_t rows = 0;
  for (; is_row; is_row = has_row(statement, script)) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      cells[i] = cell_of(statement, static_cast<int>(i));
    writer->row(cells);
    ++rows;
  }
  writer->end();
  return rows;
}

// The options that suit standard output, unless the user gave others.
FormatOptions suited(const ShowOptions& show) {
  FormatOptions format = show.format;
  const bool on_terminal = is_terminal(STDOUT_FILENO);
  if (!show.format_given) format.format = on_terminal ? Format::table : Format::tsv;
  format.max_width = show.max_width.value_or(on_terminal ? terminal_width(STDOUT_FILENO) : 0);
  format.colours = shows_colours(STDOUT_FILENO);
  return format;
}

SqlText text_of(const QueryOptions& options) {
  if (!options.file.empty() && options.file != "-") return {content_of(options.file), options.file};
  if (!options.file.empty() || options.sql.empty() || options.sql == "-") {
    SqlText text{read_standard_input("the SQL is expected"), ""};
    note_standard_input_read("for the SQL");
    return text;
  }
  return {options.sql, ""};
}

}  // namespace

std::string content_of(const std::string& path) {
  try {
    std::ifstream file(path, std::ios::binary);
    if (file) return {std::istreambuf_iterator<char>(file), {}};
  } catch (const std::ios_base::failure&) {
    // A folder can be opened, but not read.
  }
  throw Failure(path + ": cannot be read: " + reason_of(errno) + "; name a file that holds SQL");
}

std::string read_standard_input(const std::string& what) {
  if (::isatty(STDIN_FILENO) == 1)
    throw Failure(
        what + " on standard input, which is a terminal; give it as an argument or a pipe",
        exit_usage);
  std::string text;
  char part[1 << 16];
  for (;;) {
    // Waits here, because a signal ends poll, but not read.
    pollfd waiting{STDIN_FILENO, POLLIN, 0};
    const bool ready = ::poll(&waiting, 1, -1) > 0;
    if (interrupted() != 0)
      throw Failure("interrupted while reading standard input; nothing was done");
    const ssize_t count = ready ? ::read(STDIN_FILENO, part, sizeof part) : -1;
    if (count == 0) return text;
    if (text.size() + static_cast<std::size_t>(std::max<ssize_t>(count, 0)) > longest_value)
      throw Failure("standard input is longer than 1 GB; save it as a file, then name that");
    if (count > 0)
      text.append(part, static_cast<std::size_t>(count));
    else if (errno != EINTR)
      throw Failure("cannot read standard input: " + reason_of(errno) +
                    "; save it as a file, then name that");
  }
}

std::int64_t run_sql(SQLite::Database& database, const std::string& path, const SqlText& text,
                     const ShowOptions& show, const Parameters& parameters, Access access) {
  const FormatOptions format = suited(show);
  Script script(database.getHandle(), path, text, access);
  Binder binder(parameters);
  Pager pager(show.pager);
  Output output(pager.to());
  std::int64_t rows = 0;
  try {
    while (const Prepared statement = script.next()) {
      binder.bind(statement.get(), script);
      rows += run(statement.get(), script, format, output);
    }
    output.flush();
  } catch (const Failure&) {
    std::fflush(pager.to());  // what was written comes before the error
    throw;
  } catch (const Closed&) {
  }
  pager.finish();
  return rows;
}

int query(const QueryOptions& options) {
  if (!options.sql.empty() && !options.file.empty())
    throw Failure("the SQL is given twice, as an argument and by -f; give it once", exit_usage);
  const SqlText text = text_of(options);
  if (trim(text.sql).empty()) throw Failure("there is no SQL; try 'cdr query --help'", exit_usage);
  const Access access = options.read_only ? Access::read : Access::write;
  Questioned asked = open_for_questions(options.database, access);
  const InterruptGuard guard(asked.database.getHandle());
  run_sql(asked.database, asked.path, text, options.show, options.parameters, access);
  asked.require_untouched();
  return exit_ok;
}

}  // namespace cdr::cli
