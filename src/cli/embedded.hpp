// Files of src/cli that are embedded in the program.
#pragma once

#include <string_view>

namespace cdr::cli {

// A file of src/cli/page or src/cli/wfm, by its name; chart.js is Chart.js.
std::string_view embedded_file(std::string_view name);

}  // namespace cdr::cli
