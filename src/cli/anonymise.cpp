#include "cli/anonymise.hpp"

#include <sodium.h>
#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/failure.hpp"
#include "core/error.hpp"
#include "core/phone.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

struct Decision {
  std::string_view column;
  Privacy privacy;
};

// docs/exporting.md has this list for those responsible for the data; a test compares the two.
constexpr Decision decisions[] = {
    {"agent_id", Privacy::person},
    {"agent_name", Privacy::out},
    {"anonymous", Privacy::out},
    {"anonymous_display_name", Privacy::out},
    {"audio_video_recording", Privacy::out},
    {"basis", Privacy::kept},
    {"business_direction", Privacy::kept},
    {"business_end_cause", Privacy::kept},
    {"call_info_param1", Privacy::out},
    {"call_info_param2", Privacy::out},
    {"call_info_param3", Privacy::out},
    {"call_info_param4", Privacy::out},
    {"call_info_param5", Privacy::out},
    {"call_info_value1", Privacy::out},
    {"call_info_value2", Privacy::out},
    {"call_info_value3", Privacy::out},
    {"call_info_value4", Privacy::out},
    {"call_info_value5", Privacy::out},
    {"call_request_data", Privacy::out},
    {"call_request_data_application_id", Privacy::kept},
    {"call_request_data_application_name", Privacy::kept},
    {"call_request_data_application_type", Privacy::kept},
    {"call_request_data_call_request_id", Privacy::person},
    {"call_request_data_call_request_name", Privacy::out},
    {"call_request_data_case_group", Privacy::kept},
    {"call_request_data_case_id", Privacy::person},
    {"call_request_data_case_state", Privacy::kept},
    {"call_request_data_dialing_method", Privacy::kept},
    {"call_request_data_project_id", Privacy::kept},
    {"call_request_data_project_name", Privacy::kept},
    {"call_request_data_virtual_agent_id", Privacy::kept},
    {"channel", Privacy::kept},
    {"closes", Privacy::kept},
    {"code", Privacy::kept},
    {"comment", Privacy::out},
    {"company_number", Privacy::number},
    {"contact_data", Privacy::out},
    {"contact_id", Privacy::person},
    {"credit", Privacy::kept},
    {"crm_id", Privacy::person},
    {"custom_tag_id_list", Privacy::kept},
    {"customer_id", Privacy::person},
    {"customer_number", Privacy::number},
    {"dialog_id", Privacy::person},
    {"dialog_type", Privacy::kept},
    {"dialog_uuid", Privacy::person},
    {"direction", Privacy::kept},
    {"end_cause", Privacy::kept},
    {"entry", Privacy::kept},
    {"event", Privacy::kept},
    {"extra", Privacy::out},
    {"first_agent_id", Privacy::person},
    {"first_agent_name", Privacy::out},
    {"first_queue_id", Privacy::queue},
    {"first_queue_name", Privacy::queue},
    {"flow_id", Privacy::kept},
    {"flow_type", Privacy::kept},
    {"from_display_target", Privacy::number},
    {"hangup_cause", Privacy::kept},
    {"initial_media", Privacy::kept},
    {"interaction_id", Privacy::kept},
    {"kind", Privacy::kept},
    {"last_agent_id", Privacy::person},
    {"last_agent_name", Privacy::out},
    {"last_queue_id", Privacy::queue},
    {"last_queue_name", Privacy::queue},
    {"level", Privacy::kept},
    {"linked_dialogs", Privacy::people},
    {"machine_detected_type", Privacy::kept},
    {"mapping", Privacy::out},
    {"media", Privacy::kept},
    {"note", Privacy::out},
    {"opens", Privacy::kept},
    {"operator_call_id", Privacy::person},
    {"organization_id", Privacy::person},
    {"organization_name", Privacy::out},
    {"outcome", Privacy::kept},
    {"project", Privacy::out},
    {"project_id", Privacy::kept},
    {"project_id_list", Privacy::kept},
    {"project_language", Privacy::kept},
    {"project_name", Privacy::kept},
    {"project_service_id", Privacy::kept},
    {"project_service_type", Privacy::kept},
    {"queue_id", Privacy::queue},
    {"queue_name", Privacy::queue},
    {"queue_type", Privacy::kept},
    {"reason", Privacy::kept},
    {"recording_id", Privacy::kept},
    {"released_by", Privacy::kept},
    {"released_side", Privacy::kept},
    {"source", Privacy::kept},
    {"state", Privacy::kept},
    {"state_category", Privacy::kept},
    {"team", Privacy::kept},
    {"tenant_user", Privacy::out},
    {"tenant_user_display_name", Privacy::out},
    {"tenant_user_firstname", Privacy::out},
    {"tenant_user_id", Privacy::person},
    {"tenant_user_surname", Privacy::out},
    {"tenant_user_username", Privacy::out},
    {"to_display_target", Privacy::number},
    {"urls", Privacy::out},
    {"value", Privacy::kept},
    {"variables", Privacy::out},
    {"vendor", Privacy::kept},
    {"virtual_agent", Privacy::out},
    {"virtual_agent_id", Privacy::kept},
    {"virtual_agent_name", Privacy::kept},
    {"zone", Privacy::kept},
};
static_assert(std::is_sorted(std::begin(decisions), std::end(decisions),
                             [](const Decision& a, const Decision& b) {
                               return a.column < b.column;
                             }));

// In these tables `name` is the name of a disposition, a holiday or a setting. In other tables it
// may be a person's name.
constexpr std::string_view tables_with_kept_name[] = {"calendar_day", "report_setting", "wrap_up"};

bool is_number_type(const std::string& type) {
  return type == "INTEGER" || type == "BIGINT" || type == "DOUBLE" || type == "REAL";
}

struct Key {
  unsigned char bytes[crypto_generichash_KEYBYTES];
};

void result_token(sqlite3_context* context, std::string_view id, const Key& key) {
  unsigned char hash[crypto_generichash_BYTES_MIN];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(id.data()),
                     id.size(), key.bytes, sizeof key.bytes);
  char hex[2 * sizeof hash + 1];
  sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
  sqlite3_result_text(context, hex, 2 * sizeof hash, SQLITE_TRANSIENT);
}

std::optional<std::string_view> text_in(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (text == nullptr) return std::nullopt;
  return std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

// person_token(id): a token of the id as it is, in 32 hexadecimal digits like phone_token's.
void person_token(sqlite3_context* context, int, sqlite3_value** values) {
  if (const auto id = text_in(values[0]))
    result_token(context, *id, *static_cast<const Key*>(sqlite3_user_data(context)));
}

// queue_token(vendor, queue): the token if the queue has the id or name of an agent of the vendor,
// otherwise the queue.
struct QueueKey {
  Key key;
  std::set<std::pair<std::string, std::string>> agents;  // vendor, and id or name
};
void queue_token(sqlite3_context* context, int, sqlite3_value** values) {
  const auto& key = *static_cast<const QueueKey*>(sqlite3_user_data(context));
  const auto vendor = text_in(values[0]), queue = text_in(values[1]);
  if (vendor && queue && key.agents.contains({std::string(*vendor), std::string(*queue)}))
    result_token(context, *queue, key.key);
  else
    sqlite3_result_value(context, values[1]);
}

// number_token(number): phone_token() with this export's key.
struct NumberKey {
  std::string key;
};
void number_token(sqlite3_context* context, int, sqlite3_value** values) {
  try {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    const auto* key = static_cast<const NumberKey*>(sqlite3_user_data(context));
    const auto token = text == nullptr ? std::nullopt : phone_token(text, key->key);
    if (!token) return sqlite3_result_null(context);
    sqlite3_result_text(context, token->data(), static_cast<int>(token->size()), SQLITE_TRANSIENT);
  } catch (...) {
    sqlite3_result_error_nomem(context);
  }
}

template <class T>
void define(SQLite::Database& database, const char* name,
            void (*function)(sqlite3_context*, int, sqlite3_value**), T* data, int arguments = 1) {
  const int code = sqlite3_create_function_v2(
      database.getHandle(), name, arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
      data, function, nullptr, nullptr, [](void* pointer) { delete static_cast<T*>(pointer); });
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
}

}  // namespace

const Privacy* privacy_of(std::string_view column) {
  const auto* const found = std::lower_bound(
      std::begin(decisions), std::end(decisions), column,
      [](const Decision& each, std::string_view name) { return each.column < name; });
  return found != std::end(decisions) && found->column == column ? &found->privacy : nullptr;
}

Anonymiser::Anonymiser(SQLite::Database& database, const std::string& key) : database_(database) {
  if (key.size() < min_phone_key_bytes)
    throw Failure("the key has " + std::to_string(key.size()) + " bytes, expected at least " +
                  std::to_string(min_phone_key_bytes) +
                  ": a shorter one can be guessed; put a longer one into the key file");
  if (value_of(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'cdr_column'") == "0")
    throw Failure(
        "--anonymise knows the tables of a warehouse, and this is not one; import into it first");
  auto* derived = new Key;
  // The key differs from that of numbers, so that the token of an id that is a number does not
  // match the number's token.
  constexpr std::string_view purpose = "cdr export: ids of people";
  crypto_generichash(derived->bytes, sizeof derived->bytes,
                     reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(),
                     reinterpret_cast<const unsigned char*>(key.data()),
                     std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX));
  auto* queue_key = new QueueKey{*derived, {}};
  define(database, "person_token", person_token, derived);
  define(database, "queue_token", queue_token, queue_key, 2);
  define(database, "number_token", number_token, new NumberKey{key});

  SQLite::Statement names(database,
                          "SELECT DISTINCT table_name FROM cdr_column WHERE table_name IN (SELECT "
                          "name FROM sqlite_schema WHERE type IN ('table', 'view')) ORDER BY 1");
  while (names.executeStep()) tables_.push_back(names.getColumn(0).getString());

  for (const std::string& table : tables_)
    for (const ExportColumn& column : columns(table)) {
      if (column.name != "agent_id" && column.name != "agent_name") continue;
      const std::string name = quoted_name(column.name);
      SQLite::Statement agents(database, "SELECT DISTINCT vendor, " + name + " FROM main." +
                                             quoted_name(table) + " WHERE " + name +
                                             " IS NOT NULL");
      while (agents.executeStep())
        queue_key->agents.emplace(agents.getColumn(0).getString(), agents.getColumn(1).getString());
    }
}

bool Anonymiser::has(const std::string& table) const {
  return std::find(tables_.begin(), tables_.end(), table) != tables_.end();
}

std::vector<ExportColumn> Anonymiser::columns(const std::string& table) const {
  std::vector<ExportColumn> columns;
  SQLite::Statement statement(
      database_, "SELECT name, upper(type) FROM pragma_table_xinfo(?1, 'main') WHERE hidden <> 1");
  statement.bind(1, table);
  while (statement.executeStep())
    columns.push_back({statement.getColumn(0).getString(), statement.getColumn(1).getString()});
  return columns;
}

std::string Anonymiser::select(const std::string& table) {
  std::string list;
  for (const ExportColumn& column : columns(table))
    list +=
        (list.empty() ? "" : ", ") + expression(table, column) + " AS " + quoted_name(column.name);
  return "SELECT " + list + " FROM main." + quoted_name(table);
}

std::string Anonymiser::expression(const std::string& table, const ExportColumn& column) {
  const std::string name = quoted_name(column.name);
  // SQLite does not enforce a column's declared type, so the value is checked.
  if (is_number_type(column.type))
    return "iif(typeof(" + name + ") IN ('integer', 'real'), " + name + ", NULL)";
  if (column.type == "TIMESTAMP" || column.type == "DATE")
    return "iif(" + name + " GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' AND length(" +
           name + ") <= 23, " + name + ", NULL)";
  if (column.name == "name" &&
      std::find(std::begin(tables_with_kept_name), std::end(tables_with_kept_name), table) !=
          std::end(tables_with_kept_name))
    return name;
  const Privacy* const privacy = privacy_of(column.name);
  if (privacy == nullptr) {
    undecided_.push_back(table + "." + column.name);
    return "NULL";
  }
  switch (*privacy) {
    case Privacy::kept:
      return name;
    case Privacy::number:
      return "number_token(" + name + ")";
    case Privacy::person:
      return "person_token(" + name + ")";
    case Privacy::people:
      return "iif(json_valid(" + name + "), (SELECT json_group_array(person_token(value)) FROM " +
             "json_each(" + name + ")), NULL)";
    case Privacy::queue:
      return "queue_token(vendor, " + name + ")";
    case Privacy::out:
      break;
  }
  return "NULL";
}

std::string anonymising_key(const std::string& key_file) {
  if (!key_file.empty()) return key_of(key_file);
  if (sodium_init() < 0) throw Failure("the system gives no random bytes; give --key-file");
  std::string key(32, '\0');
  randombytes_buf(key.data(), key.size());
  return key;
}

}  // namespace cdr::cli
