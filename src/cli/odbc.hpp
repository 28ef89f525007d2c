// ODBC's files, which list data sources (DSNs) and drivers, and the options that a warehouse's DSN
// needs so that programs read it correctly.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cdr::cli {

// A section of an .ini file: [name], then `key = value`. Keys are compared without case.
struct IniSection {
  std::string name;
  std::vector<std::pair<std::string, std::string>> values;
  std::string value(std::string_view key) const;  // "" = not there
};
std::vector<IniSection> read_ini(const std::filesystem::path& path);

struct OdbcFiles {
  std::filesystem::path user_sources, system_sources, user_drivers, system_drivers;
};
OdbcFiles odbc_files();

// A registered driver of SQLite 3.
struct OdbcDriver {
  std::string name;            // as in odbcinst.ini
  std::string library;         // as registered
  std::filesystem::path ini;   // where it is registered
  bool is_there = false;       // the library exists
  std::filesystem::path path;  // of the library, if it exists
};
std::vector<OdbcDriver> odbc_drivers();

// The faults of a DSN, a line each; empty if it is right. nullopt: it is not a DSN of SQLite.
std::optional<std::vector<std::string>> faults_of_source(const IniSection& source);

// The file that a DSN's Database names, which may be a URI.
std::string path_in_source(std::string_view database);

// loading_fault loads a shared library; "" or the reason why it does not load. version_of_loaded is
// the version of the libcdr that was loaded.
std::string loading_fault(SQLite::Database& database, const std::string& library);
std::string version_of_loaded(SQLite::Database& database);

// Finds a library in the system's folders or in cdr's own.
std::optional<std::filesystem::path> find_library(const std::filesystem::path& name);

}  // namespace cdr::cli
