// Finds what is wrong with a record that cannot be read. simdjson only says that something is
// wrong, so another parser reads the text again and says what and where.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "json/document/problem.hpp"

namespace cdr {

std::string deep_message();
// The path of a value in the member of that name, at that depth; '$..key' means any depth.
std::string path_of(std::string_view key, std::size_t depth);

// nullopt: it is valid JSON by simdjson's rules.
std::optional<Problem> diagnose(std::string_view json, simdjson::dom::parser& parser);

}  // namespace cdr
