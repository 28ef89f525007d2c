#include "extension/warehouse/import/options.hpp"
#include "core/error.hpp"
#include "json/document/document.hpp"
#include "json/input/source.hpp"

namespace cdr::ext {
namespace {

std::string text(const std::string& key, Node value) {
  if (value.type() != Node::Type::string)
    throw Error("cdr_import: option \"" + key + "\" takes a string", ErrorCode::mismatch);
  return std::string(value.string());
}

bool truth(const std::string& key, Node value) {
  if (value.type() != Node::Type::boolean)
    throw Error("cdr_import: option \"" + key + "\" takes true or false", ErrorCode::mismatch);
  return value.boolean();
}

// A time as text, epoch seconds or epoch milliseconds.
Instant instant(const std::string& key, Node value) {
  if (value.type() == Node::Type::integer)
    if (const auto found = from_epoch(value.integer())) return *found;
  if (value.type() == Node::Type::string)
    if (const auto found = parse_time(value.string(), Zone())) return found->instant;
  throw Error("cdr_import: option \"" + key +
                  "\" takes a time, as in \"2024-05-02T16:05:24Z\" (UTC without an offset), or "
                  "epoch seconds or milliseconds",
              ErrorCode::mismatch);
}

bool fails(const std::string& word) {
  if (word == "fail") return true;
  if (word == "quarantine") return false;
  throw Error("cdr_import: on_error is 'quarantine' (the default) or 'fail', not '" + word + "'");
}

struct Option {
  std::string_view name;
  void (*set)(ImportOptions& options, const std::string& key, Node value);
};
constexpr Option known[] = {
    {"source",
     [](ImportOptions& to, const std::string& key, Node value) { to.source = text(key, value); }},
    {"zone",
     [](ImportOptions& to, const std::string& key, Node value) {
       to.zone = Zone::named(text(key, value));
       to.names_zone = true;
     }},
    {"records", [](ImportOptions& to, const std::string& key,
                   Node value) { to.records = records_path(text(key, value)); }},
    {"fetched_at", [](ImportOptions& to, const std::string& key,
                      Node value) { to.fetched_at = instant(key, value); }},
    {"on_error", [](ImportOptions& to, const std::string& key,
                    Node value) { to.fail_on_error = fails(text(key, value)); }},
    {"keep_raw", [](ImportOptions& to, const std::string& key,
                    Node value) { to.keep_raw = truth(key, value); }},
};

std::string names() {
  std::string list;
  for (const Option& each : known)
    list.append(list.empty()                   ? ""
                : &each == std::end(known) - 1 ? " and "
                                               : ", ")
        .append(each.name);
  return list;
}

void set(ImportOptions& options, const std::string& key, Node value) {
  for (const Option& each : known)
    if (each.name == key) return each.set(options, key, value);
  throw Error("cdr_import: there is no option \"" + key + "\"; there are " + names());
}

}  // namespace

ImportOptions import_options(std::string_view json) {
  Document document;
  if (document.parse_copy(json) || !document.root().is_object())
    throw Error("cdr_import: the options are a JSON object, as in '{\"source\":\"north\"}'",
                ErrorCode::mismatch);
  ImportOptions options;
  for (const Node value : document.root().children()) set(options, std::string(value.key()), value);
  return options;
}

}  // namespace cdr::ext
