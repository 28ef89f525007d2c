// The options in the second argument of cdr_import.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace cdr::ext {

struct ImportOptions {
  std::string source;       // tenant label; "" = the vendor's name
  Zone zone;                // of times without an offset, if the vendor does not fix one
  bool names_zone = false;  // otherwise UTC is assumed
  std::optional<Instant> fetched_at;
  bool fail_on_error = false;  // otherwise unreadable records go to quarantine
  bool keep_raw = true;
  std::vector<std::string> records;  // SourceOptions::records
};
// Reads a JSON object. Throws Error, which names the valid options.
ImportOptions import_options(std::string_view json);

}  // namespace cdr::ext
