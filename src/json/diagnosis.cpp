#include "json/diagnosis.hpp"

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/stop.hpp"
#include "core/utf8.hpp"
#include "json/document.hpp"

namespace cdr {
namespace {

Problem problem(ProblemCode code, std::string message, std::uint64_t offset = 0) {
  Problem found;
  found.code = code;
  found.message = std::move(message);
  found.offset = offset;
  return found;
}

// Where and how a text stops being JSON. simdjson only says that it does; this second reading is
// for the failed record alone.
struct Diagnosis : nlohmann::json_sax<nlohmann::json> {
  std::size_t byte = 0;
  bool overflow = false;
  bool surrogate = false;
  const char* string_fault = nullptr;
  std::string large_integer;  // path of the first integer beyond int64
  std::string last_key;
  std::size_t depth = 0;
  bool null() override { return go_on(); }
  bool boolean(bool) override { return go_on(); }
  bool number_integer(number_integer_t) override { return go_on(); }
  bool number_unsigned(number_unsigned_t number) override {
    if (number > std::numeric_limits<std::int64_t>::max()) note_large_integer();
    return go_on();
  }
  bool number_float(number_float_t, const string_t& token) override {
    if (token.find_first_of(".eE") == string_t::npos) note_large_integer();
    return go_on();
  }
  bool string(string_t&) override { return go_on(); }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return start(); }
  bool key(string_t& name) override {
    last_key = name;
    return go_on();
  }
  bool end_object() override { return end(); }
  bool start_array(std::size_t) override { return start(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& e) override {
    byte = position;
    overflow = e.id == 406;  // its number for a double out of range
    const auto says = [&](const char* text) { return std::strstr(e.what(), text) != nullptr; };
    // A string, number or word in the wrong place is reported by its end; where it begins is meant.
    if (says("unexpected ") && says(" literal; ") && token.size() <= position)
      byte = position - token.size() + 1;
    surrogate = says("surrogate");
    if (says("control character"))
      string_fault = "a control character in a string is not escaped";
    else if (says("backslash") || says("hex digits"))
      string_fault = "a string holds an escape that JSON does not have";
    return false;
  }

 private:
  static bool go_on() {
    check_stop();  // a record may be large
    return true;
  }
  bool start() {
    ++depth;
    return go_on();
  }
  bool end() {
    --depth;
    return true;
  }
  void note_large_integer() {
    if (large_integer.empty()) large_integer = path_of(last_key, depth);
  }
};

Problem not_utf8(std::string_view json) {
  std::size_t at = 0;
  while (at < json.size()) {
    const std::size_t size = utf8_size(json.substr(at));
    if (size == 0) break;
    at += size;
  }
  std::string found = at < json.size() ? ", found " + describe(json[at]) : std::string();
  return problem(ProblemCode::bad_utf8, "expected UTF-8" + found, at);
}

Problem diagnosis_of(std::string_view json, simdjson::error_code error) {
  using simdjson::error_code;
  if (error == error_code::UTF8_ERROR) return not_utf8(json);
  if (error == error_code::DEPTH_ERROR) return problem(ProblemCode::too_deep, deep_message());
  Diagnosis found;
  const bool accepted = nlohmann::json::sax_parse(json.begin(), json.end(), &found);
  const std::size_t at = found.byte > 0 ? found.byte - 1 : 0;
  if (accepted && error == error_code::NUMBER_ERROR) {
    Problem large = problem(ProblemCode::bad_number, large_integer_message);
    large.path = found.large_integer;
    return large;
  }
  if (found.overflow) return problem(ProblemCode::bad_number, large_double_message, at);
  if (found.surrogate)
    return problem(ProblemCode::bad_string, "a string holds half of a surrogate pair", at);
  if (error == error_code::UNCLOSED_STRING || (!accepted && at >= json.size()))
    return problem(ProblemCode::truncated, "the record ends before it is complete", json.size());
  if (accepted) {
    return problem(ProblemCode::not_json,
                   std::string("not valid JSON: ") + simdjson::error_message(error));
  }
  if (found.string_fault != nullptr) return problem(ProblemCode::not_json, found.string_fault, at);
  return problem(ProblemCode::not_json,
                 "not valid JSON: found " + describe(json[at]) + " where it may not stand", at);
}

}  // namespace

std::string deep_message() {
  return "the record nests deeper than " + std::to_string(max_depth) + " levels";
}

std::string path_of(std::string_view key, std::size_t depth) {
  constexpr std::size_t longest = 64;
  if (key.empty() || key.size() > longest) return {};
  return (depth > 1 ? "$.." : "$.") + std::string(key);
}

std::optional<Problem> diagnose(std::string_view json, simdjson::dom::parser& parser) {
  const auto error = parser.parse(json.data(), json.size(), false).error();
  return error == simdjson::SUCCESS ? std::nullopt : std::optional(diagnosis_of(json, error));
}

}  // namespace cdr
