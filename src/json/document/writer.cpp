#include "json/document/writer.hpp"

#include <simdjson.h>

#include "core/text.hpp"

namespace cdr {

void JsonWriter::separate() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

void JsonWriter::begin(char bracket) {
  separate();
  text_ += bracket;
  needs_comma_ = false;
}

void JsonWriter::end(char bracket) {
  text_ += bracket;
  needs_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  value(name);
  text_ += ':';
  needs_comma_ = false;
}

void JsonWriter::value(std::string_view characters) {
  separate();
  if (simdjson::validate_utf8(characters)) return append_json_string(text_, characters);
  append_json_string(text_, valid_utf8(characters));
}

void JsonWriter::value(bool truth) {
  separate();
  text_ += truth ? "true" : "false";
}

}  // namespace cdr
