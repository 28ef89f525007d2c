#include "cli/fit.hpp"

#include <algorithm>

namespace cdr::cli {
namespace {

// The least width by which a text or an id can be distinguished from its neighbours.
constexpr std::size_t least_cap = 12;

std::size_t capped(const ColumnSize& column, std::size_t cap) {
  const std::size_t least = column.is_whole ? column.content : std::size_t{1};
  return std::max(least, std::min(column.natural(), cap));
}

class Fitting {
 public:
  Fitting(std::span<const ColumnSize> columns, std::size_t max_width)
      : columns_(columns), max_width_(max_width), is_shown_(columns.size(), true) {}

  std::vector<std::size_t> widths() {
    leave_out([](const ColumnSize& column) { return column.is_empty; });
    leave_out([](const ColumnSize&) { return true; });
    const std::size_t cap = widest_cap();
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (is_shown_[i]) widths[i] = capped(columns_[i], cap);
    // A single remaining column has the whole line.
    const std::size_t needed = line_width(cap);
    for (std::size_t& width : widths)
      if (width != 0 && needed > max_width_) width -= std::min(width - 1, needed - max_width_);
    return widths;
  }

 private:
  // Includes a border, and a blank on each side of every cell.
  std::size_t line_width(std::size_t cap) const {
    std::size_t width = 1;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (is_shown_[i]) width += capped(columns_[i], cap) + 3;
    return width;
  }

  template <class Choice>
  void leave_out(Choice&& is_chosen) {
    auto left = std::count(is_shown_.begin(), is_shown_.end(), true);
    for (std::size_t i = columns_.size();
         i-- > 0 && left > 1 && line_width(least_cap) > max_width_;)
      if (is_shown_[i] && is_chosen(columns_[i])) {
        is_shown_[i] = false;
        --left;
      }
  }

  std::size_t widest_cap() const {
    std::size_t fits = least_cap, too_wide = std::max(max_width_, least_cap) + 1;
    if (line_width(too_wide) <= max_width_) return too_wide;
    while (too_wide - fits > 1) {
      const std::size_t middle = fits + (too_wide - fits) / 2;
      (line_width(middle) <= max_width_ ? fits : too_wide) = middle;
    }
    return fits;
  }

  std::span<const ColumnSize> columns_;
  std::size_t max_width_;
  std::vector<bool> is_shown_;
};

}  // namespace

std::vector<std::size_t> fit(std::span<const ColumnSize> columns, std::size_t max_width) {
  return Fitting(columns, max_width).widths();
}

}  // namespace cdr::cli
