// cdr: a warehouse of call detail records, from a shell. Each command runs SQL that libcdr's
// functions and tables answer; this file reads the command line.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/suggestion.hpp"
#include "cli/terminal.hpp"

namespace {

using namespace cdr::cli;

constexpr std::pair<std::string_view, Format> formats[] = {
    {"table", Format::table}, {"line", Format::line}, {"csv", Format::csv},
    {"tsv", Format::tsv},     {"json", Format::json}, {"ndjson", Format::ndjson},
    {"md", Format::md}};

constexpr char about[] =
    "Contact-centre call detail records of several vendors, in one SQLite file.";
constexpr char footer[] =
    "Exit status: 0 done; 1 an error; 2 wrong usage; 3 imported, and some records are in\n"
    "quarantine. Errors are one line on standard error. --db may come before or after the\n"
    "command; without it, CDR_DB names the database, or it is cdr.db in the current folder.";

constexpr char import_footer[] =
    "A file is imported as a whole or not at all: Ctrl-C undoes the files that are being imported\n"
    "(small ones are imported together) and keeps the earlier ones; the same command again\n"
    "imports the rest. A file that was imported before costs nothing; if a part of it could not be\n"
    "taken, the error is reported again.\n"
    "--watch takes a file when it was closed or moved there. So write elsewhere and move it, or\n"
    "write under a name that begins with a dot.\n"
    "The database keeps its journal mode; a new one can be read by all who may read the file.\n"
    "With --wal it can be read while it is written, by those who may also write to its folder.";

constexpr char erase_footer[] =
    "Erased data stays out: an import counts it as stale. VACUUM rewrites the whole file and\n"
    "needs as much free space again. Backups and copies are not touched.";

constexpr char export_footer[] =
    "FILE is written under a temporary name and renamed when it is complete; if anything fails,\n"
    "an existing file stays as it was. Without a NAME, sqlite exports the whole database.\n"
    "DATE is a date in the zone, today, yesterday, or a time, which is in UTC unless it has an\n"
    "offset. docs/exporting.md lists what --anonymise keeps.";

constexpr char report_footer[] =
    "DATE is a date in the zone, today, yesterday, or a time, which is in UTC unless it has an\n"
    "offset: 2024-05-06T08:00:00+02:00. The page needs no network and shows figures of the period\n"
    "next to those of the previous one. It contains customers' numbers unless --mask is given.\n"
    "Every morning by cron, which does not accept a bare % sign:\n"
    "  5 6 * * *  cdr report --db /srv/cdr.db --from yesterday --zone Europe/Prague --out "
    "/srv/www/day.html";
constexpr char report_add_footer[] =
    "A report is a SELECT with named parameters after a comment that declares it;\n"
    "CONTRIBUTING.md and docs/figures.md explain how. It may only read and compute. It replaces a\n"
    "report of the same name. Reports of a database are offered only with --reports, because the\n"
    "file may come from somebody else:\n"
    "  cdr query --reports \"SELECT * FROM late_calls('2024-05-01', '2024-06-01')\"";
constexpr char push_footer[] =
    "Sends what changed since the last push, and creates what is missing on the server. It may be\n"
    "stopped at any moment: the same command continues. Several sites may push into one database.\n"
    "The password is read from the file or from CDR_CLICKHOUSE_PASSWORD. docs/clickhouse.md says\n"
    "what is created there, and what an erasure does.";

constexpr char query_footer[] =
    "Several statements are separated by ';'. Without a database (no --db, no CDR_DB, no cdr.db\n"
    "here) the SQL runs in memory:\n"
    "  cdr query \"SELECT * FROM cdr_dialog(cdr_file('exports/'))\"\n"
    "and cdr_file('-') is standard input:\n"
    "  zstdcat day.zst | cdr query \"SELECT * FROM interactions(cdr_file('-'))\"\n"
    "A --param in the form of an SQL number is a number: a=7, a=-1.5, a=1e3, a=0x1F. Ids and\n"
    "telephone numbers that a number would change are text: a=+48500, a=007, a=1715086680.310.\n"
    "A column of text compares with a number as text. For an expression, write CAST(:a AS TEXT)\n"
    "or CAST(:a AS REAL).\n"
    "On a terminal, a table is made to fit: long cells end in …, and columns without room are\n"
    "named below it. PAGER names the pager (less), and NO_COLOR turns colours off.\n"
    "NULL is NULL in table, line and md, \\N in tsv, null in json and ndjson, nothing in csv,\n"
    "where an empty text is \"\". A BLOB is x'…' everywhere.";

// Adds --db to the program and to each command, so that it may come before or after the command's
// name.
void add_database(CLI::App& command, DatabaseOption& database) {
  command
      .add_option_function<std::string>(
          "--db",
          [&database](const std::string& path) {
            if (database.given)
              throw CLI::ValidationError("--db", "given twice; name one database");
            if (path.empty()) throw CLI::ValidationError("--db", "expected a file, found nothing");
            database.path = path;
            database.given = true;
          },
          "the database (cdr.db, or what CDR_DB says)")
      ->type_name("FILE");
}

// CDR_DB is read here and not by CLI11, which would prefer it to another command's --db.
void use_environment(DatabaseOption& database) {
  const std::string path = environment("CDR_DB");
  if (database.given || path.empty()) return;
  database.path = path;
  database.given = true;
}

// CLI11's own check would print the greatest possible number.
std::string expected_seconds(const std::string& given) {
  double seconds = 0;
  if (CLI::detail::lexical_cast(given, seconds) && std::isfinite(seconds) && seconds >= 0)
    return {};
  return "expected a number of seconds from 0, found '" + given + "'";
}

// CLI11 takes -1 for the greatest number that there is.
std::string expected_columns(const std::string& given) {
  std::size_t columns = 0;
  if (!given.starts_with('-') && CLI::detail::lexical_cast(given, columns)) return {};
  return "expected a number of columns from 0, found '" + given + "'";
}

constexpr char format_list[] = "table, line, csv, tsv, json, ndjson or md";

Format format_named(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [each, format] : formats) {
    if (each == name) return format;
    known.emplace_back(each);
  }
  throw CLI::ValidationError("--format", std::string("expected ") + format_list + ", found '" +
                                             name + "'" + suggestion(name, known));
}

void add_show(CLI::App& command, ShowOptions& show) {
  command
      .add_option_function<std::string>(
          "--format",
          [&show](const std::string& name) {
            show.format.format = format_named(name);
            show.format_given = true;
          },
          std::string(format_list) + " (table on a terminal, otherwise tsv)")
      ->type_name("NAME");
  command.add_flag_callback(
      "--line",
      [&show] {
        show.format.format = Format::line;
        show.format_given = true;
      },
      "one value per line, in full: --format line");
  command.add_flag_callback(
      "--no-header", [&show] { show.format.header = false; }, "leave the column names out");
  command.add_option("--null", show.format.null, "how to show NULL; not in json and ndjson")
      ->type_name("TEXT");
  command
      .add_option("--max-width", show.max_width,
                  "width of a table's lines (the terminal's; elsewhere unlimited); 0 for unlimited")
      ->check(expected_columns)
      ->type_name("N");
  command
      .add_option("--wrap", show.format.wrap,
                  "width at which a table's cell continues below (60 where lines are unlimited, "
                  "otherwise it is cut); 0 for unlimited")
      ->check(expected_columns)
      ->type_name("N");
  command.add_flag_callback(
      "--no-pager", [&show] { show.pager = false; }, "do not use a pager on a terminal");
}

void add_parameter(Parameters& parameters, std::string_view given) {
  const std::size_t equals = given.find('=');
  const std::string_view name = given.substr(0, equals);
  const std::size_t sign = name.find_first_not_of(":@$") == 1 ? 1 : 0;
  if (equals == given.npos || name.substr(sign).empty())
    throw CLI::ValidationError("--param",
                               "expected NAME=VALUE, found '" + std::string(given) + "'");
  if (!parameters.emplace(name.substr(sign), given.substr(equals + 1)).second)
    throw CLI::ValidationError("--param", std::string(name) + " is given twice; give it once");
}

void add_parameters(CLI::App& command, Parameters& parameters) {
  command
      .add_option_function<std::vector<std::string>>(
          "--param",
          [&parameters](const std::vector<std::string>& all) {
            parameters.clear();
            for (const std::string& each : all) add_parameter(parameters, each);
          },
          "the value of the SQL's parameter :NAME; repeat it for other parameters")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
}

struct Program {
  CLI::App app{about, "cdr"};
  std::function<int()> chosen;
  DatabaseOption database;
  QueryOptions query_options;
  ImportOptions import_options;
  UpkeepOptions upkeep_options;
  EraseOptions erase_options;
  TablesOptions tables_options;
  ExportOptions export_options;
  ReportOptions report_options;
  ReportAddOptions report_add_options;
  PushOptions push_options;
  std::string push_to;
  OdbcOptions odbc_options;
  DemoOptions demo_options;

  Program() {
    app.set_version_flag("-V,--version", std::string("cdr ") + CDR_VERSION);
    app.require_subcommand(1);
    app.get_formatter()->label("SUBCOMMAND", "COMMAND");
    app.footer(footer);
    add_database(app, database);
    add_import();
    add_query();
    add_export();
    add_report();
    add_report_add();
    add_push();
    add_shell();
    add_tables();
    add_describe();
    add_check();
    add_rebuild();
    add_refresh();
    add_erase();
    add_odbc();
    add_doctor();
    add_demo();
  }

  CLI::App& command(const char* name, const char* what, std::function<int()> run) {
    CLI::App& added = *app.add_subcommand(name, what);
    added.group("Commands");
    added.callback([this, run = std::move(run)] { chosen = run; });
    add_database(added, database);
    return added;
  }

  void add_import() {
    CLI::App& added =
        command("import", "read files into the database, which is created if necessary", [this] {
          import_options.database = database;
          return import(import_options);
        });
    added.add_option("PATH", import_options.paths, "files, folders or globs; - is standard input")
        ->type_name("");
    added
        .add_option("--watch", import_options.watch,
                    "take what arrives in this folder and below it, until SIGTERM or Ctrl-C")
        ->type_name("DIR");
    added.add_option("--source", import_options.source, "tenant label (the vendor's name)")
        ->type_name("LABEL");
    added.add_option("--zone", import_options.zone, "time zone of times without an offset (UTC)")
        ->type_name("ZONE");
    added
        .add_option("--fetched-at", import_options.fetched_at,
                    "when the files were fetched: the later of two versions of a record counts")
        ->type_name("TIME");
    added.add_flag("--json", import_options.json, "one JSON summary per file instead of a total");
    added.add_flag("--wal", import_options.wal,
                   "switch the database to WAL mode, and say what its readers need");
    added.footer(import_footer);
  }

  void add_check() {
    CLI::App& added =
        command("check", "list violated invariants of the database; exit status 1 if any", [this] {
          upkeep_options.database = database;
          return check(upkeep_options);
        });
    add_show(added, upkeep_options.show);
  }

  void add_rebuild() {
    command("rebuild", "derive everything again from the raw records", [this] {
      upkeep_options.database = database;
      return rebuild(upkeep_options);
    });
  }

  void add_refresh() {
    command("refresh", "apply changed settings to the stored figures", [this] {
      upkeep_options.database = database;
      return refresh(upkeep_options);
    });
  }

  void add_erase() {
    CLI::App& added =
        command("erase", "remove a customer, an interaction or old data, for good", [this] {
          erase_options.database = database;
          return erase(erase_options);
        });
    added
        .add_option("WHAT", erase_options.what,
                    "customer, customer_token, interaction or before, as in cdr_erase()")
        ->required()
        ->type_name("");
    added
        .add_option("VALUE", erase_options.value,
                    "a number or e-mail address, a token, an id, a date; - reads it from standard "
                    "input")
        ->required()
        ->type_name("");
    added.add_option("--vendor", erase_options.vendor, "vendor of the interaction (any)")
        ->type_name("NAME");
    added.add_option("--source", erase_options.source, "source of the interaction (any)")
        ->type_name("LABEL");
    added
        .add_option("--key-file", erase_options.key_file,
                    "its first line is the key that the customer_token was made with")
        ->type_name("FILE");
    added.add_flag("--yes", erase_options.yes, "do not ask");
    added.add_flag("--dry-run", erase_options.dry_run, "only say what would be erased");
    added.add_flag_callback(
        "--no-vacuum", [this] { erase_options.vacuum = false; },
        "do not rewrite the file; erased bytes may stay in it until VACUUM is run");
    added.footer(erase_footer);
  }

  void add_query() {
    CLI::App& added = command("query", "run SQL and show the rows", [this] {
      query_options.database = database;
      return query(query_options);
    });
    added.add_option("SQL", query_options.sql, "the SQL; - or nothing reads standard input");
    added
        .add_option("-f,--file", query_options.file,
                    "read the SQL from this file; - is standard input")
        ->type_name("FILE");
    add_reports(added);
    add_parameters(added, query_options.parameters);
    added.add_flag("--read-only", query_options.read_only, "refuse to write to the database");
    add_show(added, query_options.show);
    added.footer(query_footer);
  }

  void add_export() {
    CLI::App& added = command("export", "write tables or a query's rows to a file", [this] {
      export_options.database = database;
      return export_tables(export_options);
    });
    added
        .add_option("NAME", export_options.tables,
                    "tables; several go into one xlsx or sqlite file")
        ->type_name("");
    added.add_option("--sql", export_options.sql, "export the rows of this query instead")
        ->type_name("SQL");
    add_reports(added);
    add_parameters(added, export_options.parameters);
    added
        .add_option("--format", export_options.format,
                    "csv, tsv, ndjson, json, xlsx, sqlite, wfm-generic or wfm-teleopti (by the "
                    "ending of FILE)")
        ->type_name("NAME");
    added.add_option("--out", export_options.out, "the file to write; - is standard output")
        ->required()
        ->type_name("FILE");
    added.add_flag("--anonymise", export_options.anonymise,
                   "replace numbers and ids of people by tokens, leave out names and notes");
    added
        .add_option("--key-file", export_options.key_file,
                    "its first line is the key of the tokens, which are the same in every export "
                    "with it (a new key each time)")
        ->type_name("FILE");
    added.add_flag("--allow-empty", export_options.may_be_empty,
                   "write a file even without rows, which is otherwise an error");
    added.add_option("--from", export_options.from, "wfm: start of the period")->type_name("DATE");
    added
        .add_option("--to", export_options.to, "wfm: end of the period, not included (a day later)")
        ->type_name("DATE");
    added
        .add_option("--zone", export_options.zone,
                    "wfm: time zone (the warehouse's report_setting, or UTC)")
        ->type_name("ZONE");
    added.add_option("--interval", export_options.interval, "wfm: 15m, 30m or 1h (15m)")
        ->type_name("LENGTH");
    added
        .add_option("--threshold", export_options.threshold,
                    "wfm: seconds within which an answer is in time (each queue's setting, or 20)")
        ->check(expected_seconds)
        ->type_name("N");
    added
        .add_option(
            "--short-abandon", export_options.short_abandon,
            "wfm: seconds within which an abandon counts as short (each queue's setting, or 5)")
        ->check(expected_seconds)
        ->type_name("N");
    added.add_option("--vendor", export_options.vendor, "wfm: only this vendor")->type_name("NAME");
    added.add_option("--source", export_options.source, "wfm: only this source")
        ->type_name("LABEL");
    added.footer(export_footer);
  }

  void add_report() {
    CLI::App& added = command("report", "make a page with the figures of a period", [this] {
      report_options.database = database;
      return report(report_options);
    });
    added.add_option("--from", report_options.from, "start of the period")
        ->required()
        ->type_name("DATE");
    added
        .add_option("--to", report_options.to,
                    "end of the period, not included (a day after its start)")
        ->type_name("DATE");
    added
        .add_option("--zone", report_options.zone,
                    "time zone of dates and of the page (the warehouse's report_setting, or UTC)")
        ->type_name("ZONE");
    added
        .add_option("--interval", report_options.interval,
                    "interval of charts: 15m, 30m, 1h, 1d, 1w or 1mo (what suits the period)")
        ->type_name("LENGTH");
    added
        .add_option(
            "--threshold", report_options.threshold,
            "seconds within which an answer is in time, for the service level (each queue's "
            "setting, or 20)")
        ->check(expected_seconds)
        ->type_name("N");
    added
        .add_option("--lang", report_options.language,
                    "initial language: en, pl or cs (the reader's)")
        ->type_name("LANG");
    added
        .add_option("--timelines", report_options.timelines,
                    "number of interactions shown with their timeline (200)")
        ->check(CLI::Range(0, 5'000))
        ->type_name("N");
    added.add_flag("--mask", report_options.mask, "mask customers' numbers");
    added
        .add_option("--out", report_options.out,
                    "the file to write (report-DATE.html); - is standard output")
        ->type_name("FILE");
    added.add_flag("--text", report_options.is_text, "print the main figures instead");
    added.footer(report_footer);
  }

  void add_report_add() {
    CLI::App& added =
        command("report-add", "add a report of your own to the database, from an SQL file", [this] {
          report_add_options.database = database;
          return report_add(report_add_options);
        });
    added
        .add_option("FILE", report_add_options.paths, "declaration and query; - is standard input")
        ->required()
        ->type_name("");
    added.footer(report_add_footer);
  }

  // For commands that query.
  void add_reports(CLI::App& command) {
    command.add_flag("--reports", database.with_reports,
                     "offer the reports that users added to the database");
  }

  void add_push() {
    CLI::App& added =
        command("push", "send what changed to a server that several warehouses share", [this] {
          push_options.database = database;
          return push_clickhouse(push_options);
        });
    added.add_option("TO", push_to, "the kind of server: clickhouse")
        ->required()
        ->type_name("")
        ->check([](const std::string& kind) {
          return kind == "clickhouse" ? std::string() : "expected clickhouse, found '" + kind + "'";
        });
    added
        .add_option("--url", push_options.urls,
                    "URL of its HTTP interface; with --cluster, once for each node")
        ->required()
        ->type_name("URL")
        ->allow_extra_args(false);
    added.add_option("--user", push_options.user, "user of the server (its default user)")
        ->type_name("NAME");
    added
        .add_option("--password-file", push_options.password_file,
                    "its first line is the password (CDR_CLICKHOUSE_PASSWORD)")
        ->type_name("FILE");
    added
        .add_option("--ca-file", push_options.ca_file,
                    "authorities that sign the server's certificate (the system's)")
        ->type_name("FILE");
    added.add_option("--database", push_options.target, "database on the server (cdr)")
        ->type_name("NAME");
    added
        .add_option("--cluster", push_options.cluster,
                    "spread interactions over the shards of this cluster in the server's "
                    "configuration")
        ->type_name("NAME");
    added
        .add_option("--from-import", push_options.from_import,
                    "consider all that changed after this import (the last one pushed); 0 for "
                    "everything")
        ->type_name("N");
    added.add_flag("--anonymise", push_options.anonymise,
                   "send tokens instead of numbers and ids of people, and no names or notes");
    added
        .add_option("--key-file", push_options.key_file, "its first line is the key of the tokens")
        ->type_name("FILE");
    added.add_flag("--dry-run", push_options.dry_run,
                   "show what would be created and sent, and change nothing");
    added.add_flag("--verify-erased", push_options.verify_erased,
                   "send nothing; delete what is left of erased interactions, and wait until it is "
                   "gone from the disk");
    added.footer(push_footer);
  }

  void add_shell() {
    command("shell", "start the sqlite3 shell with libcdr loaded",
            [this] { return shell(database); });
  }

  void add_tables() {
    CLI::App& added = command("tables", "list the tables that can be queried", [this] {
      tables_options.database = database;
      return tables(tables_options);
    });
    added.add_option("NAME", tables_options.name, "only those whose name contains this");
    add_reports(added);
    add_show(added, tables_options.show);
  }

  void add_describe() {
    CLI::App& added =
        command("describe", "list the columns of a table, or say what a function does", [this] {
          tables_options.database = database;
          return describe(tables_options);
        });
    added.add_option("NAME", tables_options.name, "name of a table or a function")
        ->required()
        ->type_name("");
    add_reports(added);
    add_show(added, tables_options.show);
  }

  void add_odbc() {
    CLI::App& added = command("odbc", "show the DSN by which ODBC reads the database", [this] {
      odbc_options.database = database;
      return odbc(odbc_options);
    });
    added.add_option("--name", odbc_options.name, "name of the DSN (cdr)")->type_name("NAME");
    added.add_flag(
        "--install", odbc_options.install,
        "write it to your odbc.ini (what ODBCINI names, or .odbc.ini in the home that the "
        "password file says, as unixODBC), and leave everything else in it as it is");
  }

  void add_demo() {
    CLI::App& added = *app.add_subcommand(
        "demo",
        "make a folder with samples, a warehouse of them, a report page and queries to try");
    added.group("Commands");
    added.callback([this] { chosen = [this] { return demo(demo_options); }; });
    added.add_option("DIR", demo_options.folder, "a folder that is new or empty")
        ->required()
        ->type_name("");
  }

  void add_doctor() {
    command("doctor", "say what is installed, and whether it works",
            [this] { return doctor(database); });
  }
};

// Shows the error after everything that was written before.
void complain_last(const std::string& text) {
  std::fflush(stdout);
  complain(text);
}

// Returns "there is no command 'qurey' (did you mean query?)", or CLI11's message.
std::string said(const CLI::App& app, const CLI::App& command, const CLI::ParseError& error) {
  const std::vector<std::string> unexpected = app.remaining(true);
  const bool is_none_named =
      &command == &app && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (unexpected.empty()) return is_none_named ? "a command is required" : error.what();
  const std::string& word = unexpected.front();
  std::vector<std::string> known;
  if (word.starts_with('-')) {
    for (const CLI::Option* option : command.get_options())
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    const std::string option = word.substr(0, word.find('='));
    // The option was given before the command.
    if (&command != &app && std::find(known.begin(), known.end(), option) != known.end())
      return "give " + option + " after the command, as in 'cdr " + command.get_name() + ' ' +
             option + '\'';
    return "there is no option " + word + suggestion(option, known);
  }
  if (&command != &app) return "did not expect another argument, found '" + word + "'";
  for (const CLI::App* each : app.get_subcommands({})) known.push_back(each->get_name());
  return "there is no command '" + word + "'" + suggestion(word, known);
}

int usage(const CLI::App& app, const CLI::ParseError& error) {
  std::string name = "cdr";
  const CLI::App* command = &app;
  for (const CLI::App* sub : app.get_subcommands()) {
    name += ' ' + sub->get_name();
    command = sub;
  }
  complain_last(said(app, *command, error) + "; see '" + name + " --help'");
  return exit_usage;
}

int run(int argc, char** argv) {
  Program program;
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return program.app.exit(help);
  } catch (const CLI::ParseError& error) {
    return usage(program.app, error);
  }
  use_environment(program.database);
  try {
    return program.chosen();
  } catch (const SQLite::Exception& error) {
    throw failure_of(error, program.database.path);
  }
}

int run_and_explain(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const Failure& failure) {
    complain_last(failure.what());
    return failure.code;
  } catch (const std::bad_alloc&) {
    complain_last("out of memory; ask for less at once");
  } catch (const std::exception& error) {
    complain_last(error.what());
  }
  return exit_error;
}

}  // namespace

int main(int argc, char** argv) {
  const int code = run_and_explain(argc, argv);
  if (interrupted() != 0) end_by_signal(interrupted());
  return code;
}
