// One SQL value. Text is a view: it belongs to a Document, an Arena or a literal, which must
// outlive the row.
#pragma once

#include <cstdint>
#include <string_view>

namespace cdr {

class Value {
 public:
  enum class Type : std::uint8_t { null, integer, real, text };

  constexpr Value() noexcept = default;  // SQL NULL: the vendor did not provide it
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
  // The text must be shorter than 4 GiB, as every SQL value is.
  static constexpr Value text(std::string_view characters) noexcept {
    Value value;
    value.type_ = Type::text;
    value.size_ = static_cast<std::uint32_t>(characters.size());
    value.characters_ = characters.data();
    return value;
  }

  constexpr Type type() const noexcept { return type_; }
  constexpr bool is_null() const noexcept { return type_ == Type::null; }
  // Each is meaningful only if the value has its type.
  constexpr std::int64_t as_integer() const noexcept { return integer_; }
  constexpr double as_real() const noexcept { return real_; }
  constexpr std::string_view as_text() const noexcept {
    return type_ == Type::text ? std::string_view(characters_, size_) : std::string_view();
  }

 private:
  Type type_ = Type::null;
  std::uint32_t size_ = 0;
  union {
    std::int64_t integer_ = 0;
    double real_;
    const char* characters_;
  };
};
static_assert(sizeof(Value) == 16, "rows are wide, and each is emptied again");

}  // namespace cdr
