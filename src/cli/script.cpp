#include "cli/script.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/suggestion.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

enum class Literal { none, integer, hexadecimal, real };

// The kind of number that SQLite's tokenizer sees, after an optional minus. 007 and +48500 are
// texts, as ids and telephone numbers are.
Literal literal_of(std::string_view text) {
  const auto skip = [&](std::string_view characters) {
    const std::size_t count = std::min(text.find_first_not_of(characters), text.size());
    text.remove_prefix(count);
    return count;
  };
  const auto skip_one_of = [&](std::string_view characters) {
    const bool found = !text.empty() && characters.find(text.front()) != characters.npos;
    if (found) text.remove_prefix(1);
    return found;
  };
  constexpr std::string_view digits = "0123456789";
  constexpr std::size_t most_hexadecimal_digits = 16;
  skip_one_of("-");
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    const std::size_t zeros = skip("0"), count = skip("0123456789abcdefABCDEF");
    const bool is_number = zeros + count > 0 && count <= most_hexadecimal_digits && text.empty();
    return is_number ? Literal::hexadecimal : Literal::none;
  }
  if (text.size() > 1 && text.front() == '0' && is_digit(text[1])) return Literal::none;
  std::size_t count = skip(digits);
  bool is_real = false;
  if (skip_one_of(".")) {
    is_real = true;
    count += skip(digits);
  }
  if (count == 0) return Literal::none;
  if (skip_one_of("eE")) {
    is_real = true;
    skip_one_of("+-");
    if (skip(digits) == 0) return Literal::none;
  }
  if (!text.empty()) return Literal::none;
  return is_real ? Literal::real : Literal::integer;
}

bool is_of_name(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_';
}

// The first column of the query's rows.
std::vector<std::string> list(sqlite3* database, const char* sql, const std::string& argument) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
  const Prepared prepared(statement);
  sqlite3_bind_text(statement, 1, argument.data(), static_cast<int>(argument.size()),
                    SQLITE_STATIC);
  std::vector<std::string> found;
  while (sqlite3_step(statement) == SQLITE_ROW)
    found.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
  return found;
}

// The columns of the tables that the SQL names, each once.
std::vector<std::string> columns_in(sqlite3* database, std::string_view sql) {
  constexpr std::size_t most_words = 200;  // of SQL that a person writes
  std::vector<std::string> words, columns;
  for (std::size_t at = 0; at < sql.size() && words.size() < most_words; ++at) {
    std::size_t end = at;
    while (end < sql.size() && is_of_name(sql[end])) ++end;
    const std::string word(sql.substr(at, end - at));
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
      words.push_back(word);
    at = end;
  }
  for (const std::string& word : words)
    for (std::string& column : list(database, "SELECT name FROM pragma_table_xinfo(?1)", word))
      if (std::find(columns.begin(), columns.end(), column) == columns.end())
        columns.push_back(std::move(column));
  return columns;
}

// "; did you mean agent_id or agent_name?": columns that have the word as a part of their names,
// otherwise the nearest one.
std::string meant_column(std::string_view word, const std::vector<std::string>& columns) {
  constexpr std::size_t most_told = 6;
  std::vector<std::string> found;
  for (const std::string& column : columns) {
    const std::string parts = '_' + column + '_';
    if (parts.find('_' + std::string(word) + '_') != parts.npos) found.push_back(column);
  }
  if (found.empty())
    if (std::string near = nearest(word, columns); !near.empty()) found.push_back(std::move(near));
  if (found.empty() || found.size() > most_told) return "";
  std::string text = "; did you mean " + found.front();
  for (std::size_t i = 1; i < found.size(); ++i)
    text += (i + 1 == found.size() ? " or " : ", ") + found[i];
  return text + '?';
}

// The number as SQLite writes it.
std::string written(sqlite3* database, double number) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, "SELECT CAST(?1 AS TEXT)", -1, &statement, nullptr);
  const Prepared prepared(statement);
  sqlite3_bind_double(statement, 1, number);
  if (sqlite3_step(statement) != SQLITE_ROW) return {};
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  return text == nullptr ? "" : text;
}

// Digits with or without a point between them may be an id, such as 1715086680.310. It is a number
// only if SQLite writes the number in the same way, so that it still equals that id. A decimal with
// few digits (2.50) is a figure, and a number all the same.
bool changes_as_real(sqlite3* database, const std::string& value, double number) {
  constexpr std::size_t most_of_a_figure = 9;  // digits and the point
  const std::size_t first = value.front() == '-' ? 1 : 0;
  return value.size() - first > most_of_a_figure && is_digit(value[first]) &&
         is_digit(value.back()) && value.find_first_not_of("0123456789.", first) == value.npos &&
         written(database, number) != value;
}

void bind_value(sqlite3_stmt* statement, int index, const std::string& value) {
  const auto bind_text = [&] {
    sqlite3_bind_text(statement, index, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  };
  switch (literal_of(value)) {
    case Literal::none:
      return bind_text();
    case Literal::hexadecimal: {
      const bool is_negative = value.front() == '-';
      const std::uint64_t bits = std::stoull(value.substr(is_negative ? 1 : 0), nullptr, 16);
      sqlite3_bind_int64(statement, index,
                         static_cast<std::int64_t>(is_negative ? 0 - bits : bits));
      return;
    }
    case Literal::integer: {
      std::int64_t number = 0;
      const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
      if (read.ec != std::errc() || std::to_string(number) != value) return bind_text();
      sqlite3_bind_int64(statement, index, number);
      return;
    }
    case Literal::real: {
      // One that is too large for a double is infinite, as in SQL.
      const double number = std::strtod(value.c_str(), nullptr);
      if (changes_as_real(sqlite3_db_handle(statement), value, number)) return bind_text();
      sqlite3_bind_double(statement, index, number);
    }
  }
}

}  // namespace

Script::Script(sqlite3* database, const std::string& path, const SqlText& text, Access access)
    : database_(database),
      path_(path),
      access_(access),
      text_(text),
      sql_(text.sql),
      next_(sql_.c_str()) {
  if (sql_.find('\0') != std::string::npos)
    throw Failure("the SQL holds a NUL character; give it as text, in UTF-8");
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (sql_.starts_with(byte_order_mark)) next_ += byte_order_mark.size();
}

Prepared Script::next() {
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

bool Script::is_at_end() const {
  const char* rest = next_;
  while (*rest != '\0') {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(database_, rest, -1, &statement, &rest);
    const Prepared prepared(statement);
    if (code != SQLITE_OK || prepared) return false;
  }
  return true;
}

void Script::fail(const char* begin) const {
  std::string message = sqlite3_errmsg(database_);
  const int code = sqlite3_extended_errcode(database_);
  const int offset = begin == nullptr ? -1 : sqlite3_error_offset(database_);
  const std::string said = message;
  if (offset >= 0) message += position(static_cast<std::size_t>(begin - sql_.c_str() + offset));
  constexpr std::string_view no_column = "no such column: ", no_table = "no such table: ";
  if (suggests_ && said.starts_with(no_column)) {
    const std::string_view word = std::string_view(said).substr(no_column.size());
    message += meant_column(word.substr(word.rfind('.') + 1), columns_in(database_, sql_));
  } else if (suggests_ && said.starts_with(no_table)) {
    message += suggestion(
        said.substr(no_table.size()),
        list(database_, (std::string("SELECT name FROM (") + all_tables + ")").c_str(), ""));
  }
  // The reason is not the file's permissions.
  if (code == SQLITE_READONLY && access_ == Access::read)
    throw Failure(path_ + ": the SQL would write to it, and --read-only refuses that");
  throw failure_of(code, message, path_);
}

std::string Script::position(std::size_t at) const {
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

void Binder::bind(sqlite3_stmt* statement, const Script& script) {
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
    bind_value(statement, i, found->second);
  }
  if (script.is_at_end()) require_all_used();
}

// Checked before the last statement runs, so that a mistyped name changes nothing.
void Binder::require_all_used() const {
  for (const auto& [name, value] : parameters_)
    if (!used_.contains(name))
      throw Failure("the SQL has no parameter :" + name + ", for which --param gives a value",
                    exit_usage);
}

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

}  // namespace cdr::cli
