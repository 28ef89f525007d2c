#include "vendors/conpeek/filter.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "json/document/type_name.hpp"
#include "model/tables.hpp"

namespace cdr {
namespace {

using Match = DialogFilter::Match;
using Operator = DialogFilter::Operator;

struct OperatorName {
  std::string_view name;
  Operator operation;
};
constexpr OperatorName time_operators[] = {
    {"gt", Operator::gt}, {"gte", Operator::gte}, {"lt", Operator::lt}, {"lte", Operator::lte}};
constexpr OperatorName number_operators[] = {{"gt", Operator::gt},
                                             {"gte", Operator::gte},
                                             {"lt", Operator::lt},
                                             {"lte", Operator::lte},
                                             {"eq", Operator::eq}};

consteval std::size_t column(std::string_view name) {
  const int at = table_of(Model::dialogs).find(name);
  if (at < 0) throw "cdr_dialog has no such column";
  return static_cast<std::size_t>(at);
}

using Place = DialogFilter::Place;
constexpr Place number_columns[] = {{column("from_display_target")}, {column("to_display_target")}};
constexpr Place start_columns[] = {{column("start_time")}};
constexpr Place hangup_columns[] = {{column("hangup_time")}};
constexpr Place talking_columns[] = {{column("talking_time")}};
constexpr Place project_columns[] = {{column("project_id_list"), true}, {column("project_id")}};
constexpr Place user_columns[] = {{column("tenant_user_id")}};
constexpr Place tag_columns[] = {{column("custom_tag_id_list"), true}};
constexpr Place operator_call_columns[] = {{column("operator_call_id")}};
constexpr Place type_columns[] = {{column("dialog_type")}};
constexpr Place request_columns[] = {{column("call_request_data_virtual_agent_id")}};
constexpr Place direction_columns[] = {{column("business_direction")}};

struct Property {
  std::string_view name;
  std::span<const Place> columns;
  std::span<const OperatorName> operators;
  Match match = Match::exact;
  bool list = false;  // takes a list of values
};
constexpr Property properties[] = {
    {"number_list", number_columns, {}, Match::exact, true},
    {"start_time", start_columns, time_operators, Match::instant},
    {"hangup_time", hangup_columns, time_operators, Match::instant},
    {"talking_time", talking_columns, number_operators, Match::number},
    {"project_id_list", project_columns, {}, Match::exact, true},
    {"tenant_user_id_list", user_columns, {}, Match::exact, true},
    {"custom_tag_id_list", tag_columns, {}, Match::exact, true},
    {"operator_call_id_list", operator_call_columns, {}, Match::exact, true},
    {"dialog_type_list", type_columns, {}, Match::any_case, true},
    {"call_request_agent_id_list", request_columns, {}, Match::exact, true},
    {"business_direction", direction_columns, {}, Match::any_case},
};

template <class List>
std::string names_of(const List& list) {
  std::string names;
  for (const auto& each : list) {
    if (!names.empty()) names += ", ";
    names += each.name;
  }
  return names;
}

[[noreturn]] void refuse(const std::string& text) {
  throw Error("cdr_dialog: filter: " + text, ErrorCode::mismatch);
}

// A text in quotes for a message: short, and without control characters.
std::string in_quotes(std::string_view text) {
  std::size_t end = std::min<std::size_t>(text.size(), 40);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string shown;
  append_json_string(shown, text.substr(0, end));
  if (end < text.size()) shown += "...";
  return shown;
}

std::string kind_of(Node value) {
  switch (value.type()) {
    case Node::Type::null:
      return "null";
    case Node::Type::real:
      return "a number that is not an integer";
    case Node::Type::array:
      return "a list";
    case Node::Type::object:
      return "an object";
    default:
      return std::string("a ") + json_type_name(value.type());
  }
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// A '+' is kept, because encodeURI leaves it and telephone numbers begin with it. nullopt: a '%'
// lacks its two digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
    if (low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

// Reads `text` into `to`; false if it is not JSON. Refuses JSON that exceeds the limits of a
// record.
bool read_json(std::string_view text, Document& to) {
  const std::optional<Problem> problem = to.parse_copy(text);
  if (!problem) return true;
  switch (problem->code) {
    case ProblemCode::not_json:
    case ProblemCode::truncated:
    case ProblemCode::bad_utf8:
      return false;
    case ProblemCode::duplicate_key:  // it would silently lose a condition
      refuse("the key " +
             in_quotes(std::string_view(problem->path)
                           .substr(std::min(problem->path.rfind('.') + 1, problem->path.size()))) +
             " occurs twice in one condition; write two conditions instead");
    default:
      refuse(problem->message);
  }
}

// Text that is JSON is not decoded, so a '%20' inside a value stays as it is.
void read_list(std::string_view text, Document& to) {
  bool is_json = read_json(text, to);
  if (!is_json && text.find('%') != std::string_view::npos)
    if (const auto decoded = percent_decoded(text)) is_json = read_json(*decoded, to);
  if (!is_json)
    refuse(
        "found text that is neither JSON nor percent-encoded JSON; expected a list such as "
        R"([{"property":"talking_time","operator":"gt","value":60000}])");
  if (!to.root().is_array())
    refuse("found " + kind_of(to.root()) +
           R"(; expected a list of conditions: put [ ] around {"property":...,"value":...})");
}

// Finds the end of the element that begins at `at`: a comma or bracket outside a string.
std::size_t end_of_element(std::string_view json, std::size_t at) {
  for (bool inside = false; at < json.size(); ++at) {
    if (json[at] == '\\' && inside)
      ++at;
    else if (json[at] == '"')
      inside = !inside;
    else if (!inside && (json[at] == ',' || json[at] == ']'))
      return at;
  }
  return json.size();
}

// Whether `accepts` returns true for the text of any element of a list as compact JSON, '[918,"a"]'.
template <class Accepts>
bool any_element(std::string_view json, const Accepts& accepts) {
  if (json.substr(0, 1) != "[") return false;
  std::size_t at = 1;
  while (at < json.size()) {
    const std::size_t end = end_of_element(json, at);
    std::string_view element = json.substr(at, end - at);
    at = end + 1;
    if (element.find('\\') != std::string_view::npos) {
      Document text;
      if (!text.parse_copy(element) && text.root().type() == Node::Type::string &&
          accepts(text.root().string()))
        return true;
      continue;
    }
    if (element.size() >= 2 && element.front() == '"')
      element = element.substr(1, element.size() - 2);
    if (accepts(element)) return true;
  }
  return false;
}

bool ordered(std::strong_ordering order, Operator operation) {
  switch (operation) {
    case Operator::eq:
      return std::is_eq(order);
    case Operator::gt:
      return std::is_gt(order);
    case Operator::gte:
      return std::is_gteq(order);
    case Operator::lt:
      return std::is_lt(order);
    case Operator::lte:
      return std::is_lteq(order);
  }
  return false;
}

}  // namespace

// Turns one object of the list into a condition.
struct ConditionReader {
  Node object;
  std::size_t number;  // from 1
  const Property* property = nullptr;

  [[noreturn]] void fail(const std::string& text) const {
    refuse("condition " + std::to_string(number) + ": " + text);
  }
  [[noreturn]] void fail_value(Node found, std::string_view expected) const {
    fail(std::string(property->name) + ": found " + kind_of(found) + " as value; expected " +
         std::string(expected));
  }

  DialogFilter::Condition read() {
    check_keys();
    property = &named_property();
    DialogFilter::Condition condition;
    condition.match = property->match;
    condition.columns = property->columns;
    condition.operation = operation();
    read_value(object["value"], condition);
    return condition;
  }

  void check_keys() const {
    if (!object.is_object())
      fail("found " + kind_of(object) + R"(; expected an object {"property":...,"value":...})");
    for (const Node member : object.children())
      if (member.key() != "property" && member.key() != "operator" && member.key() != "value")
        fail("unknown key " + in_quotes(member.key()) + "; allowed: property, operator, value");
    for (const char* key : {"property", "value"})
      if (object[key].type() == Node::Type::missing)
        fail(std::string("the key ") + key +
             " is missing; every condition needs property and value");
  }

  const Property& named_property() const {
    const Node name = object["property"];
    if (name.type() != Node::Type::string)
      fail("found " + kind_of(name) + " as property; expected one of " + names_of(properties));
    for (const Property& each : properties)
      if (each.name == name.string()) return each;
    fail("unknown property " + in_quotes(name.string()) + "; allowed: " + names_of(properties));
  }

  Operator operation() const {
    const Node given = object["operator"];
    if (given.type() == Node::Type::missing || given.type() == Node::Type::null)
      return Operator::eq;
    if (property->operators.empty())
      fail(std::string(property->name) + " takes no operator; leave it out");
    const bool is_string = given.type() == Node::Type::string;
    if (is_string)
      for (const OperatorName& each : property->operators)
        if (each.name == given.string()) return each.operation;
    fail(std::string(property->name) + ": unknown operator " +
         (is_string ? in_quotes(given.string()) : kind_of(given)) +
         "; allowed: " + names_of(property->operators));
  }

  void read_value(Node value, DialogFilter::Condition& condition) const {
    switch (property->match) {
      case Match::instant:
        return read_time(value, condition);
      case Match::number:
        return read_number(value, condition);
      default:
        return read_values(value, condition);
    }
  }

  void read_time(Node value, DialogFilter::Condition& condition) const {
    constexpr std::string_view expected = "a UTC time 'YYYY-MM-DD HH:MM:SS'";
    if (value.type() != Node::Type::string) fail_value(value, expected);
    const auto time = parse_time(value.string(), Zone());
    if (!time) fail(std::string(property->name) + ": value is not " + std::string(expected));
    condition.time = format_time(time->instant);
    condition.time_goes_on = time->instant.us % 1000 != 0;
  }

  void read_number(Node value, DialogFilter::Condition& condition) const {
    constexpr std::string_view expected = "an integer (ms)";
    if (value.type() == Node::Type::integer) {
      condition.number = value.integer();
      return;
    }
    if (value.type() != Node::Type::string) fail_value(value, expected);
    Document inner;
    if (inner.parse_copy(trim(value.string())) || inner.root().type() != Node::Type::integer)
      fail(std::string(property->name) + ": value is not " + std::string(expected));
    condition.number = inner.root().integer();
  }

  void read_values(Node value, DialogFilter::Condition& condition) const {
    if (!property->list) {
      if (value.type() != Node::Type::string) fail_value(value, "a string, INBOUND or OUTBOUND");
      condition.values.emplace_back(value.string());
      return;
    }
    if (value.is_array())
      for (const Node each : value.children()) condition.values.push_back(text_of_element(each));
    else
      condition.values.push_back(text_of_element(value));
    std::sort(condition.values.begin(), condition.values.end());
  }

  std::string text_of_element(Node value) const {
    if (value.type() == Node::Type::string) return std::string(value.string());
    if (value.type() == Node::Type::integer) return std::to_string(value.integer());
    fail_value(value, "a list of strings or integers");
  }
};

DialogFilter::DialogFilter(std::string_view text) {
  text = trim(text);
  if (text.empty()) return;
  Document list;
  read_list(text, list);
  conditions_.reserve(list.root().size());
  for (const Node object : list.root().children()) {
    conditions_.push_back(ConditionReader{object, conditions_.size() + 1}.read());
    for (const Place& each : conditions_.back().columns) columns_.add(each.at);
  }
}

bool DialogFilter::matches(std::span<const Value> dialog_row) const {
  return std::all_of(conditions_.begin(), conditions_.end(), [&](const Condition& condition) {
    return std::any_of(
        condition.columns.begin(), condition.columns.end(),
        [&](const Place& column) { return holds(condition, column, dialog_row[column.at]); });
  });
}

bool DialogFilter::holds(const Condition& condition, const Place& column, const Value& cell) {
  if (condition.match == Match::number)
    return cell.type() == Value::Type::integer &&
           ordered(cell.as_integer() <=> condition.number, condition.operation);
  if (cell.type() != Value::Type::text) return false;
  if (condition.match == Match::instant) {
    auto order = cell.as_text() <=> std::string_view(condition.time);
    if (std::is_eq(order) && condition.time_goes_on) order = std::strong_ordering::less;
    return ordered(order, condition.operation);
  }
  if (!column.is_list) return has(condition, cell.as_text());
  return any_element(cell.as_text(),
                     [&](std::string_view element) { return has(condition, element); });
}

bool DialogFilter::has(const Condition& condition, std::string_view text) {
  if (condition.match == Match::exact)
    return std::binary_search(condition.values.begin(), condition.values.end(), text,
                              std::less<>());
  return std::any_of(condition.values.begin(), condition.values.end(),
                     [&](const std::string& value) { return equal_ignoring_case(value, text); });
}

}  // namespace cdr
