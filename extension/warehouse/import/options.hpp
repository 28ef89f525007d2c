// What cdr_import takes as its second argument.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace cdr::ext {

struct ImportOptions {
  std::string source;  // tenant label; "" = the vendor's name
  Zone zone;           // of times without an offset, where the vendor does not fix one
  std::optional<Instant> fetched_at;
  bool fail_on_error = false;  // else what cannot be read goes to quarantine
  bool keep_raw = true;
  std::vector<std::string> records;  // SourceOptions::records
};
// From a JSON object. Throws Error, naming the options that there are.
ImportOptions import_options(std::string_view json);

}  // namespace cdr::ext
