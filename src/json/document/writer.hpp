// Writes JSON as it goes, for libcdr's reports about its own work:
//
//   JsonWriter json;
//   json.begin_object();
//   json.member("files", 2);
//   json.key("errors");
//   json.begin_list();
//   json.value("no such file");
//   json.end_list();
//   json.end_object();
//   json.text()   // {"files":2,"errors":["no such file"]}
//
// It builds no tree, because nlohmann::json's destructor is noexcept and allocates for every list
// and object that is not empty: if memory ran out there, the host would be terminated.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/text.hpp"

namespace cdr {

class JsonWriter {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_list() { begin('['); }
  void end_list() { end(']'); }
  void key(std::string_view name);
  // Bytes that are not UTF-8 are written as U+FFFD.
  void value(std::string_view characters);
  void value(const std::string& characters) { value(std::string_view(characters)); }
  void value(const char* characters) { value(std::string_view(characters)); }
  void value(bool truth);
  void value(std::integral auto number) {
    separate();
    text_ += std::to_string(number);
  }
  template <class T>
  void member(std::string_view name, const T& of) {
    key(name);
    value(of);
  }

  const std::string& text() const { return text_; }

 private:
  void separate();
  void begin(char bracket);
  void end(char bracket);

  std::string text_;
  bool needs_comma_ = false;
};

// A list and an object as the value of a column, made from text that is UTF-8. Without members the
// text is "", so that the column is NULL.
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

// An object of the members that have a value.
inline std::string json_of(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  JsonObject object;
  for (const auto& [key, text] : members)
    if (!text.empty()) object.add(key, text);
  return object.text();
}

}  // namespace cdr
