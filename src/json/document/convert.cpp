#include "json/document/convert.hpp"

#include <charconv>
#include <cmath>

#include "core/text.hpp"
#include "core/word.hpp"

namespace cdr {
namespace {

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  text = trim(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> integral(double number) {
  constexpr double exact =
      9007199254740992.0;  // 2^53: a larger double does not name exactly one integer
  if (!(std::abs(number) <= exact) || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::string_view text_of(Node node) {
  switch (node.type()) {
    case Node::Type::missing:
    case Node::Type::null:
    case Node::Type::array:
    case Node::Type::object:
      return "";
    case Node::Type::string:
      return node.string();
    default:
      return node.raw();
  }
}

std::string_view content_of(Node node) {
  return node.is_container() ? node.raw() : text_of(node);
}

std::string_view id_of(Node node) {
  const std::string_view id = trim_word(scalar_of(node));
  return names_nothing(id) ? std::string_view() : id;
}

std::string_view scalar_of(Node node) {
  switch (node.type()) {
    case Node::Type::string:
    case Node::Type::integer:
    case Node::Type::real:
      return text_of(node);
    default:
      return "";
  }
}

std::optional<std::int64_t> integer_of(Node node) {
  switch (node.type()) {
    case Node::Type::integer:
      return node.integer();
    case Node::Type::real:
      return node.is_odd() ? std::nullopt : integral(node.real());
    case Node::Type::string:
      if (const auto number = parse_whole<std::int64_t>(node.string())) return number;
      if (const auto number = parse_whole<double>(node.string())) return integral(*number);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<double> real_of(Node node) {
  switch (node.type()) {
    case Node::Type::integer:
    case Node::Type::real:
      return node.is_odd() ? std::nullopt : std::optional(node.real());
    case Node::Type::string:
      if (const auto number = parse_whole<double>(node.string()); number && std::isfinite(*number))
        return number;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<bool> boolean_of(Node node) {
  switch (node.type()) {
    case Node::Type::boolean:
      return node.boolean();
    case Node::Type::integer:
      if (node.integer() == 0 || node.integer() == 1) return node.integer() == 1;
      return std::nullopt;
    case Node::Type::string: {
      const std::string_view text = trim(node.string());
      if (text == "1" || equal_ignoring_case(text, "true")) return true;
      if (text == "0" || equal_ignoring_case(text, "false")) return false;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::optional<ParsedTime> time_of(Node node, TimeForm form, const Zone& zone) {
  if (form == TimeForm::epoch_ms) {
    const auto ms = integer_of(node);
    const auto instant = ms ? from_epoch_ms(*ms) : std::nullopt;
    return instant ? std::optional(ParsedTime{*instant}) : std::nullopt;
  }
  if (node.type() != Node::Type::string) return std::nullopt;
  return parse_time(node.string(), form == TimeForm::utc ? Zone() : zone);
}

}  // namespace cdr
