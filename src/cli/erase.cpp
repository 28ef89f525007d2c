// cdr erase: shows what would be erased, asks, erases it, and overwrites its bytes in the file,
// which cdr_erase() cannot do from inside a function.
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/text.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

std::string counted(const nlohmann::json& told, const char* name, const char* one,
                    const char* many) {
  const auto count = told.value(name, std::int64_t{0});
  return std::to_string(count) + (count == 1 ? one : many);
}

// '2 interactions, 5 records, 1 of them…'
std::string numbers(const nlohmann::json& told) {
  return counted(told, "interactions", " interaction, ", " interactions, ") +
         counted(told, "records", " record", " records") + " and " +
         counted(told, "quarantined", " in quarantine", " in quarantine");
}

std::string first_line_of(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line))
    throw Failure(path + ": cannot be read; name the file that holds the key of phone_token");
  return std::string(trim(line));
}

class Erase {
 public:
  explicit Erase(const EraseOptions& options)
      : options_(options), database_(open_database(options.database.path, Access::write)) {
    if (!options.vendor.empty()) call_["vendor"] = require_utf8("--vendor", options.vendor);
    if (!options.source.empty()) call_["source"] = require_utf8("--source", options.source);
    if (!options.key_file.empty()) call_["key"] = key_of(options.key_file);
    // "-" keeps a number to be forgotten out of the shell's history.
    value_ = options.value == "-" ? trim(read_standard_input("a value is expected"))
                                  : std::string_view(options.value);
    if (value_.empty())
      throw Failure("there is nothing to erase; see 'cdr erase --help'", exit_usage);
  }

  int run() {
    if (options_.dry_run) return say(erase(true), " would be erased");
    if (!options_.yes && !confirm()) throw Failure("nothing was erased");
    const InterruptGuard guard(database_.getHandle());
    const nlohmann::json told = erase(false);
    say(told, options_.vacuum ? " erased" : " erased; VACUUM has still to be run");
    if (options_.vacuum) overwrite();
    if (told.contains("warning")) throw Failure(told.value("warning", ""));
    return exit_ok;
  }

 private:
  nlohmann::json erase(bool dry_run) {
    nlohmann::json options = call_;
    options["dry_run"] = dry_run;
    try {
      return nlohmann::json::parse(value_of(database_, "SELECT cdr_erase(?1, ?2, ?3)",
                                            options_.what, value_, options.dump()));
    } catch (const SQLite::Exception& error) {
      // cdr_erase() uses this code for its arguments, which are those of the command.
      if (error.getErrorCode() != SQLITE_MISMATCH) throw;
      throw Failure(failure_of(error, options_.database.path).what(), exit_usage);
    }
  }

  int say(const nlohmann::json& told, const char* what) const {
    std::cout << numbers(told) << what << '\n';
    flush_output();
    return exit_ok;
  }

  bool confirm() {
    const std::string what_goes = numbers(erase(true));  // throws if the request is wrong
    if (::isatty(STDIN_FILENO) != 1)
      throw Failure(
          "cdr erase asks before it erases, and standard input is not a terminal; give --yes, or "
          "--dry-run to see what would be erased",
          exit_usage);
    std::cerr << what_goes << " will be erased from " << shown(options_.database.path)
              << " for good, and kept out of it. Continue? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return equal_ignoring_case(trim(answer), "y") || equal_ignoring_case(trim(answer), "yes");
  }

  // Writes the whole file again, and then empties the log, which still has the old content.
  void overwrite() {
    const std::string& path = options_.database.path;
    try {
      database_.exec("VACUUM");
    } catch (const SQLite::Exception& error) {
      throw Failure("bytes of what was erased may be left in the file: " +
                    std::string(failure_of(error, path).what()) +
                    "; then run: " + command_on(path, "query", "VACUUM"));
    }
    if (value_of(database_, "PRAGMA journal_mode") != "wal") return;
    if (value_of(database_, "PRAGMA wal_checkpoint(TRUNCATE)") != "0")
      throw Failure("another program reads an older state of " + path + ", so that " + path +
                    "-wal still holds what was erased; when it is done, run: " +
                    command_on(path, "query", "\"PRAGMA wal_checkpoint(TRUNCATE)\""));
  }

  const EraseOptions& options_;
  SQLite::Database database_;
  nlohmann::json call_ = nlohmann::json::object();
  std::string value_;
};

}  // namespace

std::string key_of(const std::string& path) {
  std::string key = first_line_of(path);
  if (valid_utf8(key) == key) return key;
  throw Failure(path +
                ": expected a key of UTF-8 text in its first line, found other bytes; name "
                "the file that holds the key of phone_token");
}

int erase(const EraseOptions& options) {
  return Erase(options).run();
}

}  // namespace cdr::cli
