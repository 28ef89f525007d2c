// Sorts rows by kept columns.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "extension/columns/values.hpp"

namespace cdr::ext {

struct SortColumn {
  const ColumnValues* values;
  bool descending;
};

// Sorts like ORDER BY: NULL first, or last if the order descends. Equal rows stay in their order.
void sort_rows(std::span<const SortColumn> by, std::vector<std::uint32_t>& rows);

}  // namespace cdr::ext
