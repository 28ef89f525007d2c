#include "extension/warehouse/facts/shared_rows.hpp"

#include <algorithm>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace cdr::ext {
namespace {

constexpr int values_at = 2;  // after id and hash

std::string columns_of(std::span<const LayoutColumn> columns) {
  std::string list;
  for (const LayoutColumn& each : columns) list.append(", ").append(each.name);
  return list;
}

void append_text(std::string& to, std::string_view text) {
  const std::uint32_t size = static_cast<std::uint32_t>(text.size()) + 1;  // 0 = NULL
  to.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
}

// Appends the value as a TEXT column stores it.
void append(std::string& to, const Value& value) {
  switch (value.type()) {
    case Value::Type::null: {
      constexpr std::uint32_t none = 0;
      to.append(reinterpret_cast<const char*>(&none), sizeof none);
      return;
    }
    case Value::Type::text:
      return append_text(to, value.as_text());
    case Value::Type::integer:
      return append_text(to, std::to_string(value.as_integer()));
    case Value::Type::real: {
      std::array<char, 32> number{};
      sqlite3_snprintf(number.size(), number.data(), "%!.15g", value.as_real());
      return append_text(to, number.data());
    }
  }
}

void spell(std::span<const Value> cells, std::string& to) {
  to.clear();
  for (const Value& each : cells) append(to, each);
}

}  // namespace

std::int64_t SharedRows::Known::find(const Hash& hash) const {
  if (slots_.empty()) return 0;
  for (std::size_t at = hash[0];; ++at) {
    const Slot& slot = slots_[at & (slots_.size() - 1)];
    if (slot.id == 0 || slot.hash == hash) return slot.id;
  }
}

SharedRows::Known::Slot& SharedRows::Known::place_of(const Hash& hash) {
  std::size_t at = hash[0];
  while (slots_[at & (slots_.size() - 1)].id != 0) ++at;
  return slots_[at & (slots_.size() - 1)];
}

void SharedRows::Known::add(const Hash& hash, std::int64_t id) {
  if (2 * (size_ + 1) > slots_.size()) {
    std::vector<Slot> smaller(slots_.empty() ? 64 : 4 * slots_.size());
    smaller.swap(slots_);
    for (const Slot& each : smaller)
      if (each.id != 0) place_of(each.hash) = each;
  }
  place_of(hash) = {hash, id};
  ++size_;
}

SharedRows::SharedRows(sqlite3* database, const LayoutTable& table)
    : columns_(std::span(table.columns).subspan(values_at)),
      find_(database, "SELECT id" + columns_of(columns_) + " FROM main." + std::string(table.name) +
                          " WHERE hash = ?1"),
      last_(database, "SELECT max(id) FROM main." + std::string(table.name)),
      insert_(database, table.name, names_of(table.columns)) {}

SharedRows::Hash SharedRows::hash_of(std::span<const Value> cells, std::string& scratch) {
  spell(cells, scratch);
  const XXH128_hash_t hash = XXH3_128bits(scratch.data(), scratch.size());
  return {hash.low64, hash.high64};
}

std::int64_t SharedRows::id_of(const Hash& hash, std::span<const Value> cells) {
  if (const std::int64_t known = known_.find(hash); known != 0) return known;
  const auto kept = static_cast<std::int64_t>(hash[0]);
  std::optional<std::int64_t> id = find(kept, cells);
  if (!id) {
    id = new_id();
    const std::span<Value> row = insert_.add();
    row[0] = Value::integer(*id);
    row[1] = Value::integer(kept);
    std::copy(cells.begin(), cells.end(), row.begin() + values_at);
  }
  if (known_.size() >= Known::most) {
    write();  // as long as a row is not written, only known_ has it
    known_.clear();
  }
  known_.add(hash, *id);
  return *id;
}

std::int64_t SharedRows::new_id() {
  if (next_id_ == 0) {
    auto rows = last_.query();
    next_id_ = rows.next() ? rows.integer(0) + 1 : 1;
  }
  return next_id_++;
}

// A row that the hash finds must also agree in all its values.
std::optional<std::int64_t> SharedRows::find(std::int64_t hash, std::span<const Value> cells) {
  auto rows = find_.query(hash);
  bool is_spelled = false;
  while (rows.next()) {
    if (!std::exchange(is_spelled, true)) spell(cells, spelled_);
    other_.clear();
    for (int i = 1; i <= static_cast<int>(columns_.size()); ++i) append(other_, rows.value(i));
    if (other_ == spelled_) return rows.integer(0);
  }
  return std::nullopt;
}

void sweep_shared_rows(sqlite3* database) {
  for (const LayoutTable& shared : layout_tables()) {
    if (!is_shared(shared)) continue;
    std::string used;
    for (const LayoutTable& table : layout_tables())
      for (const LayoutColumn& column : table.columns)
        if (column.refers_to == shared.name)
          used.append(used.empty() ? "SELECT " : " UNION SELECT ")
              .append(column.name)
              .append(" FROM main.")
              .append(table.name)
              .append(" WHERE ")
              .append(column.name)
              .append(" IS NOT NULL");
    execute_all(database,
                "DELETE FROM main." + std::string(shared.name) + " WHERE id NOT IN (" + used + ")");
  }
}

}  // namespace cdr::ext
