// What `cdr` can be told to do. Each gives an exit code, or throws Failure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/database.hpp"
#include "cli/format.hpp"
#include "cli/script.hpp"

namespace cdr::cli {

// How rows are shown.
struct ShowOptions {
  FormatOptions format;
  bool format_given = false;             // else a table on a terminal, TSV elsewhere
  std::optional<std::size_t> max_width;  // else the terminal's, and any elsewhere
  bool pager = true;                     // where standard output is a terminal
};

struct QueryOptions {
  DatabaseOption database;
  std::string sql;   // "" or "-": standard input
  std::string file;  // the SQL, instead; "-": standard input
  Parameters parameters;
  bool read_only = false;
  ShowOptions show;
};

struct TablesOptions {
  DatabaseOption database;
  std::string name;  // of tables: a part of it, or "" for any; of describe: all of it
  ShowOptions show;
};

struct ImportOptions {
  DatabaseOption database;
  std::vector<std::string> paths;  // files, folders, globs; - is standard input
  std::string watch;               // instead: the folder in which files arrive
  std::string source;              // "" = the vendor's name
  std::string zone;                // "" = UTC
  std::string fetched_at;          // "" = decided by what the records say
  bool json = false;               // each file's summary, instead of the sum
  bool wal = false;                // else the database keeps its journal mode
};

struct UpkeepOptions {
  DatabaseOption database;
  ShowOptions show;
};

struct EraseOptions {
  DatabaseOption database;
  std::string what, value;     // value "-": standard input
  std::string vendor, source;  // of an interaction; "" = any
  std::string key_file;        // of a customer_token
  bool yes = false;            // without asking
  bool dry_run = false;
  bool vacuum = true;
};

struct ExportOptions {
  DatabaseOption database;
  std::vector<std::string> tables;
  std::string sql;  // instead of tables
  Parameters parameters;
  std::string format;  // "" = what the ending of `out` says
  std::string out;     // "-": standard output
  bool anonymise = false;
  std::string key_file;  // "" = a key for this export alone
  bool may_be_empty = false;
  // Of a workforce file alone: the period, and whose queues.
  std::string from, to, zone, interval = "15m";    // zone "" = as report_setting has it
  std::optional<double> threshold, short_abandon;  // else as queue_setting and report_setting
  std::string vendor, source;                      // "" = any
};

struct ReportOptions {
  DatabaseOption database;
  std::string from, to;  // dates of the zone, or anything that cdr_time reads; to "" = a day later
  std::string zone;      // "" = as report_setting has it, else UTC
  std::string interval;  // "" = what suits the period
  std::optional<double> threshold;  // else as queue_setting and report_setting have it
  std::string language;             // "" = what the reader's browser or environment says
  std::string out;                  // "" = report-<date>.html; "-": standard output
  int timelines = 200;
  bool mask = false;  // customers' numbers
  bool is_text = false;
};

struct ReportAddOptions {
  DatabaseOption database;
  std::vector<std::string> paths;  // files; "-": standard input
};

struct PushOptions {
  DatabaseOption database;
  std::vector<std::string> urls;            // one for each node
  std::string user;                         // "" = the server's default one
  std::string password_file;                // "" = CDR_CLICKHOUSE_PASSWORD, or none
  std::string ca_file;                      // "" = the system's authorities
  std::string target = "cdr";               // the database there
  std::string cluster;                      // "" = one node
  std::optional<std::int64_t> from_import;  // else what the target says
  bool anonymise = false;
  std::string key_file;
  bool dry_run = false;
  bool verify_erased = false;
};

struct OdbcOptions {
  DatabaseOption database;
  std::string name = "cdr";  // of the DSN
  bool install = false;      // else it is only shown
};

struct DemoOptions {
  std::string folder;
};

int query(const QueryOptions& options);
int report(const ReportOptions& options);
int report_add(const ReportAddOptions& options);
int demo(const DemoOptions& options);
int odbc(const OdbcOptions& options);
int export_tables(const ExportOptions& options);
int export_workforce(const ExportOptions& options);  // --format wfm-…
int push_clickhouse(const PushOptions& options);
int tables(const TablesOptions& options);
int describe(const TablesOptions& options);
int shell(const DatabaseOption& database);
int import(const ImportOptions& options);
int check(const UpkeepOptions& options);
int rebuild(const UpkeepOptions& options);
int refresh(const UpkeepOptions& options);
int erase(const EraseOptions& options);
int doctor(const DatabaseOption& database);

// Where the shared library is that other programs load: beside this program, or where the system
// has it.
std::optional<std::filesystem::path> find_extension();

// Runs every statement of `text` and shows the rows of each; gives how many rows there were.
std::int64_t run_sql(SQLite::Database& database, const std::string& path, const SqlText& text,
                     const ShowOptions& show, const Parameters& parameters = {},
                     Access access = Access::write);

// The first line of a file, which is the key of phone_token(). It is never shown.
std::string key_of(const std::string& path);

// The tables of libcdr and of a database that one may want to ask, as `name, kind, doc`.
extern const char all_tables[];
std::vector<std::string> names_of(SQLite::Database& database, const std::string& sql);

// All of a file that holds SQL.
std::string content_of(const std::string& path);
// All of standard input; `what` is told to a person who sits before it.
std::string read_standard_input(const std::string& what);

}  // namespace cdr::cli
