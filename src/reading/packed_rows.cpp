#include "reading/packed_rows.hpp"

#include <cstring>

namespace cdr {
namespace {

std::size_t packed_size(const Value& value) {
  switch (value.type()) {
    case Value::Type::null:
      return 1;
    case Value::Type::integer:
    case Value::Type::real:
      return 1 + 8;
    case Value::Type::text:
      return 1 + sizeof(std::size_t) + value.as_text().size();
  }
  return 1;
}

template <class T>
void put(char*& to, const T& what) {
  std::memcpy(to, &what, sizeof what);
  to += sizeof what;
}
template <class T>
T take(const char*& from) {
  T what;
  std::memcpy(&what, from, sizeof what);
  from += sizeof what;
  return what;
}

void pack(char*& to, const Value& value) {
  put(to, value.type());
  switch (value.type()) {
    case Value::Type::null:
      return;
    case Value::Type::integer:
      return put(to, value.as_integer());
    case Value::Type::real:
      return put(to, value.as_real());
    case Value::Type::text:
      put(to, value.as_text().size());
      if (!value.as_text().empty()) std::memcpy(to, value.as_text().data(), value.as_text().size());
      to += value.as_text().size();
  }
}

Value unpack(const char*& from) {
  switch (take<Value::Type>(from)) {
    case Value::Type::null:
      return {};
    case Value::Type::integer:
      return Value::integer(take<std::int64_t>(from));
    case Value::Type::real:
      return Value::real(take<double>(from));
    case Value::Type::text: {
      const auto size = take<std::size_t>(from);
      const Value text = Value::text({from, size});
      from += size;
      return text;
    }
  }
  return {};
}

}  // namespace

PackedRows::PackedRows(const Table& table, const ColumnSet& used) {
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (used.has(i)) columns_.push_back(i);
}

void PackedRows::add(std::span<const Value> row) {
  std::size_t size = 0;
  for (const std::size_t column : columns_) size += packed_size(row[column]);
  char* to = arena_.allocate(size);
  rows_.push_back(to);
  bytes_ += size;
  for (const std::size_t column : columns_) pack(to, row[column]);
}

void PackedRows::read(std::size_t number, std::span<Value> row) const {
  const char* from = rows_[number];
  for (const std::size_t column : columns_) row[column] = unpack(from);
}

void PackedRows::clear() {
  rows_ = std::vector<const char*>();  // braces alone would keep its memory
  arena_ = Arena();
  bytes_ = 0;
}

}  // namespace cdr
