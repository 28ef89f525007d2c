// cdr export: writes tables or the rows of a query, whole or not at all, in a format for other
// programs.
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "cli/anonymise.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/sink.hpp"
#include "cli/suggestion.hpp"
#include "cli/target.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

namespace fs = std::filesystem;

enum class Form { csv, tsv, ndjson, json, xlsx, sqlite };

struct Ending {
  std::string_view text;
  Form form;
};
constexpr Ending forms[] = {{"csv", Form::csv},   {"tsv", Form::tsv},   {"ndjson", Form::ndjson},
                            {"json", Form::json}, {"xlsx", Form::xlsx}, {"sqlite", Form::sqlite}};
constexpr Ending more_endings[] = {
    {"jsonl", Form::ndjson}, {"db", Form::sqlite}, {"sqlite3", Form::sqlite}};

Form form_of(const ExportOptions& options) {
  std::vector<std::string> known;
  const bool is_given = !options.format.empty();
  std::string word = options.format;
  if (!is_given) {
    word = fs::path(options.out).extension().string();
    if (!word.empty()) word.erase(0, 1);
  }
  for (const Ending& each : forms) {
    if (equal_ignoring_case(each.text, word)) return each.form;
    known.emplace_back(each.text);
  }
  for (const Ending& each : more_endings)
    if (!is_given && equal_ignoring_case(each.text, word)) return each.form;
  if (!is_given)
    throw Failure("the format is not known from the name '" + options.out +
                      "'; give --format csv, tsv, ndjson, json, xlsx or sqlite",
                  exit_usage);
  known.insert(known.end(), {"wfm-generic", "wfm-teleopti"});
  throw Failure(
      "--format: expected csv, tsv, ndjson, json, xlsx, sqlite, wfm-generic or wfm-teleopti, found "
      "'" +
          options.format + "'" + suggestion(options.format, known) + "; see 'cdr export --help'",
      exit_usage);
}

bool is_text(Form form) {
  return form != Form::xlsx && form != Form::sqlite;
}

Format text_format(Form form) {
  switch (form) {
    case Form::csv:
      return Format::csv;
    case Form::tsv:
      return Format::tsv;
    case Form::json:
      return Format::json;
    default:
      return Format::ndjson;
  }
}

std::vector<ExportColumn> columns_of(sqlite3_stmt* statement) {
  std::vector<ExportColumn> columns;
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    const char* type = sqlite3_column_decltype(statement, i);
    columns.push_back({sqlite3_column_name(statement, i), type == nullptr ? "" : type});
    for (char& c : columns.back().type)
      c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return columns;
}

// Tracks what an anonymised query uses, and refuses everything that it may not use.
struct Watch {
  const std::set<std::string>& refused;  // tables and functions that read anything else
  std::set<std::string> read;
  std::string stopped_at;
};

// Makes SQLite connect the virtual table, if it is one.
void connect_table(SQLite::Database& database, const std::string& name) {
  const std::string sql = "SELECT 1 FROM " + quoted_name(name);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database.getHandle(), sql.c_str(), -1, &statement, nullptr);
  sqlite3_finalize(statement);
}

int on_use(void* data, int action, const char* first, const char* second, const char*,
           const char*) {
  auto& watch = *static_cast<Watch*>(data);
  const char* name = action == SQLITE_FUNCTION ? second : first;
  const std::string used = name == nullptr ? "" : name;
  const bool is_other = action != SQLITE_READ && action != SQLITE_FUNCTION &&
                        action != SQLITE_SELECT && action != SQLITE_RECURSIVE;
  if (is_other || watch.refused.contains(used)) {
    watch.stopped_at = used;
    return SQLITE_DENY;
  }
  if (action == SQLITE_READ) watch.read.insert(used);
  return SQLITE_OK;
}

class Export {
 public:
  Export(const ExportOptions& options, Form form)
      : options_(options),
        form_(form),
        asked_(options.sql.empty() ? open_to_ask(options.database.path, Access::read)
                                   : open_for_questions(options.database, Access::read)),
        guard_(asked_.database.getHandle()) {
    if (is_database(options.out))
      throw Failure(options.out + " is the database itself; name another file", exit_usage);
  }

  int run() {
    if (options_.anonymise)
      anonymiser_.emplace(asked_.database, anonymising_key(options_.key_file));
    for (const std::string& table : options_.tables) require(table);
    TargetFile target(options_.out);
    if (!is_text(form_) && target.is_stream())
      throw Failure(options_.out + ": a workbook or a database cannot be streamed; name a file",
                    exit_usage);
    const bool is_whole = form_ == Form::sqlite && options_.tables.empty() && options_.sql.empty();
    if (is_whole && !options_.anonymise)
      copy_database(target);
    else
      write(target);
    asked_.require_untouched();
    target.finish();
    return report(target);
  }

 private:
  bool is_database(const std::string& path) const {
    std::error_code error;
    return fs::equivalent(path, asked_.path, error);
  }

  void require(const std::string& table) {
    if (anonymiser_) {
      if (anonymiser_->has(table)) return;
      throw Failure("--anonymise does not know the table '" + table + "'" +
                    suggestion(table, anonymiser_->tables()) + "; it knows " + list_of_tables());
    }
    if (value_of(asked_.database, "SELECT count(*) FROM pragma_table_xinfo(?1)", table) != "0")
      return;
    throw Failure("there is no table '" + table + "'" +
                  suggestion(table, names_of(asked_.database, all_tables)) + "; '" +
                  command_on(asked_.path, "tables") + "' lists them all");
  }

  std::string list_of_tables() const {
    std::string list;
    for (const std::string& table : anonymiser_->tables())
      list += (list.empty() ? "" : ", ") + table;
    return list;
  }

  void copy_database(TargetFile& target) {
    SQLite::Statement copy(asked_.database, "VACUUM INTO ?1");
    copy.bind(1, target.written_path());
    try {
      copy.exec();
    } catch (const SQLite::Exception& error) {
      throw Failure(failure_of(error, options_.out).what());
    }
    tables_ = 1;
    rows_ = std::stoll(value_of(asked_.database, "SELECT count(*) FROM sqlite_schema"));
    is_copy_ = true;
  }

  std::unique_ptr<Sink> make_sink(TargetFile& target) const {
    if (form_ == Form::xlsx) return make_xlsx_sink(target);
    if (form_ == Form::sqlite) return make_sqlite_sink(target);
    FormatOptions format;
    format.format = text_format(form_);
    return make_text_sink(format, target);
  }

  void write(TargetFile& target) {
    const std::unique_ptr<Sink> sink = make_sink(target);
    sink_ = sink.get();
    if (!options_.sql.empty()) {
      anonymiser_ ? write_anonymous_query() : write_query(asked_.database, nullptr);
    } else {
      // All tables are read as of the same moment.
      asked_.database.exec("BEGIN");
      const std::vector<std::string>& tables =
          options_.tables.empty() ? anonymiser_->tables() : options_.tables;
      for (const std::string& table : tables) write_table(table);
    }
    if (rows_ == 0 && !options_.may_be_empty)
      throw Failure(
          "there are no rows, so nothing was written; --allow-empty writes a file without rows");
    in_sink([&] {
      for (const std::string& line : sink_->finish()) complain("warning: " + line);
    });
  }

  void write_table(const std::string& table) {
    const std::string select =
        anonymiser_ ? anonymiser_->select(table) : "SELECT * FROM " + quoted_name(table);
    const SqlText text{select, ""};
    Script script(asked_.database.getHandle(), asked_.path, text);
    const Prepared statement = script.next();
    write_rows(statement.get(), script, table,
               anonymiser_ ? anonymiser_->columns(table) : columns_of(statement.get()), *sink_);
  }

  // Writes the one SELECT of --sql.
  void write_query(SQLite::Database& database, const Watch* watch) {
    const SqlText text{options_.sql, ""};
    Script script(database.getHandle(), asked_.path, text);
    if (watch != nullptr) script.do_not_suggest();
    Prepared statement;
    try {
      statement = script.next();
    } catch (const Failure& failure) {
      explain(watch, failure);
    }
    if (!statement) throw Failure("--sql: there is no SQL; see 'cdr export --help'", exit_usage);
    if (sqlite3_column_count(statement.get()) == 0 || sqlite3_stmt_readonly(statement.get()) == 0)
      throw Failure("--sql: expected a query, which gives rows and changes nothing", exit_usage);
    if (!script.is_at_end())
      throw Failure("--sql: expected one query, found something after its ';'", exit_usage);
    Binder binder(options_.parameters);
    binder.bind(statement.get(), script);
    if (watch != nullptr) fill(database, *watch);
    write_rows(statement.get(), script, "query", columns_of(statement.get()), *sink_);
  }

  // The query runs on a database of its own, in a file without a name, which contains only the
  // anonymised tables that the query reads. Whatever the SQL is, it cannot reach anything else.
  void write_anonymous_query() {
    SQLite::Database anonymous = open_database("", Access::create);
    const InterruptGuard guard(anonymous.getHandle());
    for (const std::string& table : anonymiser_->tables())
      make_table_sink(anonymous)->begin(table, anonymiser_->columns(table));
    std::set<std::string> refused;
    for (std::string& name : names_of(anonymous,
                                      "SELECT name FROM cdr_tables UNION ALL SELECT name FROM "
                                      "cdr_functions WHERE effect <> 'pure'"))
      refused.insert(std::move(name));
    // Connects the tables, which reads the schema: what the authorizer hears is then only what the
    // SQL itself names.
    for (const std::string& name : names_of(anonymous, "SELECT name FROM pragma_module_list"))
      connect_table(anonymous, name);
    Watch watch{refused, {}, {}};
    sqlite3_set_authorizer(anonymous.getHandle(), on_use, &watch);
    write_query(anonymous, &watch);
  }

  [[noreturn]] void explain(const Watch* watch, const Failure& failure) const {
    const std::string_view said = failure.what();
    if (watch == nullptr || (watch->stopped_at.empty() && !said.starts_with("no such table")))
      throw failure;
    const std::string what = watch->stopped_at.empty() ? std::string(said.substr(0, said.find(';')))
                                                       : "found " + watch->stopped_at;
    throw Failure("with --anonymise the SQL reads the tables that it knows, " + list_of_tables() +
                  ": " + what);
  }

  void fill(SQLite::Database& anonymous, const Watch& watch) {
    const std::set<std::string> read = watch.read;
    sqlite3_set_authorizer(anonymous.getHandle(), nullptr, nullptr);
    asked_.database.exec("BEGIN");
    anonymous.exec("BEGIN");
    for (const std::string& table : anonymiser_->tables()) {
      if (!read.contains(table)) continue;
      const SqlText text{anonymiser_->select(table), ""};
      Script script(asked_.database.getHandle(), asked_.path, text);
      const Prepared statement = script.next();
      const std::unique_ptr<Sink> sink = make_table_sink(anonymous);
      anonymous.exec("DROP TABLE " + quoted_name(table));
      write_rows(statement.get(), script, table, anonymiser_->columns(table), *sink);
    }
    anonymous.exec("COMMIT");
    rows_ = tables_ = 0;
  }

  void write_rows(sqlite3_stmt* statement, const Script& script, const std::string& table,
                  const std::vector<ExportColumn>& columns, Sink& sink) {
    std::vector<Cell> cells(columns.size());
    bool has_begun = false;
    const auto begin = [&] {
      if (!has_begun) in_sink([&] { sink.begin(table, columns); });
      has_begun = true;
    };
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      begin();
      for (std::size_t i = 0; i < cells.size(); ++i)
        cells[i] = cell_of(statement, static_cast<int>(i));
      in_sink([&] { sink.row(cells); });
      ++rows_;
    }
    if (code != SQLITE_DONE) script.fail();
    // A table without rows is written together with others, and alone if that is allowed.
    if (!is_text(form_) || options_.may_be_empty || &sink != sink_) begin();
    if (has_begun) in_sink([&] { sink.end(); });
    ++tables_;
  }

  // An error in `work` is the target's, not that of the database that is read.
  template <class Work>
  void in_sink(Work&& work) {
    try {
      work();
    } catch (const SQLite::Exception& error) {
      throw Failure(options_.out + ": cannot be written: " + error.what() +
                    "; name a file on a disk with space");
    } catch (const Closed&) {
      throw Failure(options_.out + ": cannot be written: the reader has closed it");
    }
  }

  int report(const TargetFile& target) const {
    if (anonymiser_)
      for (const std::string& column : anonymiser_->undecided())
        complain("warning: " + column +
                 " is left out, because cdr does not know whether it may be shown");
    if (target.is_stream() && options_.out == "-") return exit_ok;
    if (is_copy_)
      std::cout << options_.out << ": a copy of " << shown(asked_.path) << '\n';
    else
      std::cout << shown(options_.out) << ": " << rows_ << (rows_ == 1 ? " row" : " rows") << " of "
                << tables_ << (tables_ == 1 ? " table" : " tables") << '\n';
    flush_output();
    return exit_ok;
  }

  const ExportOptions& options_;
  Form form_;
  Questioned asked_;
  InterruptGuard guard_;
  std::optional<Anonymiser> anonymiser_;
  Sink* sink_ = nullptr;
  std::int64_t rows_ = 0, tables_ = 0;
  bool is_copy_ = false;
};

}  // namespace

int export_tables(const ExportOptions& options) {
  if (!options.key_file.empty() && !options.anonymise)
    throw Failure("--key-file gives the key of --anonymise, which is not given", exit_usage);
  if (options.format.starts_with("wfm-")) return export_workforce(options);
  if (!options.from.empty() || !options.to.empty())
    throw Failure(
        "--from and --to belong to a workforce file; add --format wfm-generic, or use WHERE with "
        "--sql",
        exit_usage);
  const Form form = form_of(options);
  if (!options.sql.empty() && !options.tables.empty())
    throw Failure("both --sql and a table are named; export one or the other", exit_usage);
  if (!options.parameters.empty() && options.sql.empty())
    throw Failure("--param gives a value to a parameter of --sql, which is not given", exit_usage);
  if (options.tables.empty() && options.sql.empty() && form != Form::sqlite)
    throw Failure("name a table, or give --sql; '" + command_on(options.database.path, "tables") +
                      "' lists the tables",
                  exit_usage);
  if (is_text(form) && options.tables.size() > 1)
    throw Failure("a text file holds one table; name one, or export xlsx or sqlite", exit_usage);
  return Export(options, form).run();
}

}  // namespace cdr::cli
