// What is wrong with a record that cannot be read: simdjson only says that something is, so its
// text is read once more, by who can say where and how.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "json/document/problem.hpp"

namespace cdr {

std::string deep_message();
// Of a value in the member of that name, in an object at that depth: '$..key' is one at any depth.
std::string path_of(std::string_view key, std::size_t depth);

// nullopt: it is JSON, as far as simdjson goes.
std::optional<Problem> diagnose(std::string_view json, simdjson::dom::parser& parser);

}  // namespace cdr
