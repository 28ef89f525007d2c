// Reads bytes in every way that SQL can, and reports the first violation. The unit test over
// damaged samples and the fuzzer share this code.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "reading/reader.hpp"
#include "reading/rows.hpp"

namespace cdr::test {

inline Source skipping(std::string_view bytes, std::string_view zone) {
  Source source;
  source.content = bytes;
  source.named = content_name;
  source.options.on_error = SourceOptions::OnError::skip;
  source.options.zone = Zone::named(zone);
  return source;
}

// The first cell that is not a valid SQL value, or "".
inline std::string bad_cell(const JsonTable& table, std::span<const Value> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Value& value = row[i];
    if (value.type() != Value::Type::text) continue;
    const std::string_view text = value.as_text();
    const Column& column = table.table.columns[i];
    const std::string name = std::string(table.table.name) + "." + std::string(column.name);
    if (!simdjson::validate_utf8(text.data(), text.size())) return name + " is not UTF-8";
    if (column.type != "TEXT" && column.type != "TIMESTAMP") return name + " is text";
    if (column.type == "TIMESTAMP" && text.size() != 23) return name + " is no canonical time";
  }
  return "";
}

// Every record of an input is counted once: as read, or in one problem that loses a record. An
// answer without records ({"data": null}) has a number, and is neither.
inline std::string miscounted(const Source& source) {
  std::vector<std::uint64_t> numbers, without_records;
  ReadingPolicy policy(source.options.on_error);
  Reader reader(source, policy);
  std::string id;
  while (reader.next_raw()) {
    const bool is_read = reader.parse();
    if (!is_read && !reader.has_record()) without_records.push_back(reader.raw().number);
    if (!is_read) continue;
    id.clear();
    reader.record().resource->record_id(reader.record(), id);
    if (!id.empty()) numbers.push_back(reader.record().number);
  }
  for (const Problem& problem : problems_of(source)) {
    if (problem.loses() == ProblemKind::Loses::record) numbers.push_back(problem.record);
    const std::string text = problem.text();
    if (!simdjson::validate_utf8(text.data(), text.size())) return "a problem's text is not UTF-8";
  }
  std::sort(numbers.begin(), numbers.end());
  std::uint64_t due = 1;
  for (const std::uint64_t number : numbers) {
    while (due < number &&
           std::find(without_records.begin(), without_records.end(), due) != without_records.end())
      ++due;
    if (number != due) return "record " + std::to_string(due) + " is counted not at all, or twice";
    ++due;
  }
  return "";
}

// Reads these bytes with all tables, skipping unreadable records. Returns the first violation; ""
// means that all is well.
inline std::string fault_of(std::string_view bytes, std::string_view zone = "UTC") {
  const auto source = std::make_shared<const Source>(skipping(bytes, zone));
  try {
    if (std::string fault = miscounted(*source); !fault.empty()) return fault;
    for (const JsonTable& table : json_tables()) {
      const auto rows = table.open(source, {});
      while (rows->next())
        if (std::string fault = bad_cell(table, rows->row()); !fault.empty()) return fault;
    }
  } catch (const Error& error) {
    return std::string("an error in spite of skipping: ") + error.what();
  }
  // By default the same input is an error exactly if any of it is lost.
  Source failing = *source;
  failing.options.on_error = SourceOptions::OnError::fail;
  bool failed = false;
  try {
    const auto rows = json_tables().front().open(std::make_shared<const Source>(failing), {});
    while (rows->next()) {
    }
  } catch (const Error&) {
    failed = true;
  }
  const auto problems = problems_of(*source);
  const bool lossy = std::any_of(problems.begin(), problems.end(), [](const Problem& problem) {
    return problem.loses() != ProblemKind::Loses::nothing;
  });
  return failed == lossy ? ""
         : failed        ? "an error, but cdr_problems has none"
                         : "no error, but cdr_problems has one";
}

}  // namespace cdr::test
