#include "core/identity.hpp"

#include <algorithm>
#include <iterator>

#include "core/phone.hpp"
#include "core/text.hpp"

namespace cdr {
namespace {

constexpr bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}
constexpr bool stands_in_host(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.';
}
constexpr bool stands_in_user(char c) {
  return stands_in_host(c) || c == '_' || c == '+' || c == '%' || c == '\'' || c == '=';
}

// '2024-05-02', alone or with an hour after it: a colon or a 'T' ends the run.
bool is_date(std::string_view run) {
  if (run.size() < 10 || run[4] != '-' || run[7] != '-') return false;
  const auto number = [run](std::size_t at, std::size_t size) {
    int sum = 0;
    for (std::size_t i = at; i < at + size; ++i) {
      if (!is_digit(run[i])) return -1;
      sum = sum * 10 + (run[i] - '0');
    }
    return sum;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
         (run.size() == 10 || !is_digit(run[10]));
}

void append_number(std::string_view run, std::vector<std::string>& to) {
  std::string digits;
  std::copy_if(run.begin(), run.end(), std::back_inserter(digits), is_digit);
  if (digits.starts_with("00")) digits.erase(0, 2);
  if (digits.size() >= min_identity_digits && digits.size() <= max_identity_digits)
    to.push_back(std::move(digits));
}

void append_numbers(std::string_view text, std::vector<std::string>& to) {
  std::size_t at = 0;
  while (const auto run = next_number(text, at)) {
    at = run->end;
    if (run->is_masked) continue;
    const std::string_view whole = text.substr(run->begin, run->end - run->begin);
    if (is_date(whole)) continue;
    append_number(whole, to);
    if (whole.size() == run->digits) continue;
    for (std::size_t from = 0; from < whole.size();) {
      std::size_t end = from;
      while (end < whole.size() && is_digit(whole[end])) ++end;
      append_number(whole.substr(from, end - from), to);
      from = end + 1;
    }
  }
}

void append_addresses(std::string_view text, std::vector<std::string>& to) {
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    std::size_t begin = at, end = at + 1;
    while (begin > 0 && stands_in_user(text[begin - 1])) --begin;
    while (end < text.size() && stands_in_host(text[end])) ++end;
    while (end > at + 1 && !is_letter(text[end - 1]) && !is_digit(text[end - 1])) --end;
    if (begin == at || end == at + 1) continue;
    std::string address(text.substr(begin, end - begin));
    std::transform(address.begin(), address.end(), address.begin(), lower);
    to.push_back(std::move(address));
  }
}

}  // namespace

void append_identities(std::string_view text, std::vector<std::string>& to) {
  if (text.size() < min_identity_digits) return;
  append_numbers(text, to);
  append_addresses(text, to);
}

std::optional<std::string> identity_of(std::string_view text) {
  text = trim(text);
  for (const std::string_view scheme : {"sip:", "sips:", "tel:", "mailto:"})
    if (text.size() > scheme.size() && equal_ignoring_case(text.substr(0, scheme.size()), scheme)) {
      text.remove_prefix(scheme.size());
      break;
    }
  const std::string_view user = text.substr(0, text.find('@'));
  std::vector<std::string> found;
  if (user.find_first_not_of("+0123456789 -.()/") == user.npos) {
    append_numbers(user, found);
    // The first is the whole number, unless it has too few digits to be found.
    std::string digits = phone_digits(user);
    return !found.empty() && found.front() == digits ? std::optional(std::move(digits))
                                                     : std::nullopt;
  }
  append_addresses(text, found);
  return found.size() == 1 && found.front().size() == text.size()
             ? std::optional(std::move(found.front()))
             : std::nullopt;
}

}  // namespace cdr
