// cdr query: runs SQL, statement by statement, and writes rows.
#include <poll.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/pager.hpp"
#include "cli/terminal.hpp"
#include "core/text.hpp"
#include "json/standard_input.hpp"

namespace cdr::cli {
namespace {

// SQLite takes no longer value.
constexpr std::size_t longest_value = 1'000'000'000;

// SQLite's own statements, because SQLiteCpp's do not say where the next one begins.
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

class Script {
 public:
  Script(sqlite3* database, const std::string& path, const SqlText& text)
      : database_(database), path_(path), text_(text), sql_(text.sql), next_(sql_.c_str()) {
    if (sql_.find('\0') != std::string::npos)
      throw Failure("the SQL holds a NUL character; give it as text, in UTF-8");
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (sql_.starts_with(byte_order_mark)) next_ += byte_order_mark.size();
  }

  // The next statement; null at the end.
  Prepared next() {
    while (*next_ != '\0') {
      const char* begin = next_;
      sqlite3_stmt* statement = nullptr;
      const int code = sqlite3_prepare_v2(database_, begin, -1, &statement, &next_);
      Prepared prepared(statement);
      if (code != SQLITE_OK) fail(begin);
      if (prepared) return prepared;
    }
    return nullptr;
  }

  // Whether the statement that was given last is the last one.
  bool is_at_end() const {
    const char* rest = next_;
    while (*rest != '\0') {
      sqlite3_stmt* statement = nullptr;
      const int code = sqlite3_prepare_v2(database_, rest, -1, &statement, &rest);
      const Prepared prepared(statement);
      if (code != SQLITE_OK || prepared) return false;
    }
    return true;
  }

  [[noreturn]] void fail(const char* begin = nullptr) const {
    std::string message = sqlite3_errmsg(database_);
    const int code = sqlite3_extended_errcode(database_);
    const int offset = begin == nullptr ? -1 : sqlite3_error_offset(database_);
    if (offset >= 0) message += position(static_cast<std::size_t>(begin - sql_.c_str() + offset));
    throw failure_of(code, message, path_);
  }

 private:
  std::string position(std::size_t at) const {
    std::size_t line = 1, column = 1;
    for (std::size_t i = 0; i < at && i < sql_.size(); ++i) {
      const bool line_end = sql_[i] == '\n';
      line += line_end ? 1 : 0;
      if (line_end)
        column = 1;
      else if ((sql_[i] & 0xC0) != 0x80)  // characters, not bytes
        ++column;
    }
    return " (" + (text_.file.empty() ? "" : text_.file + " ") + "line " + std::to_string(line) +
           ", column " + std::to_string(column) + ")";
  }

  sqlite3* database_;
  const std::string& path_;
  const SqlText& text_;
  const std::string& sql_;
  const char* next_;
};

Cell cell_of(sqlite3_stmt* row, int column) {
  Cell cell;
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
      return cell;
    case SQLITE_BLOB:
      cell.kind = Cell::Kind::blob;
      cell.text = {static_cast<const char*>(sqlite3_column_blob(row, column)),
                   static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
      return cell;
    case SQLITE_FLOAT:
      cell.kind = Cell::Kind::real;
      cell.number = sqlite3_column_double(row, column);
      break;
    case SQLITE_INTEGER:
      cell.kind = Cell::Kind::integer;
      break;
    default:
      cell.kind = Cell::Kind::text;
  }
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  if (text == nullptr) throw Failure("out of memory; ask for fewer or smaller values");
  cell.text = {text, static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
  return cell;
}

std::int64_t write_rows(sqlite3_stmt* statement, const Script& script, RowWriter* writer) {
  std::int64_t rows = 0;
  std::vector<Cell> cells(static_cast<std::size_t>(sqlite3_column_count(statement)));
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      cells[i] = cell_of(statement, static_cast<int>(i));
    if (writer != nullptr) writer->row(cells);
    ++rows;
  }
  if (code != SQLITE_DONE) script.fail();
  return rows;
}

std::int64_t run(sqlite3_stmt* statement, const Script& script, const FormatOptions& format,
                 Output& output) {
  const int count = sqlite3_column_count(statement);
  if (count == 0) return write_rows(statement, script, nullptr);
  std::vector<std::string> columns;
  columns.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) columns.emplace_back(sqlite3_column_name(statement, i));
  const auto writer = make_writer(format, output);
  writer->begin(columns);
  const std::int64_t rows = write_rows(statement, script, writer.get());
  writer->end();
  return rows;
}

// As SQL and JSON write a number, and SQLite would write it back: 007 and +48500 are texts.
bool is_written_as_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const auto has_only_digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
  };
  // What 64 bits keep of an integer, and what a double keeps.
  const std::size_t most_digits = point == text.npos ? 18 : 15;
  if (text.size() > most_digits || !has_only_digits(whole)) return false;
  if (whole.size() > 1 && whole.front() == '0') return false;
  return point == text.npos || has_only_digits(text.substr(point + 1));
}

class Binder {
 public:
  explicit Binder(const Parameters& parameters) : parameters_(parameters) {}

  void bind(sqlite3_stmt* statement, const Script& script) {
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
      const char* name = sqlite3_bind_parameter_name(statement, i);
      if (name == nullptr)
        throw Failure(
            "the SQL has a parameter without a name, ?; write :name and give --param name=VALUE",
            exit_usage);
      const auto found = parameters_.find(name + 1);
      if (found == parameters_.end())
        throw Failure("the SQL has the parameter " + std::string(name) +
                          ", which has no value; give --param " + (name + 1) + "=VALUE",
                      exit_usage);
      used_.insert(found->first);
      bind(statement, i, found->second);
    }
    if (script.is_at_end()) require_all_used();
  }

 private:
  static void bind(sqlite3_stmt* statement, int index, const std::string& value) {
    if (!is_written_as_number(value))
      sqlite3_bind_text(statement, index, value.data(), static_cast<int>(value.size()),
                        SQLITE_STATIC);
    else if (value.find('.') == std::string::npos)
      sqlite3_bind_int64(statement, index, std::stoll(value));
    else
      sqlite3_bind_double(statement, index, std::stod(value));
  }
  // Before the last statement runs, so that a name that was mistyped changes nothing.
  void require_all_used() const {
    for (const auto& [name, value] : parameters_)
      if (!used_.contains(name))
        throw Failure("the SQL has no parameter :" + name + ", for which --param gives a value",
                      exit_usage);
  }

  const Parameters& parameters_;
  std::set<std::string> used_;
};

// What suits standard output, unless told.
FormatOptions suited(const ShowOptions& show) {
  FormatOptions format = show.format;
  const bool on_terminal = is_terminal(STDOUT_FILENO);
  if (!show.format_given) format.format = on_terminal ? Format::table : Format::tsv;
  format.max_width = show.max_width.value_or(on_terminal ? terminal_width(STDOUT_FILENO) : 0);
  format.colours = shows_colours(STDOUT_FILENO);
  return format;
}

std::string content_of(const std::string& path) {
  try {
    std::ifstream file(path, std::ios::binary);
    if (file) return {std::istreambuf_iterator<char>(file), {}};
  } catch (const std::ios_base::failure&) {
    // A folder opens, and fails when it is read.
  }
  throw Failure(path + ": cannot be read: " + std::generic_category().message(errno) +
                "; name a file that holds SQL");
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

std::string read_standard_input(const std::string& what) {
  if (::isatty(STDIN_FILENO) == 1)
    throw Failure(
        what + " on standard input, which is a terminal; give it as an argument or a pipe",
        exit_usage);
  std::string text;
  char part[1 << 16];
  for (;;) {
    // Waiting here, because a signal ends poll, and read goes on behind one.
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
      throw Failure("cannot read standard input: " + std::generic_category().message(errno) +
                    "; save it as a file, then name that");
  }
}

std::int64_t run_sql(SQLite::Database& database, const std::string& path, const SqlText& text,
                     const ShowOptions& show, const Parameters& parameters) {
  const FormatOptions format = suited(show);
  Script script(database.getHandle(), path, text);
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
  Questioned asked =
      open_for_questions(options.database, options.read_only ? Access::read : Access::write);
  const InterruptGuard guard(asked.database.getHandle());
  run_sql(asked.database, asked.path, text, options.show, options.parameters);
  asked.require_untouched();
  return exit_ok;
}

}  // namespace cdr::cli
