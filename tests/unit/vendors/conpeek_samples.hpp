// Conpeek's sample files as rows of the model, for the tests of its mapping and of its filter.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json/document/document.hpp"
#include "vendors/vendor.hpp"

namespace cdr {
extern const Vendor conpeek;
}

namespace cdr::test {

inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string whole;
  for (const std::string_view part : parts) whole += part;
  return whole;
}

inline std::vector<std::string> lines_of(const std::string& sample) {
  std::ifstream file(std::string(CDR_SAMPLES) + "/conpeek/" + sample);
  REQUIRE_MESSAGE(file, "no sample " << sample);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

inline std::string whole(const std::string& sample) {
  std::string text;
  for (const std::string& line : lines_of(sample)) text += line + '\n';
  return text;
}

// The beginning of the dialog_uuids of interaction `n` in the samples.
inline std::string prefix_of(int n) {
  constexpr char hex[] = "0123456789abcdef";
  return std::string("000000") + hex[n / 16] + hex[n % 16] + "-";
}

inline std::vector<std::string> interaction(int n, const std::string& sample = "day.ndjson") {
  std::vector<std::string> found;
  for (const std::string& line : lines_of(sample))
    if (line.find("\"dialog_uuid\":\"" + prefix_of(n)) != std::string::npos) found.push_back(line);
  REQUIRE_MESSAGE(!found.empty(), "no interaction " << n << " in " << sample);
  return found;
}

class Sink : public ProblemSink {
 public:
  void report(const Problem& problem) override { problems.push_back(problem); }
  std::vector<Problem> problems;
};

// Parsed records and the facts that the vendor maps them to.
class Mapped {
 public:
  explicit Mapped(const std::vector<std::string>& jsons,
                  const Wanted& wanted = Wanted::everything()) {
    for (const std::string& json : jsons) add(json);
    std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
      return text_of(a.root["dialog_uuid"]) < text_of(b.root["dialog_uuid"]);
    });
    conpeek.map(records, wanted, facts);
  }

  Value cell(Model model, std::string_view column, std::size_t row = 0) const {
    const int at = table_of(model).find(column);
    REQUIRE_MESSAGE(at >= 0, "no column " << column);
    REQUIRE(row < facts.rows(model).size());
    return facts.rows(model)[row][static_cast<std::size_t>(at)];
  }
  // A cell as the sqlite3 shell would show it; "NULL" for NULL.
  std::string show(Model model, std::string_view column, std::size_t row = 0) const {
    return text(cell(model, column, row));
  }
  std::string show(std::string_view column) const { return show(Model::interactions, column); }
  static std::string text(const Value& value) {
    switch (value.type()) {
      case Value::Type::null:
        return "NULL";
      case Value::Type::integer:
        return std::to_string(value.as_integer());
      case Value::Type::real:
        return in_ms(value.as_real());
      case Value::Type::text:
        return std::string(value.as_text());
    }
    return "";
  }
  // A value exact to the millisecond, with no further hidden digits.
  static std::string in_ms(double seconds) {
    CHECK(round_to_ms(seconds) == seconds);
    char shown[32];
    std::snprintf(shown, sizeof shown, "%.3f", seconds);
    return shown;
  }

  Facts facts;
  Sink sink;
  std::vector<Record> records;

 private:
  void add(const std::string& json) {
    auto& document = documents_.emplace_back(std::make_unique<Document>());
    const auto problem = document->parse_copy(json);
    REQUIRE_MESSAGE(!problem, (problem ? problem->message : ""));
    Record record;
    record.resource = &conpeek.resources[0];
    record.root = document->root();
    record.source = "tenant";
    record.zone = &zone_;
    record.file = "sample";
    record.number = documents_.size();
    record.sink = &sink;
    records.push_back(record);
  }
  std::vector<std::unique_ptr<Document>> documents_;
  Zone zone_;
};

}  // namespace cdr::test
