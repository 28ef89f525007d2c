// The result of an import, by file and in total.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "extension/warehouse/import/ingest.hpp"

namespace cdr::ext {

// The result for one file.
struct Outcome {
  std::string_view status;  // of the ledger, or "known"
  std::string error;
  ImportCounts counts;
  bool is_told = false;  // the error is that of a record in quarantine
};

struct Totals {
  std::int64_t files = 0, imported = 0, known = 0, partial = 0, failed = 0;
  ImportCounts counts;
  std::vector<std::pair<std::string, std::string>> errors;  // path, text
  std::vector<std::string> warnings;

  void add(const std::string& path, const Outcome& outcome);

  std::string summary() const;
};

}  // namespace cdr::ext
