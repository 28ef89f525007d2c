#include "extension/binding/value.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include "core/text.hpp"

namespace cdr::ext {

std::string_view Argument::text() const {
  const auto* characters = reinterpret_cast<const char*>(sqlite3_value_text(value_));
  if (characters == nullptr) {
    if (!is_null()) throw std::bad_alloc();  // there was no memory to convert it
    return {};
  }
  return {characters, static_cast<std::size_t>(sqlite3_value_bytes(value_))};
}

std::string_view Argument::bytes() const {
  if (!is_blob()) return text();
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value_));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value_));
  if (bytes == nullptr && size != 0) throw std::bad_alloc();
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

void set_result(sqlite3_context* context, const Value& value) {
  switch (value.type()) {
    case Value::Type::null:
      return sqlite3_result_null(context);
    case Value::Type::integer:
      return sqlite3_result_int64(context, value.as_integer());
    case Value::Type::real:
      // A file does not keep the sign of -0.0, so a row that is read from JSON has none either.
      return sqlite3_result_double(context, value.as_real() + 0.0);
    case Value::Type::text:
      return sqlite3_result_text64(context, value.as_text().data(), value.as_text().size(),
                                   SQLITE_TRANSIENT, SQLITE_UTF8);
  }
}

void Call::text(std::string_view characters) {
  const bool is_ascii = std::all_of(characters.begin(), characters.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii)
    set_result(context_, Value::text(characters));
  else
    set_result(context_, Value::text(valid_utf8(characters)));
}

void Call::json(std::string_view characters) {
  text(characters);
  sqlite3_result_subtype(context_, 'J');
}

void Call::value(const Value& value) {
  set_result(context_, value);
}

}  // namespace cdr::ext
