#include "extension/columns/cell.hpp"

#include <algorithm>
#include <new>

namespace cdr::ext {
namespace {

template <class Number>
int order(Number a, Number b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Compares exactly: a double has fewer digits than a whole number, which in turn has no fraction.
int order(std::int64_t a, double b) {
  constexpr double beyond = 9223372036854775808.0;
  if (b < -beyond) return 1;
  if (b >= beyond) return -1;
  const auto whole = static_cast<std::int64_t>(b);
  if (a != whole) return order(a, whole);
  return order(static_cast<double>(a), b);
}

int rank(Cell::Kind kind) {
  return kind == Cell::Kind::blob ? 2 : kind == Cell::Kind::text ? 1 : 0;
}

}  // namespace

Cell Cell::of(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return of(std::int64_t{sqlite3_value_int64(value)});
    case SQLITE_FLOAT:
      return of(sqlite3_value_double(value));
    case SQLITE_NULL:
      return {};
    default:
      break;
  }
  const bool is_blob = sqlite3_value_type(value) == SQLITE_BLOB;
  const void* const bytes = is_blob ? sqlite3_value_blob(value) : sqlite3_value_text(value);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  if (bytes == nullptr && (size != 0 || !is_blob)) throw std::bad_alloc();
  Cell cell = of(bytes == nullptr ? std::string_view()
                                  : std::string_view(static_cast<const char*>(bytes), size));
  if (is_blob) cell.kind = Kind::blob;
  return cell;
}

Cell Cell::of(const Value& value) {
  switch (value.type()) {
    case Value::Type::integer:
      return of(value.as_integer());
    case Value::Type::real:
      return of(value.as_real());
    case Value::Type::text:
      return of(value.as_text());
    case Value::Type::null:
      break;
  }
  return {};
}

Value Cell::value() const {
  switch (kind) {
    case Kind::integer:
      return Value::integer(integer);
    case Kind::real:
      return Value::real(real);
    case Kind::text:
      return Value::text(text.empty() ? "" : text);  // not NULL
    default:
      return {};
  }
}

bool may_be_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789+-.eE \t\n\v\f\r") == text.npos;
}

int compare(const Cell& a, const Cell& b) {
  if (rank(a.kind) != rank(b.kind)) return rank(a.kind) - rank(b.kind);
  if (rank(a.kind) > 0) return a.text.compare(b.text);
  if (a.kind == Cell::Kind::integer)
    return b.kind == Cell::Kind::integer ? order(a.integer, b.integer) : order(a.integer, b.real);
  return b.kind == Cell::Kind::integer ? -order(b.integer, a.real) : order(a.real, b.real);
}

void Comparison::add(Cell operand) {
  if (operand.kind == Cell::Kind::text || operand.kind == Cell::Kind::blob)
    operand.text = texts_.emplace_back(operand.text);
  operands_.push_back(operand);
}

bool Comparison::holds(const Cell& cell) const {
  if (op_ == Operator::is_null) return cell.is_null();
  if (op_ == Operator::in)
    return !cell.is_null() &&
           std::any_of(operands_.begin(), operands_.end(), [&](const Cell& each) {
             return !each.is_null() && compare(cell, each) == 0;
           });
  const Cell& operand = operands_.front();
  if (op_ == Operator::is && (cell.is_null() || operand.is_null()))
    return cell.is_null() && operand.is_null();
  if (cell.is_null() || operand.is_null()) return false;
  const int found = compare(cell, operand);
  switch (op_) {
    case Operator::eq:
    case Operator::is:
      return found == 0;
    case Operator::lt:
      return found < 0;
    case Operator::le:
      return found <= 0;
    case Operator::gt:
      return found > 0;
    default:
      return found >= 0;
  }
}

}  // namespace cdr::ext
