#include "cli/script.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace cdr::cli {
namespace {

// Whether SQL and JSON write a number like this, and SQLite would write it back like this: 007 and
// +48500 are texts.
bool is_written_as_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const auto has_only_digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
  };
  // The digits that 64 bits keep of an integer, and a double of a real number.
  const std::size_t most_digits = point == text.npos ? 18 : 15;
  if (text.size() > most_digits || !has_only_digits(whole)) return false;
  if (whole.size() > 1 && whole.front() == '0') return false;
  return point == text.npos || has_only_digits(text.substr(point + 1));
}

void bind_value(sqlite3_stmt* statement, int index, const std::string& value) {
  if (!is_written_as_number(value))
    sqlite3_bind_text(statement, index, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  else if (value.find('.') == std::string::npos)
    sqlite3_bind_int64(statement, index, std::stoll(value));
  else
    sqlite3_bind_double(statement, index, std::stod(value));
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
  if (offset >= 0) message += position(static_cast<std::size_t>(begin - sql_.c_str() + offset));
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
