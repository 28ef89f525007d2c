// Properties of standard output and standard error, and of the machine's environment.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cdr::cli {

bool is_terminal(int descriptor);
// The terminal's width in columns; if it does not report one, COLUMNS, otherwise 80.
std::size_t terminal_width(int descriptor);
// Whether it is a terminal that can move its cursor and change the look of letters.
bool is_capable_terminal(int descriptor);
// The same, unless NO_COLOR is set (https://no-color.org).
bool shows_colours(int descriptor);

// A variable of the environment; "" if it is not set.
std::string environment(const char* name);
// The path of a program of that name in PATH.
std::optional<std::string> find_program(std::string_view name);

}  // namespace cdr::cli
