// The forms in which a column's values are kept, and which rows a range of times covers. Nothing
// here calls SQLite.
#include "extension/columns/values.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "extension/columns/cache.hpp"
#include "extension/columns/order.hpp"

namespace {

using cdr::Arena;
using cdr::ext::Cell;
using cdr::ext::ColumnValues;
using cdr::ext::Scope;

}  // namespace

TEST_CASE("columns: the order that add_keys gives is that of compare_rows") {
  Arena arena;
  const std::vector<std::string> texts = {"b", "", "a", "ab", "b", "B", "\xc3\xa9"};
  ColumnValues words(false), times(true), numbers(false), reals(false), mixed(true);
  for (int i = 0; i < 50; ++i) {
    const bool is_null = i % 9 == 4;
    CHECK(words.add(is_null ? Cell() : Cell::of(std::string_view(texts[i % texts.size()]))));
    CHECK(times.add(is_null ? Cell()
                            : Cell::of(std::string_view(i % 2 == 0 ? "2024-02-29 23:59:59.999"
                                                                   : "0001-01-01 00:00:00.000"))));
    CHECK(numbers.add(is_null ? Cell() : Cell::of(std::int64_t{i % 7 - 3})));
    CHECK(reals.add(is_null ? Cell() : Cell::of(i % 7 == 3 ? 1.0 / 3 : i % 5 - 2.25)));
    CHECK(mixed.add(Cell::of(
        std::string_view(i < 20 ? "2024-02-29 23:59:59.999" : "2024-02-30 23:59:59.999"))));
  }
  CHECK_FALSE(words.add(Cell::of(std::int64_t{1})));
  CHECK_FALSE(numbers.add(Cell::of(1.5)));
  CHECK_FALSE(reals.add(Cell::of(-0.0)));
  CHECK(words.size() == 50);
  for (ColumnValues* each : {&words, &times, &numbers, &reals, &mixed}) {
    each->finish();
    for (const bool descending : {false, true}) {
      std::vector<std::uint32_t> rows(each->size());
      for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
      const cdr::ext::SortColumn by[] = {{each, descending}};
      cdr::ext::sort_rows(by, rows);
      for (std::size_t i = 1; i < rows.size(); ++i) {
        const int found = each->compare_rows(rows[i - 1], rows[i]);
        CHECK((found == 0 ? rows[i - 1] < rows[i] : (found < 0) != descending));
        CHECK(each->equal(rows[i - 1], rows[i]) == (found == 0));
      }
    }
  }
  auto firsts = words.first_rows();
  REQUIRE(firsts);
  std::sort(firsts->begin(), firsts->end());
  CHECK(*firsts == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6});
  CHECK_FALSE(numbers.first_rows());
  CHECK(words.cell(1, arena).text.empty());
  CHECK(words.cell(1, arena).kind == Cell::Kind::text);
  CHECK(words.cell(4, arena).is_null());
  CHECK(times.cell(0, arena).text == "2024-02-29 23:59:59.999");
  CHECK(times.cell(1, arena).text == "0001-01-01 00:00:00.000");
  CHECK(mixed.cell(0, arena).text == "2024-02-29 23:59:59.999");
  CHECK(mixed.cell(49, arena).text == "2024-02-30 23:59:59.999");
  CHECK(reals.cell(3, arena).real == 1.0 / 3);
}

TEST_CASE("columns: a range of time covers what lies in it") {
  const auto bound = [](const char* time, bool included) {
    return std::optional(Scope::Bound{time, included});
  };
  const Scope all, month{5, bound("2024-01-01", true), bound("2024-02-01", false)};
  const Scope day{5, bound("2024-01-01", true), bound("2024-01-02", false)};
  const Scope to_the_end{5, bound("2024-01-01", true), bound("2024-02-01", true)};
  const Scope open{5, bound("2024-01-01", true), {}};
  CHECK(all.covers(month));
  CHECK(month.covers(month));
  CHECK(month.covers(day));
  CHECK_FALSE(day.covers(month));
  CHECK_FALSE(month.covers(all));
  CHECK_FALSE(month.covers(to_the_end));
  CHECK(to_the_end.covers(month));
  CHECK(open.covers(month));
  CHECK_FALSE(month.covers(open));
  CHECK_FALSE(Scope{4, bound("2024-01-01", true), {}}.covers(day));
}
