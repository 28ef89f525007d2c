// One SQL value. Text is a view: it belongs to a Document, an Arena or a literal, which outlives
// the row.
#pragma once

#include <cstdint>
#include <string_view>

namespace cdr {

class Value {
 public:
  enum class Type : std::uint8_t { null, integer, real, text };

  constexpr Value() noexcept = default;  // SQL NULL: the vendor does not say
  static constexpr Value integer(std::int64_t number) noexcept {
    Value value;
    value.type_ = Type::integer;
    value.integer_ = number;
    return value;
  }
  static constexpr Value real(double number) noexcept {
    Value value;
    value.type_ = Type::real;
    value.real_ = number;
    return value;
  }
  static constexpr Value text(std::string_view characters) noexcept {
    Value value;
    value.type_ = Type::text;
    value.text_ = characters;
    return value;
  }

  constexpr Type type() const noexcept { return type_; }
  constexpr bool is_null() const noexcept { return type_ == Type::null; }
  // Each is meaningful for its own type only.
  constexpr std::int64_t as_integer() const noexcept { return integer_; }
  constexpr double as_real() const noexcept { return real_; }
  constexpr std::string_view as_text() const noexcept { return text_; }

 private:
  Type type_ = Type::null;
  union {
    std::int64_t integer_ = 0;
    double real_;
  };
  std::string_view text_;
};

}  // namespace cdr
