// The filter of cdr_dialog, as JSON and percent-encoded: either it is refused with a message, or it
// gives an answer for any row. An accepted filter means the same when it is percent-encoded.
#include <array>
#include <vector>

#include "core/error.hpp"
#include "door.hpp"
#include "model/tables.hpp"
#include "vendors/conpeek/filter.hpp"

namespace {

using namespace cdr;

std::vector<std::vector<Value>> rows() {
  const Table& table = table_of(Model::dialogs);
  constexpr std::array texts{"",
                             "2024-03-12 10:00:00.000",
                             "+48500001234",
                             "[\"1\", \"2\", \"x\"]",
                             "EXTERNAL",
                             "[",
                             "[1, null, {}]",
                             "1"};
  std::vector<std::vector<Value>> all;
  for (const char* const text : texts) all.emplace_back(table.columns.size(), Value::text(text));
  all.emplace_back(table.columns.size());
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{60000}, INT64_MAX})
    all.emplace_back(table.columns.size(), Value::integer(number));
  return all;
}

std::string encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string all;
  for (const unsigned char byte : text) (all += '%') += {digits[byte / 16], digits[byte % 16]};
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto all = rows();
  const std::string_view text = test::Input(data, size).rest();
  try {
    const DialogFilter filter(text);
    if (text.empty() || text.front() != '[') {
      for (const auto& row : all) filter.matches(row);
      return 0;
    }
    const DialogFilter same(encoded(text));
    for (const auto& row : all)
      test::require(filter.matches(row) == same.matches(row),
                    "percent-encoded it is another filter", text);
  } catch (const Error& error) {
    test::require_utf8(error.what(), "a message");
  }
  return 0;
}
