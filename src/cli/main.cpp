// cdr: the warehouse of call detail records from a shell. Each command runs SQL that libcdr's
// functions and tables answer; this file reads the command line.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"

namespace {

using namespace cdr::cli;

const std::map<std::string, Format> formats{{"table", Format::table},   {"csv", Format::csv},
                                            {"tsv", Format::tsv},       {"json", Format::json},
                                            {"ndjson", Format::ndjson}, {"md", Format::md}};

constexpr char about[] =
    "Contact-centre call detail records of several vendors, in one SQLite file.";
constexpr char footer[] =
    "Exit status: 0 done; 1 an error; 2 wrong usage; 3 imported, and some records are in\n"
    "quarantine. Errors are one line on standard error. CDR_DB names the database, too.";

constexpr char import_footer[] =
    "A file is imported as a whole or not at all: Ctrl-C undoes those that are being imported\n"
    "(small ones go together) and leaves those before them; the same command again reads the\n"
    "rest. A file that was imported before costs nothing.\n"
    "The database keeps its journal mode, and a new one can be read by whoever may read the file.\n"
    "With --wal it can be read while it is written, by those who may write to its folder too.";

constexpr char erase_footer[] =
    "What is erased stays out: an import counts it as stale. VACUUM writes the whole file anew and "
    "needs\nas much free space again. Backups and copies are not touched.";

constexpr char query_footer[] =
    "Several statements are separated by ';'. Without a database (no --db, no CDR_DB, no cdr.db\n"
    "here) the SQL runs in memory:\n"
    "  cdr query \"SELECT * FROM cdr_dialog(cdr_file('exports/'))\"\n"
    "NULL is NULL in table and md, \\N in tsv, null in json and ndjson, nothing in csv, where an\n"
    "empty text is \"\". A BLOB is x'…' everywhere.";

// CDR_DB is read here and not by CLI11, which would let it win over another command's --db.
void add_database(CLI::App& command, DatabaseOption& database) {
  command.add_option("--db", database.path, "the database (cdr.db, or what CDR_DB says)")
      ->type_name("FILE")
      ->each([&database](const std::string&) { database.given = true; });
}

void use_environment(DatabaseOption& database) {
  const char* path = std::getenv("CDR_DB");  // NOLINT(concurrency-mt-unsafe): before any thread
  if (database.given || path == nullptr || *path == '\0') return;
  database.path = path;
  database.given = true;
}

void add_format(CLI::App& command, FormatOptions& format, bool& given) {
  command
      .add_option_function<std::string>(
          "--format",
          [&](const std::string& name) {
            format.format = formats.at(name);
            given = true;
          },
          "table, csv, tsv, json, ndjson or md (a table on a terminal, else tsv)")
      ->check(CLI::IsMember(formats))
      ->type_name("NAME");
  command.add_flag("!--no-header", format.header, "leave the column names out");
  command.add_option("--null", format.null, "what NULL is shown as; not in json and ndjson")
      ->type_name("TEXT");
  command.add_option("--wrap", format.wrap, "columns of a table's cell (60); 0 for any")
      ->type_name("N");
}

struct Program {
  CLI::App app{about, "cdr"};
  std::function<int()> chosen;
  DatabaseOption database;
  QueryOptions query_options;
  ImportOptions import_options;
  UpkeepOptions upkeep_options;
  EraseOptions erase_options;

  Program() {
    app.set_version_flag("--version", std::string("cdr ") + CDR_VERSION);
    app.require_subcommand(1);
    app.footer(footer);
    add_import();
    add_query();
    add_check();
    add_rebuild();
    add_erase();
    add_doctor();
  }

  CLI::App& command(const char* name, const char* what, std::function<int()> run) {
    CLI::App& added = *app.add_subcommand(name, what);
    added.callback([this, run = std::move(run)] { chosen = run; });
    add_database(added, database);
    return added;
  }

  void add_import() {
    CLI::App& added =
        command("import", "read files into the database, which is made if need be", [this] {
          import_options.database = database;
          return import(import_options);
        });
    added.add_option("PATH", import_options.paths, "files, folders or globs; - is standard input")
        ->required()
        ->type_name("");
    added.add_option("--source", import_options.source, "tenant label (the vendor's name)")
        ->type_name("LABEL");
    added.add_option("--zone", import_options.zone, "of times without an offset (UTC)")
        ->type_name("ZONE");
    added
        .add_option("--fetched-at", import_options.fetched_at,
                    "when they were fetched: of two versions of a record the later one counts")
        ->type_name("TIME");
    added.add_flag("--json", import_options.json, "one JSON summary per file instead of the sum");
    added.add_flag("--wal", import_options.wal,
                   "put the database into WAL mode, and say what its readers need");
    added.footer(import_footer);
  }

  void add_check() {
    CLI::App& added = command(
        "check", "list what contradicts itself in the database; exit status 1 if anything", [this] {
          upkeep_options.database = database;
          return check(upkeep_options);
        });
    add_format(added, upkeep_options.format, upkeep_options.format_given);
  }

  void add_rebuild() {
    command("rebuild", "derive everything again from the raw records", [this] {
      upkeep_options.database = database;
      return rebuild(upkeep_options);
    });
  }

  void add_erase() {
    CLI::App& added =
        command("erase", "remove a customer, an interaction or what is old, for good", [this] {
          erase_options.database = database;
          return erase(erase_options);
        });
    added
        .add_option("WHAT", erase_options.what,
                    "customer, customer_token, interaction or before, as cdr_erase() has them")
        ->required()
        ->type_name("");
    added
        .add_option("VALUE", erase_options.value,
                    "a number or e-mail address, a token, an id, a date; - reads it from standard "
                    "input")
        ->required()
        ->type_name("");
    added.add_option("--vendor", erase_options.vendor, "of the interaction (any)")
        ->type_name("NAME");
    added.add_option("--source", erase_options.source, "of the interaction (any)")
        ->type_name("LABEL");
    added
        .add_option("--key-file", erase_options.key_file,
                    "its first line is the key that the customer_token was made with")
        ->type_name("FILE");
    added.add_flag("--yes", erase_options.yes, "do not ask");
    added.add_flag("--dry-run", erase_options.dry_run, "only say what would go");
    added.add_flag("!--no-vacuum", erase_options.vacuum,
                   "do not write the file anew; bytes of it may stay until VACUUM is run");
    added.footer(erase_footer);
  }

  void add_query() {
    CLI::App& added = command("query", "run SQL and show the rows", [this] {
      query_options.database = database;
      return query(query_options);
    });
    added.add_option("SQL", query_options.sql, "the SQL; standard input without it, or for -");
    added.add_flag("--read-only", query_options.read_only, "refuse to write to the database");
    add_format(added, query_options.format, query_options.format_given);
    added.footer(query_footer);
  }

  void add_doctor() {
    command("doctor", "say what is installed, and whether it works",
            [this] { return doctor(database); });
  }
};

// What was written before comes before it.
void complain_last(const std::string& text) {
  std::fflush(stdout);
  complain(text);
}

int usage(const CLI::App& app, const CLI::ParseError& error) {
  std::string command = "cdr";
  for (const CLI::App* sub : app.get_subcommands()) command += ' ' + sub->get_name();
  complain_last(std::string(error.what()) + "; see '" + command + " --help'");
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
