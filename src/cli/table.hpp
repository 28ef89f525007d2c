// The formats that people read: see format.hpp.
#pragma once

#include <memory>

#include "cli/format.hpp"

namespace cdr::cli {

std::unique_ptr<RowWriter> make_table(const FormatOptions& options, Output& output);
std::unique_ptr<RowWriter> make_markdown(const FormatOptions& options, Output& output);
std::unique_ptr<RowWriter> make_line(const FormatOptions& options, Output& output);

}  // namespace cdr::cli
