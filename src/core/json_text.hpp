// JSON lists and objects, written a member at a time. One without members is "", so that a column
// of it is NULL.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/text.hpp"

namespace cdr {

class JsonList {
 public:
  void add(std::string_view text) {
    separate();
    append_json_string(json_, text);
  }
  void add_json(std::string_view json) {
    separate();
    json_ += json;
  }
  bool empty() const { return json_.empty(); }
  std::string text() const { return empty() ? json_ : json_ + ']'; }

 private:
  void separate() { json_ += json_.empty() ? '[' : ','; }
  std::string json_;
};

class JsonObject {
 public:
  void add(std::string_view key, std::string_view text) {
    begin(key);
    append_json_string(json_, text);
  }
  void add_json(std::string_view key, std::string_view json) {
    begin(key);
    json_ += json;
  }
  bool empty() const { return json_.empty(); }
  std::string text() const { return empty() ? json_ : json_ + '}'; }

 private:
  void begin(std::string_view key) {
    json_ += json_.empty() ? '{' : ',';
    append_json_string(json_, key);
    json_ += ':';
  }
  std::string json_;
};

// An object of those members that have a value.
inline std::string json_of(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  JsonObject object;
  for (const auto& [key, text] : members)
    if (!text.empty()) object.add(key, text);
  return object.text();
}

// Whether it looks like a JSON object or list, rather than a path or a word.
inline bool is_json(std::string_view text) {
  text = trim(text);
  return !text.empty() && (text.front() == '{' || text.front() == '[');
}

}  // namespace cdr
