#include "vendors/cause.hpp"

#include <algorithm>

#include "core/dictionary.hpp"
#include "core/word.hpp"

namespace cdr {
namespace {

struct Code {
  std::int64_t code;
  std::string_view outcome;
};
// Codes that are not listed, such as 16 and 31 of the network's normal operation, give no outcome.
constexpr Code q850_outcomes[] = {
    {1, "UNREACHABLE"},  {2, "FAILED"},       {3, "UNREACHABLE"}, {5, "UNREACHABLE"},
    {17, "BUSY"},        {18, "NO_ANSWER"},   {19, "NO_ANSWER"},  {20, "UNREACHABLE"},
    {21, "REJECTED"},    {22, "UNREACHABLE"}, {24, "REJECTED"},   {25, "FAILED"},
    {27, "UNREACHABLE"}, {28, "UNREACHABLE"}, {29, "FAILED"},     {34, "FAILED"},
    {38, "FAILED"},      {41, "FAILED"},      {42, "FAILED"},     {44, "FAILED"},
    {47, "FAILED"},      {50, "FAILED"},      {52, "FAILED"},     {54, "FAILED"},
    {57, "FAILED"},      {58, "FAILED"},      {63, "FAILED"},     {65, "FAILED"},
    {69, "FAILED"},      {79, "FAILED"},      {88, "FAILED"},     {102, "FAILED"},
};
constexpr Code sip_outcomes[] = {
    {404, "UNREACHABLE"}, {410, "UNREACHABLE"}, {484, "UNREACHABLE"}, {486, "BUSY"},
    {600, "BUSY"},        {603, "REJECTED"},    {604, "UNREACHABLE"},
};
struct Name {
  std::string_view name, outcome;
};
constexpr Name beyond_q850[] = {
    {"ALLOTTED_TIMEOUT", "NO_ANSWER"},      {"PROGRESS_TIMEOUT", "NO_ANSWER"},
    {"ORIGINATOR_CANCEL", "NO_ANSWER"},     {"GATEWAY_DOWN", "FAILED"},
    {"USER_NOT_REGISTERED", "UNREACHABLE"},
};

template <std::size_t N>
std::string_view outcome_in(const Code (&codes)[N], std::int64_t code) {
  for (const Code& each : codes)
    if (each.code == code) return each.outcome;
  return "";
}

}  // namespace

std::optional<int> q850_of(std::string_view cause) {
  cause = trim_word(cause);
  if (cause.empty()) return std::nullopt;
  if (!std::all_of(cause.begin(), cause.end(), is_digit)) return q850_code(cause);
  constexpr int most = 127;  // Q.850 has seven bits
  int code = 0;
  for (const char c : cause) {
    code = code * 10 + (c - '0');
    if (code > most) return std::nullopt;
  }
  return code > 0 ? std::optional(code) : std::nullopt;
}

std::string_view outcome_of_q850(std::int64_t code) {
  return outcome_in(q850_outcomes, code);
}

std::string_view outcome_of_cause(std::string_view cause) {
  if (const auto code = q850_of(cause)) return outcome_of_q850(*code);
  for (const Name& each : beyond_q850)
    if (same_word(each.name, cause)) return each.outcome;
  return "";
}

std::string_view outcome_of_sip(std::int64_t code) {
  return outcome_in(sip_outcomes, code);
}

}  // namespace cdr
