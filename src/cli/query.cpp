// cdr query: runs SQL, statement by statement, and writes rows.
#include <poll.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "core/text.hpp"

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
  Script(sqlite3* database, const std::string& path, const std::string& sql)
      : database_(database), path_(path), sql_(sql), next_(sql_.c_str()) {
    if (sql_.find('\0') != std::string::npos)
      throw Failure("the SQL holds a NUL character; give it as text, in UTF-8");
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
    return " (line " + std::to_string(line) + ", column " + std::to_string(column) + ")";
  }

  sqlite3* database_;
  const std::string& path_;
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
    writer->row(cells);
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

}  // namespace

FormatOptions suited(FormatOptions format, bool given) {
  if (!given) format.format = ::isatty(STDOUT_FILENO) == 1 ? Format::table : Format::tsv;
  return format;
}

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

std::int64_t run_sql(SQLite::Database& database, const std::string& path, const std::string& sql,
                     const FormatOptions& format) {
  Output output(stdout);
  Script script(database.getHandle(), path, sql);
  std::int64_t rows = 0;
  try {
    while (const Prepared statement = script.next())
      rows += run(statement.get(), script, format, output);
  } catch (const Failure&) {
    std::fflush(stdout);  // what was written comes before the error
    throw;
  }
  output.flush();
  return rows;
}

int query(const QueryOptions& options) {
  const bool piped = options.sql.empty() || options.sql == "-";
  const std::string sql = piped ? read_standard_input("the SQL is expected") : options.sql;
  if (trim(sql).empty()) throw Failure("there is no SQL; try 'cdr query --help'", exit_usage);
  Questioned asked =
      open_for_questions(options.database, options.read_only ? Access::read : Access::write);
  const InterruptGuard guard(asked.database.getHandle());
  run_sql(asked.database, asked.path, sql, suited(options.format, options.format_given));
  asked.require_untouched();
  return exit_ok;
}

}  // namespace cdr::cli
