// ODBC's files, where data sources (DSNs) and drivers are named, and what a DSN of a warehouse must
// say so that what arrives is right.
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

// A driver of SQLite 3 that is registered.
struct OdbcDriver {
  std::string name;            // as odbcinst.ini calls it
  std::string library;         // as it is registered
  std::filesystem::path ini;   // where
  bool is_there = false;       // the library
  std::filesystem::path path;  // of the library, if it is
};
std::vector<OdbcDriver> odbc_drivers();

// What is wrong with a DSN, a line each; empty for one that is right. nullopt: it is not one of
// SQLite.
std::optional<std::vector<std::string>> faults_of_source(const IniSection& source);

// The file that a DSN's Database means, which may be a URI.
std::string path_in_source(std::string_view database);

// Loads a shared library; "" or why it does not load. And the version of libcdr that was loaded.
std::string loading_fault(SQLite::Database& database, const std::string& library);
std::string version_of_loaded(SQLite::Database& database);

// Where the system or cdr's own folder has a library.
std::optional<std::filesystem::path> find_library(const std::filesystem::path& name);

}  // namespace cdr::cli
