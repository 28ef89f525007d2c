#include "json/document/diagnosis.hpp"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/stop.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "json/document/document.hpp"

namespace cdr {
namespace {

Problem problem(ProblemCode code, std::string message, std::uint64_t offset = 0) {
  Problem found;
  found.code = code;
  found.message = std::move(message);
  found.offset = offset;
  return found;
}

// Finds where and why a text stops being JSON. simdjson only says that it does, so a record that
// failed is read a second time.
struct Diagnosis : nlohmann::json_sax<nlohmann::json> {
  std::size_t byte = 0;
  const char* string_fault = nullptr;
  bool null() override { return go_on(); }
  bool boolean(bool) override { return go_on(); }
  bool number_integer(number_integer_t) override { return go_on(); }
  bool number_unsigned(number_unsigned_t) override { return go_on(); }
  bool number_float(number_float_t, const string_t&) override { return go_on(); }
  bool string(string_t&) override { return go_on(); }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return go_on(); }
  bool key(string_t&) override { return go_on(); }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return go_on(); }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& e) override {
    byte = position;
    const auto says = [&](const char* text) { return std::strstr(e.what(), text) != nullptr; };
    // The parser gives the end of a misplaced string, number or word; we report its beginning.
    if (says("unexpected ") && says(" literal; ") && token.size() <= position)
      byte = position - token.size() + 1;
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

// The end of the number that begins with a digit at `at`, or `at` if it is not a valid number.
std::size_t end_of_number(std::string_view text, std::size_t at) {
  std::size_t to = at;
  const auto digits = [&] {
    const std::size_t first = to;
    while (to < text.size() && is_digit(text[to])) ++to;
    return to - first;
  };
  if (digits() > 1 && text[at] == '0') return at;
  if (to < text.size() && text[to] == '.' && (++to, digits() == 0)) return at;
  if (to < text.size() && lower(text[to]) == 'e') {
    ++to;
    if (to < text.size() && (text[to] == '+' || text[to] == '-')) ++to;
    if (digits() == 0) return at;
  }
  const bool ends = to == text.size() || is_space(text[to]) || text[to] == ',' || text[to] == ']' ||
                    text[to] == '}';
  return ends ? to : at;
}

// Replaces values that we keep but the two libraries refuse (halves of surrogate pairs, numbers out
// of range) with ordinary ones of the same length. Otherwise the libraries would report them
// instead of the error after them.
std::string with_ordinary_values(std::string_view json) {
  std::string text(json);
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') in_string = !in_string;
    if (in_string && text[at] == '\\') {
      const bool half = text.compare(at, 3, "\\ud") == 0 || text.compare(at, 3, "\\uD") == 0;
      if (half && at + 3 < text.size() && text.find_first_of("89abcdefABCDEF", at + 3) == at + 3)
        text.replace(at + 2, 2, "00");
      ++at;
    } else if (!in_string && is_digit(text[at])) {
      const std::size_t end = end_of_number(text, at);
      if (end > at) {
        std::fill(&text[at], &text[end - 1] + 1, ' ');
        text[at] = '1';
      }
      // A faulty number is skipped as a whole: its parts do not count as numbers.
      at = std::min(text.find_first_not_of("0123456789.eE+-", at), text.size()) - 1;
    }
  }
  return text;
}

Problem diagnosis_of(std::string_view json, simdjson::error_code error) {
  using simdjson::error_code;
  if (error == error_code::UTF8_ERROR) return not_utf8(json);
  if (error == error_code::DEPTH_ERROR) return problem(ProblemCode::too_deep, deep_message());
  Diagnosis found;
  const bool accepted = nlohmann::json::sax_parse(json.begin(), json.end(), &found);
  const std::size_t at = found.byte > 0 ? found.byte - 1 : 0;
  if (error == error_code::UNCLOSED_STRING || (!accepted && at >= json.size()))
    return problem(ProblemCode::truncated, "the record ends before it is complete", json.size());
  if (accepted) {
    return problem(ProblemCode::not_json,
                   std::string("not valid JSON: ") + simdjson::error_message(error));
  }
  if (found.string_fault != nullptr) return problem(ProblemCode::not_json, found.string_fault, at);
  return problem(ProblemCode::not_json,
                 "not valid JSON: found " + describe(json.substr(at)) + " where it is not allowed",
                 at);
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
  std::string text = with_ordinary_values(json);
  text.append(padding, '\0');
  const std::string_view ordinary(text.data(), json.size());
  const auto error = parser.parse(ordinary.data(), ordinary.size(), false).error();
  return error == simdjson::SUCCESS ? std::nullopt : std::optional(diagnosis_of(ordinary, error));
}

}  // namespace cdr
