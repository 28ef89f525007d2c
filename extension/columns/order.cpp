#include "extension/columns/order.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/stop.hpp"

namespace cdr::ext {
namespace {

// The number of keys of all columns together; 0: all that 64 bits can represent. nullopt: there are
// more, or a column has no keys.
std::optional<std::uint64_t> count_keys(std::span<const SortColumn> by) {
  std::uint64_t all = 1;
  for (const SortColumn& each : by) {
    const auto count = each.values->count_keys();
    if (!count) return std::nullopt;
    if (*count == 0 && by.size() > 1) return std::nullopt;
    if (*count != 0 && all > UINT64_MAX / *count) return std::nullopt;
    all *= *count;
  }
  return all;
}

// For few keys: the number of rows with each key determines their places.
void sort_by_counting(const std::vector<std::uint64_t>& keys, std::size_t count,
                      std::vector<std::uint32_t>& rows) {
  std::vector<std::uint32_t> next(count + 1);
  for (const std::uint64_t key : keys) ++next[key + 1];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  std::vector<std::uint32_t> sorted(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) sorted[next[keys[i]]++] = rows[i];
  rows.swap(sorted);
}

struct Keyed {
  std::uint64_t key;
  std::uint32_t row;
};

// Sorts by one byte after the other, the lowest first. A byte that is the same in all keys is
// skipped.
void sort_by_bytes(const std::vector<std::uint64_t>& keys, std::vector<std::uint32_t>& rows) {
  constexpr int bits = 8;
  constexpr std::size_t buckets = std::size_t{1} << bits;
  std::vector<Keyed> from(rows.size()), to(rows.size());
  std::uint64_t differing = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    from[i] = {keys[i], rows[i]};
    differing |= keys[i] ^ keys[0];
  }
  for (int shift = 0; shift < 64; shift += bits) {
    if (((differing >> shift) & (buckets - 1)) == 0) continue;
    check_stop();
    std::array<std::uint32_t, buckets> next{};
    for (const Keyed& each : from) ++next[(each.key >> shift) & (buckets - 1)];
    std::uint32_t sum = 0;
    for (std::uint32_t& each : next) sum += std::exchange(each, sum);
    for (const Keyed& each : from) to[next[(each.key >> shift) & (buckets - 1)]++] = each;
    from.swap(to);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = from[i].row;
}

}  // namespace

void sort_rows(std::span<const SortColumn> by, std::vector<std::uint32_t>& rows) {
  if (rows.empty()) return;
  const auto count = count_keys(by);
  if (!count) {
    std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
      for (const SortColumn& each : by)
        if (const int found = each.values->compare_rows(a, b); found != 0)
          return (found < 0) != each.descending;
      return false;
    });
    return;
  }
  std::vector<std::uint64_t> keys(rows.size());
  for (const SortColumn& each : by) {
    check_stop();
    each.values->add_keys(rows, each.descending, keys);
  }
  constexpr std::uint64_t always_few = 1 << 16;
  if (*count != 0 && *count <= std::max<std::uint64_t>(always_few, 2 * rows.size()))
    sort_by_counting(keys, *count, rows);
  else
    sort_by_bytes(keys, rows);
}

}  // namespace cdr::ext
