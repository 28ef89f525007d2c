#include "extension/binding/setting.hpp"

#include <array>
#include <string>

#include "extension/binding/connection.hpp"
#include "extension/binding/statement.hpp"

namespace cdr::ext {
namespace {

constexpr std::array<const char*, pragma_count> names{"analysis_limit", "cache_size", "page_size",
                                                      "secure_delete"};

const char* name_of(Pragma pragma) {
  return names[static_cast<std::size_t>(pragma)];
}

// `PRAGMA main.secure_delete = 2` would mean ON: FAST has only a name.
constexpr std::int64_t secure_delete_fast = 2;

std::int64_t ask(sqlite3* database, const char* name) {
  Statement select(database, std::string("PRAGMA main.") + name);
  auto rows = select.query();
  return rows.next() ? rows.integer(0) : 0;
}

}  // namespace

bool put_back(sqlite3* database, Pragma pragma, std::int64_t value) noexcept {
  // These pragmas act while they are prepared. SQLite's parser checks for an interrupt at white
  // space and at the end of the text. So the text contains no white space, and a semicolon ends the
  // pragma before the text ends.
  std::array<char, 80> sql{};
  if (pragma == Pragma::secure_delete && value == secure_delete_fast)
    sqlite3_snprintf(sql.size(), sql.data(), "PRAGMA\"main\".secure_delete=fast;");
  else
    sqlite3_snprintf(sql.size(), sql.data(), "PRAGMA\"main\".%s=%lld;", name_of(pragma),
                     static_cast<long long>(value));
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database, sql.data(), -1, &statement, nullptr);
  sqlite3_finalize(statement);
  return code == SQLITE_OK;
}

Setting::Setting(sqlite3* database, Pragma pragma)
    : database_(database), pragma_(pragma), before_(ask(database, name_of(pragma))) {}

Setting::~Setting() {
  if (!changed_ || put_back(database_, pragma_, before_)) return;
  if (Connection* connection = Connection::of(database_)) connection->owe(pragma_, before_);
}

void Setting::set(std::int64_t to) {
  changed_ = true;
  if (!put_back(database_, pragma_, to)) throw_sqlite_error(database_, sqlite3_errcode(database_));
}

LargeCache::LargeCache(sqlite3* database, std::int64_t bytes)
    : size_(database, Pragma::cache_size) {
  const std::int64_t size = size_.before();
  const std::int64_t now = size < 0 ? -size * 1024 : size * ask(database, "page_size");
  if (now < bytes) size_.set(-bytes / 1024);
}

ForeignKeysOff::ForeignKeysOff(sqlite3* database) noexcept : database_(database) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &was_on_);
  if (was_on_ != 0)
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, 0, static_cast<int*>(nullptr));
}
ForeignKeysOff::~ForeignKeysOff() {
  if (was_on_ != 0)
    sqlite3_db_config(database_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, static_cast<int*>(nullptr));
}

}  // namespace cdr::ext
