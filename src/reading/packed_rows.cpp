#include "reading/packed_rows.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

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

// Makes room for that many bytes.
char* PackedRows::room(std::size_t bytes) {
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < bytes) {
    // Later blocks are larger, because more rows will probably follow.
    constexpr std::size_t sizes[] = {16 * 1024, 128 * 1024, LargePages<char>::page_bytes};
    const std::size_t usual = sizes[std::min(blocks_.size(), std::size(sizes) - 1)];
    Block block;
    block.reserve(std::max(usual, bytes));
    blocks_.push_back(std::move(block));
    bytes_ += blocks_.back().capacity();
  }
  Block& block = blocks_.back();
  block.resize(block.size() + bytes);
  return block.data() + (block.size() - bytes);
}

void PackedRows::add(std::span<const Value> row) {
  std::size_t size = 0;
  for (const std::size_t column : columns_) size += packed_size(row[column]);
  ++size_;
  if (size == 0) return;
  char* to = room(size);
  for (const std::size_t column : columns_) pack(to, row[column]);
}

void PackedRows::read_next(std::span<Value> row) {
  if (columns_.empty()) return;
  if (at_ == blocks_[block_].size()) {
    ++block_;
    at_ = 0;
  }
  const char* const begin = blocks_[block_].data();
  const char* from = begin + at_;
  for (const std::size_t column : columns_) row[column] = unpack(from);
  at_ = static_cast<std::size_t>(from - begin);
}

void PackedRows::clear() {
  blocks_ = std::vector<Block>();  // braces alone would keep its memory
  size_ = bytes_ = block_ = at_ = 0;
}

}  // namespace cdr
