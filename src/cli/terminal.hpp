// What standard output and standard error are, and what this machine has to offer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cdr::cli {

bool is_terminal(int descriptor);
// Its columns; what COLUMNS says, or 80, where it does not tell.
std::size_t terminal_width(int descriptor);
// Whether it is a terminal that can move its cursor and change how letters look.
bool is_capable_terminal(int descriptor);
// The same, and nobody asked for NO_COLOR (https://no-color.org).
bool shows_colours(int descriptor);

// A variable of the environment; "" when it is not set.
std::string environment(const char* name);
// Where PATH has a program of that name.
std::optional<std::string> find_program(std::string_view name);

}  // namespace cdr::cli
