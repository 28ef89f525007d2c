// cdr doctor: shows what is installed and whether it works, in one line each. Exits with 1 if
// something that cdr itself needs does not work; faults in what other programs need (the shared
// library, ODBC) are only shown.
#include <isa-l.h>
#include <sodium.h>
#include <sqlite3.h>
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>
#include <CLI/Version.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "cli/commands.hpp"
#include "cli/odbc.hpp"
#include "core/text.hpp"
#include "json/document/document.hpp"

namespace cdr::cli {
namespace {

namespace fs = std::filesystem;

enum class State { ok, absent, wrong, failed };
struct Finding {
  State state;
  std::string text;
};

std::string joined(int major, int minor, int patch) {
  return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

Finding program() {
  auto database = open_database(DatabaseOption::in_memory, Access::create);
  const std::string version = value_of(database, "SELECT cdr_version()");
  if (version != CDR_VERSION)
    return {State::failed, std::string("cdr ") + CDR_VERSION + " reports version " + version +
                               "; install it again"};
  return {State::ok, "cdr " + version + ", " +
                         value_of(database, "SELECT count(*) FROM cdr_tables") + " tables, " +
                         value_of(database, "SELECT count(*) FROM cdr_functions") + " functions"};
}

Finding sqlite() {
  std::string text = std::string("SQLite ") + sqlite3_libversion();
  if (sqlite3_libversion_number() != SQLITE_VERSION_NUMBER)
    text += " (built with " SQLITE_VERSION ")";
  return {State::ok, text};
}

Finding libraries() {
  const auto xxhash = static_cast<int>(XXH_versionNumber());
  return {State::ok, "SQLiteCpp " SQLITECPP_VERSION ", CLI11 " CLI11_VERSION ", simdjson " +
                         std::string(simdjson_version()) + ", nlohmann-json " +
                         joined(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                NLOHMANN_JSON_VERSION_PATCH) +
                         ", zlib " + zlibVersion() + ", ISA-L " +
                         joined(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION) +
                         ", zstd " + ZSTD_versionString() + ", xxhash " +
                         joined(xxhash / 10000, xxhash / 100 % 100, xxhash % 100) + ", libsodium " +
                         sodium_version_string()};
}

// The folders in which libraries are searched: first beside this program, then the system's.
std::vector<fs::path> library_folders() {
  std::vector<fs::path> folders;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    const fs::path folder = program.parent_path();
    folders = {folder, folder / "../lib" / CDR_LIBRARY_ARCHITECTURE, folder / "../lib"};
  }
  for (const char* root : {"/usr/local/lib", "/usr/lib"}) {
    folders.push_back(fs::path(root) / CDR_LIBRARY_ARCHITECTURE);
    folders.emplace_back(root);
  }
  return folders;
}

// Checks the shared library that other programs load: it must be found, and have this version.
Finding extension() {
  const auto path = find_extension();
  if (!path)
    return {State::absent,
            "libcdr.so, which other programs load, is neither beside cdr nor in the system's "
            "folders; install libsqlite3-mod-cdr, or build it with './dev build'"};
  sqlite3_reset_auto_extension();
  SQLite::Database database(DatabaseOption::in_memory, SQLite::OPEN_READWRITE);
  if (const std::string why = loading_fault(database, path->string()); !why.empty())
    return {State::failed, path->string() + " does not load: " + why + "; install it again"};
  const std::string version = version_of_loaded(database);
  if (version != CDR_VERSION)
    return {State::failed, path->string() + " has version " + version + ", this program has " +
                               CDR_VERSION + "; install both again"};
  return {State::ok, path->string() + ", version " + version + ", loads"};
}

Finding zones() {
  auto database = open_database(DatabaseOption::in_memory, Access::create);
  try {
    const std::string noon =
        value_of(database, "SELECT cdr_local('2024-07-01 10:00:00.000', 'Europe/Prague')");
    if (noon.find("12:00:00") == std::string::npos)
      return {State::failed, "time zones: Europe/Prague is wrong (10:00 UTC in July is " + noon +
                                 "); apt-get install --reinstall tzdata"};
  } catch (const SQLite::Exception& error) {
    return {State::failed, std::string("time zones: ") + error.what() + "; apt-get install tzdata"};
  }
  std::string version;
  std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
  std::getline(file, version);
  constexpr std::string_view before = "# version ";
  if (version.starts_with(before))
    return {State::ok, "time zones " + version.substr(before.size())};
  return {State::ok, "time zones"};
}

std::string bytes(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? "" : ", " + std::to_string(size) + " bytes";
}

// The reason why libcdr does not read the warehouse, as libcdr reports it for one of its tables; ""
// if it does.
std::string fault_of_warehouse(SQLite::Database& database, const std::string& path) {
  constexpr std::string_view asked = "interaction_timeline";
  try {
    value_of(database, ("SELECT 1 FROM " + std::string(asked) + "('')").c_str());
    return {};
  } catch (const SQLite::Exception& error) {
    std::string said = failure_of(error, path).what();
    const std::string speaker = std::string(asked) + ": ";
    return said.starts_with(speaker) ? said.substr(speaker.size()) : said;
  }
}

Finding database(const DatabaseOption& option) {
  if (!option.given && !may_exist(option.path))
    return {State::absent, "no database " + option.path + " here; 'cdr import PATH' makes it"};
  try {
    Questioned asked = open_to_ask(option.path, Access::read);
    SQLite::Database& opened = asked.database;
    const std::string objects = value_of(opened, "SELECT count(*) FROM sqlite_schema");
    const std::string journal = asked.as_it_lies ? "wal" : value_of(opened, "PRAGMA journal_mode");
    const std::string about = option.path + ", journal " + journal +
                              (asked.as_it_lies ? " (read as it is)" : "") + bytes(option.path);
    if (value_of(opened, "SELECT count(*) FROM sqlite_schema WHERE name = 'cdr_meta'") == "0")
      return {State::absent, about + ": readable, but not a warehouse (" + objects +
                                 (objects == "1" ? " object" : " objects") + " in it); '" +
                                 command_on(option.path, "import", "PATH") + "' adds one"};
    if (const std::string fault = fault_of_warehouse(opened, option.path); !fault.empty())
      return {State::failed, about + ": " + fault};
    return {State::ok, about + ", format version " +
                           value_of(opened, "SELECT value FROM cdr_meta WHERE name = 'format'")};
  } catch (const SQLite::Exception& error) {
    return {State::failed, failure_of(error, option.path).what()};
  } catch (const Failure& failure) {
    return {State::failed, failure.what()};
  }
}

Finding odbc_driver() {
  const std::string remedy = "; apt-get install unixodbc libsqliteodbc";
  const std::vector<OdbcDriver> drivers = odbc_drivers();
  for (const OdbcDriver& driver : drivers)
    if (driver.is_there)
      return {State::ok,
              "ODBC driver " + driver.path.string() + ", registered in " + driver.ini.string()};
  for (const OdbcDriver& driver : drivers)
    return {State::absent, "the ODBC driver " + driver.library + ", registered in " +
                               driver.ini.string() + ", is not there" + remedy};
  if (const auto path = find_library("libsqlite3odbc.so"))
    return {State::absent, "the ODBC driver " + path->string() + " is not registered in " +
                               odbc_files().system_drivers.string() +
                               "; apt-get install --reinstall libsqliteodbc"};
  return {State::absent, "no ODBC driver of SQLite, for programs that use ODBC" + remedy};
}

// Each SQLite DSN of the user, with all its faults.
std::vector<Finding> odbc_sources() {
  std::vector<Finding> findings;
  const OdbcFiles files = odbc_files();
  std::set<fs::path> seen;
  for (const fs::path& ini : {files.user_sources, files.system_sources}) {
    if (!seen.insert(ini).second) continue;
    for (const IniSection& source : read_ini(ini)) {
      const auto faults = faults_of_source(source);
      if (!faults) continue;
      const std::string name = "DSN " + source.name + " in " + ini.string();
      if (faults->empty())
        findings.push_back({State::ok, name + ", of " + path_in_source(source.value("Database"))});
      for (const std::string& fault : *faults)
        findings.push_back({State::wrong, name + ": " + fault});
    }
  }
  return findings;
}

}  // namespace

std::optional<fs::path> find_library(const fs::path& name) {
  if (name.is_absolute()) return fs::exists(name) ? std::optional(name) : std::nullopt;
  for (const fs::path& folder : library_folders())
    for (const fs::path& path : {folder / name, folder / "odbc" / name})
      if (fs::exists(path)) return path.lexically_normal();
  return std::nullopt;
}

std::optional<fs::path> find_extension() {
  return find_library("libcdr.so");
}

int doctor(const DatabaseOption& option) {
  // The shared library comes last, because checking it removes libcdr from connections that are
  // opened later.
  const std::function<Finding()> questions[] = {
      program, sqlite, libraries, zones, [&] { return database(option); }, odbc_driver, extension};
  constexpr const char* marks[] = {"ok      ", "absent  ", "wrong   ", "FAILED  "};
  bool failed = false, wrong = false;
  const auto say = [&](const Finding& finding) {
    std::cout << marks[static_cast<int>(finding.state)] << shown(finding.text) << '\n';
    failed = failed || finding.state == State::failed;
    wrong = wrong || finding.state == State::wrong;
  };
  for (const auto& question : questions) say(question());
  for (const Finding& finding : odbc_sources()) say(finding);
  if (wrong)
    std::cout << "'cdr odbc' shows a DSN as it should be, and 'cdr odbc --install' writes it.\n";
  flush_output();
  if (failed) throw Failure("something does not work; the lines marked FAILED say what to do");
  return exit_ok;
}

}  // namespace cdr::cli
