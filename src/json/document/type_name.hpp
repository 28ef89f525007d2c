// The type of a JSON value, in JSON's own words.
#pragma once

#include "json/document/document.hpp"

namespace cdr {

// 'number', 'object', …: for messages.
constexpr const char* json_type_name(Node::Type type) {
  switch (type) {
    case Node::Type::missing:
      return "missing value";
    case Node::Type::null:
      return "null";
    case Node::Type::boolean:
      return "boolean";
    case Node::Type::integer:
    case Node::Type::real:
      return "number";
    case Node::Type::string:
      return "string";
    case Node::Type::array:
      return "array";
    case Node::Type::object:
      return "object";
  }
  return "";
}

}  // namespace cdr
