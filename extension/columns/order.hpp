// Rows put in order by columns that are kept.
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

// As ORDER BY has it: NULL first, or last where it descends. Rows that tie stay in their order.
void sort_rows(std::span<const SortColumn> by, std::vector<std::uint32_t>& rows);

}  // namespace cdr::ext
