#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/text.hpp"
#include "extension/reports/report.hpp"

namespace cdr::ext {
namespace {

struct KindName {
  std::string_view name;
  ReportArgument::Kind kind;
};
constexpr std::array<KindName, 7> kinds{{
    {"TIME", ReportArgument::Kind::time},
    {"DAY", ReportArgument::Kind::day},
    {"ZONE", ReportArgument::Kind::zone},
    {"INTERVAL", ReportArgument::Kind::interval},
    {"NUMBER", ReportArgument::Kind::number},
    {"WHOLE", ReportArgument::Kind::whole},
    {"TEXT", ReportArgument::Kind::text},
}};
constexpr std::array<std::string_view, 4> column_types{"TEXT", "INTEGER", "DOUBLE", "TIMESTAMP"};

// The lines of the declaration, with their continuations joined.
std::deque<std::string> entries_of(std::string_view& text) {
  std::deque<std::string> lines;
  while (text.starts_with('\n')) text.remove_prefix(1);
  while (text.starts_with("--")) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(2, end - 2);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("   ") && !lines.empty())
      lines.back() += ' ' + std::string(trim(line));
    else
      lines.emplace_back(trim(line));
  }
  return lines;
}

// Removes the text before the mark, and the mark, and returns the text; without a mark, all of it.
std::string_view cut(std::string_view& text, std::string_view mark) {
  const std::size_t at = std::min(text.find(mark), text.size());
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(std::min(at + mark.size(), text.size()));
  return trim(before);
}

std::string_view unquoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '\'' && text.back() == '\''
             ? text.substr(1, text.size() - 2)
             : text;
}

[[noreturn]] void refuse(std::string_view report, std::string_view entry, std::string_view why) {
  throw Error("the report " + std::string(report) + ": in '" + std::string(entry) +
              "': " + std::string(why));
}

ReportArgument argument_of(std::string_view report, std::string_view entry, std::string_view rest) {
  ReportArgument argument;
  std::string_view head = cut(rest, ": ");
  argument.doc = trim(rest);
  argument.name = cut(head, " ");
  argument.type = cut(head, " = ");
  if (!trim(head).empty()) {
    argument.is_required = false;
    argument.otherwise = trim(head) == "NULL" ? std::string_view() : unquoted(trim(head));
  }
  if (argument.type.starts_with('\'')) {
    argument.kind = ReportArgument::Kind::choice;
    for (std::string_view choices = argument.type; !choices.empty();)
      argument.choices.push_back(unquoted(cut(choices, " | ")));
    return argument;
  }
  const auto* found = std::find_if(
      kinds.begin(), kinds.end(), [&](const KindName& each) { return each.name == argument.type; });
  if (found == kinds.end())
    refuse(report, entry,
           "an argument of a type that is not known; there are TIME, DAY, ZONE, INTERVAL, NUMBER, "
           "WHOLE, TEXT, and choices such as 'a' | 'b'");
  argument.kind = found->kind;
  return argument;
}

Column column_of(std::string_view report, std::string_view entry, std::string_view rest) {
  std::string_view head = cut(rest, ": ");
  const std::string_view name = cut(head, " ");
  const Column column{name, trim(head), trim(rest)};
  if (std::find(column_types.begin(), column_types.end(), column.type) == column_types.end())
    refuse(report, entry,
           "a column of a type that is not known; there are TEXT, INTEGER, DOUBLE and TIMESTAMP");
  return column;
}

const ReportDeclaration& common() {
  static const ReportDeclaration declared = ReportDeclaration::parse(common_report_text());
  return declared;
}

// Adds arguments or columns that are given by name alone, as sql/reports/common.sql declares them.
template <class List, class Add>
void add_common(std::string_view report, std::string_view entry, std::string_view names,
                const List& known, const Add& add) {
  while (!names.empty()) {
    const std::string_view name = cut(names, ",");
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const auto& each) { return each.name == name; });
    if (found == known.end()) {
      std::string names_known;
      for (const auto& each : known)
        names_known += (names_known.empty() ? "" : ", ") + std::string(each.name);
      refuse(report, entry,
             "a name without a type, as in 'name TYPE: what it is', must be one of " + names_known);
    }
    add(*found);
  }
}

}  // namespace

std::string ReportArgument::documented() const {
  if (otherwise.empty()) return std::string(doc);
  return std::string(doc) + "; " + std::string(otherwise) + " unless given";
}

ReportDeclaration ReportDeclaration::parse(std::string_view text) {
  ReportDeclaration report;
  report.lines = std::make_shared<std::deque<std::string>>(entries_of(text));
  for (const std::string_view entry : *report.lines) {
    if (entry.empty()) continue;
    std::string_view rest = entry;
    if (report.name.empty()) {
      report.name = cut(rest, ": ");
      report.grain = trim(rest);
      continue;
    }
    if (entry.starts_with("when ")) {
      report.when = entry.substr(sizeof "when");
      continue;
    }
    const bool is_argument = entry.starts_with("argument ");
    if (!is_argument && !entry.starts_with("column ")) continue;  // meant for the reader only
    rest.remove_prefix(entry.find(' ') + 1);
    const bool is_declared = rest.find(": ") != std::string_view::npos;
    if (is_argument && is_declared)
      report.arguments.push_back(argument_of(report.name, entry, rest));
    else if (is_argument)
      add_common(report.name, entry, rest, common().arguments,
                 [&](const ReportArgument& found) { report.arguments.push_back(found); });
    else if (is_declared)
      report.columns.push_back(column_of(report.name, entry, rest));
    else
      add_common(report.name, entry, rest, common().columns,
                 [&](const Column& found) { report.columns.push_back(found); });
  }
  report.query = trim(text);
  return report;
}

}  // namespace cdr::ext
