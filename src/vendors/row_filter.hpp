// A predicate over the rows of a table, in the words of a vendor's own interface.
#pragma once

#include <span>

#include "core/value.hpp"
#include "model/table.hpp"

namespace cdr {

class RowFilter {
 public:
  virtual ~RowFilter() = default;
  // The columns that `matches` reads.
  virtual ColumnSet columns() const = 0;
  // `row` has a cell for each column of the table; cells outside columns() are ignored.
  virtual bool matches(std::span<const Value> row) const = 0;
};

}  // namespace cdr
