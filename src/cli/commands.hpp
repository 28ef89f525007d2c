// The commands of `cdr`. Each returns an exit code, or throws Failure.
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
  bool format_given = false;             // if not: a table on a terminal, TSV elsewhere
  std::optional<std::size_t> max_width;  // if not given: the terminal's, and any elsewhere
  bool pager = true;                     // if standard output is a terminal
};

struct QueryOptions {
  DatabaseOption database;
  std::string sql;   // "" or "-": standard input
  std::string file;  // a file with the SQL, instead; "-": standard input
  Parameters parameters;
  bool read_only = false;
  ShowOptions show;
};

struct TablesOptions {
  DatabaseOption database;
  std::string name;  // tables: a part of it, or "" for any; describe: all of it
  ShowOptions show;
};

struct ImportOptions {
  DatabaseOption database;
  std::vector<std::string> paths;  // files, folders, globs; - is standard input
  std::string watch;               // instead of paths: the folder in which files arrive
  std::string source;              // "" = the vendor's name
  std::string zone;                // "" = UTC
  std::string fetched_at;          // "" = decided by the records
  bool json = false;               // a summary per file, instead of the sum
  bool wal = false;                // if not, the database keeps its journal mode
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
  bool yes = false;            // does not ask
  bool dry_run = false;
  bool vacuum = true;
};

struct ExportOptions {
  DatabaseOption database;
  std::vector<std::string> tables;
  std::string sql;  // instead of tables
  Parameters parameters;
  std::string format;  // "" = by the extension of `out`
  std::string out;     // "-": standard output
  bool anonymise = false;
  std::string key_file;  // "" = a key for this export alone
  bool may_be_empty = false;
  // Only for a workforce file: the period, and whose queues.
  std::string from, to, zone, interval = "15m";    // zone "" = from report_setting
  std::optional<double> threshold, short_abandon;  // default: queue_setting and report_setting
  std::string vendor, source;                      // "" = any
};

struct ReportOptions {
  DatabaseOption database;
  std::string from, to;  // dates of the zone, or anything that cdr_time reads; to "" = a day later
  std::string zone;      // "" = from report_setting, otherwise UTC
  std::string interval;  // "" = one that suits the period
  std::optional<double> threshold;  // if not given, from queue_setting and report_setting
  std::string language;             // "" = from the reader's browser or environment
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
  std::optional<std::int64_t> from_import;  // if not given, from the target
  bool anonymise = false;
  std::string key_file;
  bool dry_run = false;
  bool verify_erased = false;
};

struct OdbcOptions {
  DatabaseOption database;
  std::string name = "cdr";  // of the DSN
  bool install = false;      // if not, it is only shown
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

// The path of the shared library that other programs load: beside this program, or in the system's
// folders.
std::optional<std::filesystem::path> find_extension();

// Runs every statement of `text` and shows its rows; returns the number of rows.
std::int64_t run_sql(SQLite::Database& database, const std::string& path, const SqlText& text,
                     const ShowOptions& show, const Parameters& parameters = {},
                     Access access = Access::write);

// The first line of a file, which is the key of phone_token(). It is never shown.
std::string key_of(const std::string& path);

// A query for the tables of libcdr and of a database that are meant for users, as `name, kind,
// doc`.
extern const char all_tables[];
std::vector<std::string> names_of(SQLite::Database& database, const std::string& sql);

// The content of a file with SQL.
std::string content_of(const std::string& path);
// Reads all of standard input. If that is a terminal, throws Failure, which says `what`.
std::string read_standard_input(const std::string& what);

}  // namespace cdr::cli
