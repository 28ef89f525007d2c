#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "extension/warehouse/import.hpp"

namespace cdr::ext {
namespace {

using Json = nlohmann::json;

std::string text(const std::string& key, const Json& value) {
  if (!value.is_string())
    throw Error("cdr_import: option \"" + key + "\" takes a string", ErrorCode::mismatch);
  return value.get<std::string>();
}

bool truth(const std::string& key, const Json& value) {
  if (!value.is_boolean())
    throw Error("cdr_import: option \"" + key + "\" takes true or false", ErrorCode::mismatch);
  return value.get<bool>();
}

// A time as any other: text, or epoch seconds or milliseconds.
Instant instant(const std::string& key, const Json& value) {
  if (value.is_number_integer())
    if (const auto found = from_epoch(value.get<std::int64_t>())) return *found;
  if (value.is_string())
    if (const auto found = parse_time(value.get<std::string>(), Zone())) return found->instant;
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
  void (*set)(ImportOptions& options, const std::string& key, const Json& value);
};
constexpr Option known[] = {
    {"source", [](ImportOptions& to, const std::string& key,
                  const Json& value) { to.source = text(key, value); }},
    {"zone", [](ImportOptions& to, const std::string& key,
                const Json& value) { to.zone = Zone::named(text(key, value)); }},
    {"fetched_at", [](ImportOptions& to, const std::string& key,
                      const Json& value) { to.fetched_at = instant(key, value); }},
    {"on_error", [](ImportOptions& to, const std::string& key,
                    const Json& value) { to.fail_on_error = fails(text(key, value)); }},
    {"keep_raw", [](ImportOptions& to, const std::string& key,
                    const Json& value) { to.keep_raw = truth(key, value); }},
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

void set(ImportOptions& options, const std::string& key, const Json& value) {
  for (const Option& each : known)
    if (each.name == key) return each.set(options, key, value);
  throw Error("cdr_import: there is no option \"" + key + "\"; there are " + names());
}

}  // namespace

ImportOptions import_options(std::string_view json) {
  const Json given = Json::parse(json, nullptr, false);
  if (!given.is_object())
    throw Error("cdr_import: the options are a JSON object, as in '{\"source\":\"north\"}'",
                ErrorCode::mismatch);
  ImportOptions options;
  for (const auto& [key, value] : given.items()) set(options, key, value);
  return options;
}

}  // namespace cdr::ext
