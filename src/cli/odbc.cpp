// cdr odbc: shows or writes the DSN by which other programs read a warehouse. Also finds the faults
// of a DSN, for cdr doctor.
#include "cli/odbc.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <pwd.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/target.hpp"
#include "cli/terminal.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

namespace fs = std::filesystem;

constexpr char driver_packages[] = "apt-get install unixodbc libsqliteodbc";

// The folder that unixODBC uses if there is no home.
constexpr char no_home[] = "/home";

fs::path home_of_user() {
  const passwd* const user = ::getpwuid(::getuid());  // NOLINT(concurrency-mt-unsafe): one thread
  return user == nullptr || user->pw_dir == nullptr ? fs::path(no_home) : fs::path(user->pw_dir);
}

bool is_yes(std::string_view value) {
  return value == "1" || equal_ignoring_case(value, "yes") || equal_ignoring_case(value, "true") ||
         equal_ignoring_case(value, "on") || equal_ignoring_case(value, "y") ||
         equal_ignoring_case(value, "t");
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// The full path, so that programs in other folders can use it.
std::string absolute(const std::string& path) {
  std::error_code error;
  const fs::path found = fs::canonical(path, error);
  return error ? fs::absolute(path).lexically_normal().string() : found.string();
}

struct Dsn {
  std::string name;
  std::vector<std::pair<std::string, std::string>> values;
  std::vector<std::string> remarks;
};

Dsn make_dsn(const OdbcOptions& options) {
  Dsn dsn{options.name, {}, {}};
  const std::string path = absolute(options.database.path);
  const auto add = [&](const char* key, std::string value) {
    dsn.values.emplace_back(key, std::move(value));
  };
  const std::vector<OdbcDriver> drivers = odbc_drivers();
  const auto there = std::find_if(drivers.begin(), drivers.end(),
                                  [](const OdbcDriver& each) { return each.is_there; });
  add("Description", "Call detail records, read only");
  if (there != drivers.end()) {
    add("Driver", there->name);
  } else if (const auto library = find_library("libsqlite3odbc.so")) {
    add("Driver", library->string());
  } else {
    add("Driver", "SQLite3");
    dsn.remarks.push_back(std::string("there is no ODBC driver of SQLite here; ") +
                          driver_packages);
  }
  add("Database", uri_of(path) + "?mode=ro");
  add("BigInt", "1");
  add("NoCreat", "1");
  add("StepAPI", "1");
  add("Timeout", "10000");
  if (const auto library = find_extension())
    add("LoadExt", library->string());
  else
    dsn.remarks.push_back(
        "libcdr.so is not here, so LoadExt is left out: tables and views are there, virtual tables "
        "and functions are not; apt-get install libsqlite3-mod-cdr");
  return dsn;
}

std::string text_of(const Dsn& dsn) {
  std::string text = '[' + dsn.name + "]\n";
  for (const auto& [key, value] : dsn.values) text += key + " = " + value + '\n';
  return text;
}

std::string file_content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool begins_section(std::string_view line, std::string* name = nullptr) {
  const std::string_view text = trim(line);
  if (!text.starts_with('[') || text.find(']') == text.npos) return false;
  if (name != nullptr) *name = trim(text.substr(1, text.find(']') - 1));
  return true;
}

// The file's text with the section in it, which replaces one of that name or goes to the end. The
// rest of the text is unchanged.
std::string with_section(const std::string& before, const Dsn& dsn) {
  std::string result, name;
  bool is_written = false, is_inside = false;
  for (std::size_t at = 0; at < before.size();) {
    const std::size_t end = std::min(before.find('\n', at), before.size() - 1);
    const std::string line = before.substr(at, end - at + 1);
    at = end + 1;
    if (begins_section(line, &name)) {
      is_inside = equal_ignoring_case(name, dsn.name);
      if (is_inside && !is_written) result += text_of(dsn) + '\n';
      is_written = is_written || is_inside;
    }
    if (!is_inside) result += line;
  }
  if (is_written) return result;
  if (!result.empty() && result.back() != '\n') result += '\n';
  return result + (result.empty() ? "" : "\n") + text_of(dsn);
}

// A DSN of another database is not overwritten.
void require_own(const fs::path& file, const Dsn& dsn, const std::string& path) {
  for (const IniSection& section : read_ini(file)) {
    if (!equal_ignoring_case(section.name, dsn.name)) continue;
    const std::string other = path_in_source(section.value("Database"));
    if (absolute(other) == absolute(path)) continue;
    throw Failure(file.string() + " has a DSN " + dsn.name + " already, of " +
                  (other.empty() ? "no database" : other) + "; give this one another --name");
  }
}

void require_name(const std::string& name) {
  const bool has_other = std::any_of(name.begin(), name.end(), [](char c) {
    return !is_digit(c) && !(lower(c) >= 'a' && lower(c) <= 'z') && c != '_' && c != '-' &&
           c != ' ';
  });
  constexpr std::size_t longest = 32;  // SQL_MAX_DSN_LENGTH
  if (!name.empty() && name.size() <= longest && !has_other && trim(name) == name) return;
  throw Failure(
      "--name: expected letters, digits, blanks, - and _, at most 32, found '" + name + "'",
      exit_usage);
}

}  // namespace

std::string IniSection::value(std::string_view key) const {
  for (const auto& [each, text] : values)
    if (equal_ignoring_case(each, key)) return text;
  return {};
}

std::vector<IniSection> read_ini(const fs::path& path) {
  std::vector<IniSection> sections;
  std::ifstream file(path);
  std::string name;
  for (std::string line; std::getline(file, line);) {
    const std::string_view text = trim(line);
    if (begins_section(text, &name)) {
      sections.push_back({name, {}});
    } else if (const std::size_t equals = text.find('=');
               !sections.empty() && equals != text.npos && !text.starts_with('#') &&
               !text.starts_with(';')) {
      sections.back().values.emplace_back(trim(text.substr(0, equals)),
                                          trim(text.substr(equals + 1)));
    }
  }
  return sections;
}

// Where unixODBC looks: for the user's DSNs in the home of the password file, and for the user's
// drivers in that of the environment.
OdbcFiles odbc_files() {
  const std::string home = environment("HOME"), folder = environment("ODBCSYSINI"),
                    sources = environment("ODBCINI");
  const fs::path system = folder.empty() ? "/etc" : folder;
  return {sources.empty() ? home_of_user() / ".odbc.ini" : fs::path(sources), system / "odbc.ini",
          (home.empty() ? fs::path(no_home) : fs::path(home)) / ".odbcinst.ini",
          system / "odbcinst.ini"};
}

std::vector<OdbcDriver> odbc_drivers() {
  std::vector<OdbcDriver> drivers;
  const OdbcFiles files = odbc_files();
  for (const fs::path& ini : {files.user_drivers, files.system_drivers})
    for (const IniSection& section : read_ini(ini)) {
      const std::string library = section.value("Driver");
      if (library.find("sqlite3odbc") == library.npos) continue;
      const auto path = find_library(library);
      drivers.push_back({section.name, library, ini, path.has_value(), path.value_or("")});
    }
  return drivers;
}

std::string loading_fault(SQLite::Database& database, const std::string& library) {
  sqlite3* const handle = database.getHandle();
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, nullptr);
  char* message = nullptr;
  const int code = sqlite3_load_extension(handle, library.c_str(), nullptr, &message);
  std::string text = code == SQLITE_OK ? "" : message == nullptr ? sqlite3_errstr(code) : message;
  sqlite3_free(message);
  return text;
}

std::string version_of_loaded(SQLite::Database& database) {
  try {
    return value_of(database, "SELECT cdr_version()");
  } catch (const SQLite::Exception&) {
    return {};
  }
}

std::string path_in_source(std::string_view database) {
  constexpr std::string_view scheme = "file:";
  if (!database.starts_with(scheme)) return std::string(database);
  database.remove_prefix(scheme.size());
  database = database.substr(0, database.find('?'));
  if (database.starts_with("//")) database.remove_prefix(2);
  std::string path;
  for (std::size_t i = 0; i < database.size(); ++i) {
    const bool is_code = database[i] == '%' && i + 2 < database.size() &&
                         hex_value(database[i + 1]) >= 0 && hex_value(database[i + 2]) >= 0;
    if (is_code) {
      path += static_cast<char>(hex_value(database[i + 1]) * 16 + hex_value(database[i + 2]));
      i += 2;
    } else {
      path += database[i];
    }
  }
  return path;
}

std::optional<std::vector<std::string>> faults_of_source(const IniSection& source) {
  std::vector<std::string> faults;
  const std::string driver = source.value("Driver");
  const std::vector<OdbcDriver> drivers = odbc_drivers();
  const auto registered = std::find_if(drivers.begin(), drivers.end(), [&](const OdbcDriver& each) {
    return equal_ignoring_case(each.name, driver);
  });
  const bool is_library = driver.find("sqlite3odbc") != driver.npos;
  if (registered == drivers.end() && !is_library && !equal_ignoring_case(driver, "SQLite3"))
    return std::nullopt;
  if (registered != drivers.end() ? !registered->is_there : !is_library || !find_library(driver))
    faults.push_back("its driver " + driver + " is not there; " + driver_packages);

  const std::string database = source.value("Database");
  const std::string path = path_in_source(database);
  std::error_code error;
  if (path.empty())
    faults.push_back("it names no Database");
  else if (!path.starts_with('/'))
    faults.push_back("its Database " + path +
                     " is another file in every folder that a program is started in; write the "
                     "whole path");
  else if (!fs::exists(path, error))
    faults.push_back("its Database " + path + " is not there");
  if (!is_yes(source.value("BigInt")))
    faults.push_back(
        "without BigInt = 1 whole numbers are cut to 32 bits: a sum becomes wrong, or negative");
  if (!is_yes(source.value("NoCreat")) && database.find("mode=ro") == database.npos)
    faults.push_back("without NoCreat = 1 a path that is mistyped makes an empty database");
  if (!is_yes(source.value("StepAPI")))
    faults.push_back(
        "without StepAPI = 1 the driver reads a whole result into memory before the first row");
  const std::string library = source.value("LoadExt");
  if (library.empty()) return faults;
  const auto found = find_library(library);
  if (!found) {
    faults.push_back("its LoadExt " + library +
                     " is not there, and no query will run; correct it, or leave it out");
    return faults;
  }
  SQLite::Database trial(DatabaseOption::in_memory, SQLite::OPEN_READWRITE);
  const std::string why = loading_fault(trial, found->string());
  if (!why.empty()) {
    faults.push_back("its LoadExt " + library + " does not load: " + why);
  } else if (const std::string version = version_of_loaded(trial); version != CDR_VERSION) {
    faults.push_back("its LoadExt " + library + " is " +
                     (version.empty() ? "not libcdr" : "libcdr " + version) +
                     ", and this is cdr " CDR_VERSION);
  }
  return faults;
}

int odbc(const OdbcOptions& options) {
  require_name(options.name);
  require_database(options.database.path);
  const Dsn dsn = make_dsn(options);
  for (const std::string& remark : dsn.remarks) complain("warning: " + remark);
  if (!options.install) {
    std::cout << text_of(dsn);
    flush_output();
    return exit_ok;
  }
  const fs::path file = odbc_files().user_sources;
  // Whoever sets HOME expects it to be followed, so the file is named before it is written.
  if (const std::string home = environment("HOME");
      environment("ODBCINI").empty() && !home.empty() && absolute(home) != absolute(home_of_user()))
    complain("warning: HOME is " + shown(home) + ", but unixODBC reads " + shown(file.string()) +
             ", which is in the home of the password file; ODBCINI names another file for both");
  require_own(file, dsn, options.database.path);
  TargetFile target(file.string());
  const std::string text = with_section(file_content(file), dsn);
  if (std::fwrite(text.data(), 1, text.size(), target.stream()) != text.size())
    throw Failure(file.string() + ": cannot be written");
  target.finish();
  std::cout << "The DSN " << dsn.name << " is in " << shown(file.string())
            << "; try it with: isql -b "
            << (dsn.name.find(' ') == std::string::npos ? dsn.name : '"' + dsn.name + '"') << '\n';
  return exit_ok;
}

}  // namespace cdr::cli
