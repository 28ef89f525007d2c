// SQL values ↔ C++ values, in functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/value.hpp"
#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// One argument of a call.
class Argument {
 public:
  explicit Argument(sqlite3_value* value) : value_(value) {}
  bool is_null() const { return sqlite3_value_type(value_) == SQLITE_NULL; }
  int type() const { return sqlite3_value_type(value_); }
  bool is_text() const { return type() == SQLITE_TEXT; }
  bool is_blob() const { return type() == SQLITE_BLOB; }
  bool is_number() const { return type() == SQLITE_INTEGER || type() == SQLITE_FLOAT; }
  std::int64_t integer() const { return sqlite3_value_int64(value_); }
  double real() const { return sqlite3_value_double(value_); }
  // The value as UTF-8 (a number in its decimal form); "" for NULL. Valid during the call.
  std::string_view text() const;
  // A blob's bytes, or the text's. Valid during the call.
  std::string_view bytes() const;
  template <class T>
  T* pointer(const char* type) const {
    return static_cast<T*>(sqlite3_value_pointer(value_, type));
  }
  sqlite3_value* get() const { return value_; }

 private:
  sqlite3_value* value_;
};

// The call's arguments and its result. The result is NULL until set.
class Call {
 public:
  Call(sqlite3_context* context, std::span<sqlite3_value*> values)
      : context_(context), values_(values) {}
  std::size_t size() const { return values_.size(); }
  Argument operator[](std::size_t i) const { return Argument(values_[i]); }
  bool has(std::size_t i) const {
    return i < values_.size() && sqlite3_value_type(values_[i]) != SQLITE_NULL;
  }

  void null() { sqlite3_result_null(context_); }
  void integer(std::int64_t number) { sqlite3_result_int64(context_, number); }
  void real(double number) { sqlite3_result_double(context_, number); }
  void real(std::optional<double> number) { number ? real(*number) : null(); }
  // Copied; with U+FFFD for each byte that is not UTF-8, as a blob among the arguments may have.
  void text(std::string_view characters);
  void json(std::string_view characters);  // as text, with SQLite's JSON subtype
  void value(const Value& value);
  sqlite3_context* context() const { return context_; }
  sqlite3* database() const { return sqlite3_context_db_handle(context_); }

 private:
  sqlite3_context* context_;
  std::span<sqlite3_value*> values_;
};

void set_result(sqlite3_context* context, const Value& value);

}  // namespace cdr::ext
