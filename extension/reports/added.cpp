#include "extension/reports/added.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <memory>
#include <mutex>
#include <set>

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "extension/binding/catalog.hpp"
#include "extension/binding/statement.hpp"
#include "extension/binding/transaction.hpp"
#include "extension/reports/report_table.hpp"
#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {
namespace {

constexpr std::size_t longest_definition = std::size_t{1} << 20, longest_name = 64;
constexpr std::size_t most_arguments = 50;  // a plan has a letter for each

struct AddedReport : Report {
  explicit AddedReport(std::string text_read)
      : text(std::move(text_read)),
        stored(text),
        arguments(declaration = ReportDeclaration::parse(text)) {
    definition = stored;
  }
  AddedReport(const AddedReport&) = delete;
  AddedReport& operator=(const AddedReport&) = delete;

  // Sets the text that main holds, which may differ from `text` if somebody else stored it.
  void set_stored(std::string_view as) { definition = stored = as; }

  const std::string text;  // the declaration refers to it
  std::string stored;
  const DocumentedArguments arguments;
};

// ---- The reports that connections offer

// Connections of several threads may add reports at once.
class Offered {
 public:
  static Offered& all() {
    // Never destroyed: a host may close its connections when it ends.
    static Offered& offered = *new Offered;
    return offered;
  }
  // Replaces a report of that name, which its connection is about to forget.
  void add(const sqlite3* database, const AddedReport& report) {
    const std::lock_guard lock(mutex_);
    entries_.push_back({database, &report});
  }
  void remove(const AddedReport* report) noexcept {
    const std::lock_guard lock(mutex_);
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& each) { return each.report == report; }),
                   entries_.end());
  }
  // Shows the reports of one connection, by name. A replaced one may still be in use: the latest
  // counts.
  void each(const sqlite3* database, const std::function<void(const AddedReport&)>& show) {
    const std::lock_guard lock(mutex_);
    std::vector<const AddedReport*> found;
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      const auto is_same = [&](const AddedReport* other) {
        return other->declaration.name == entry->report->declaration.name;
      };
      if (entry->database == database && std::none_of(found.begin(), found.end(), is_same))
        found.push_back(entry->report);
    }
    std::sort(found.begin(), found.end(), [](const AddedReport* a, const AddedReport* b) {
      return a->declaration.name < b->declaration.name;
    });
    for (const AddedReport* report : found) show(*report);
  }

 private:
  struct Entry {
    const sqlite3* database;
    const AddedReport* report;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

void forget(void* module) {
  auto* const report = static_cast<AddedReport*>(static_cast<Report*>(module));
  Offered::all().remove(report);
  delete report;
}

void offer(sqlite3* database, std::unique_ptr<AddedReport> report) {
  const std::string name(report->declaration.name);
  Offered::all().add(database, *report);
  const Report& module = *report.release();  // SQLite forgets it even if it refuses it
  const int code = Module<ReportModule>::add(database, name.c_str(), module, forget);
  if (code != SQLITE_OK) throw_sqlite_error(database, code);
}

bool is_held(sqlite3* database, const Report& added) {
  Statement select(database,
                   "SELECT 1 FROM main.report_definition "
                   "WHERE name = ?1 AND CAST(definition AS TEXT) = ?2");
  auto rows = select.query(added.declaration.name, added.definition);
  return rows.next();
}

// ---- The check

bool is_name(std::string_view text, bool may_be_upper) {
  const auto is_letter = [&](char c) {
    return (c >= 'a' && c <= 'z') || (may_be_upper && lower(c) >= 'a' && lower(c) <= 'z');
  };
  if (text.empty() || text.size() > longest_name || !is_letter(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

void require_default(const ReportArgument& argument) {
  using Kind = ReportArgument::Kind;
  const std::string_view given = argument.otherwise;
  if (given.empty()) return;
  const auto refuse = [&](const std::string& expected) {
    throw Error("the default of the argument " + std::string(argument.name) + " must be " +
                expected);
  };
  double number = 0;
  switch (argument.kind) {
    case Kind::time:
    case Kind::day:
      return refuse("NULL, the only default of its type");
    case Kind::zone:
      Zone::named(given);
      return;
    case Kind::interval:
      Interval::named(given, argument.name);
      return;
    case Kind::number:
    case Kind::whole: {
      const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
      if (error != std::errc() || end != given.data() + given.size() || !(number >= 0) ||
          number > 1e15 ||
          (argument.kind == Kind::whole &&
           number != static_cast<double>(static_cast<std::int64_t>(number))))
        refuse(argument.kind == Kind::whole ? "NULL or a whole number from 0"
                                            : "NULL or a number from 0");
      return;
    }
    case Kind::choice:
      if (std::find(argument.choices.begin(), argument.choices.end(), given) ==
          argument.choices.end())
        refuse("NULL or one of its choices");
      return;
    case Kind::text:
      return;
  }
}

void require_declaration(const ReportDeclaration& report) {
  if (report.query.empty())
    throw Error(
        "there is no query after the declaration; the declaration is the comment at the "
        "top, each line of which begins with --");
  if (report.columns.empty())
    throw Error(
        "no column is declared; declare each in a line such as "
        "'-- column talk_seconds DOUBLE: what it holds'");
  if (report.arguments.size() > most_arguments)
    throw Error(std::to_string(report.arguments.size()) +
                " arguments are declared, expected at "
                "most " +
                std::to_string(most_arguments));
  std::vector<std::string_view> names;
  const auto take = [&](std::string_view name) {
    if (!is_name(name, true))
      throw Error("'" + std::string(name) +
                  "' cannot be the name of an argument or a column; "
                  "expected a letter, then letters, digits and _");
    for (const std::string_view other : names)
      if (equal_ignoring_case(other, name))
        throw Error(std::string(name) +
                    " is declared twice; give each argument and column a name "
                    "of its own");
    names.push_back(name);
  };
  for (const ReportArgument& each : report.arguments) {
    take(each.name);
    require_default(each);
  }
  for (const Column& each : report.columns) take(each.name);
}

struct Closer {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

// An empty warehouse in memory that also has the names and columns of the user's own tables.
class Workshop {
 public:
  explicit Workshop(sqlite3* host) {
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(":memory:", &opened,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(opened);
    if (code == SQLITE_NOMEM || opened == nullptr) throw std::bad_alloc();
    if (code != SQLITE_OK) throw_sqlite_error(opened, code);
    Statement modules(opened, "SELECT lower(name) FROM pragma_module_list");
    for (auto rows = modules.query(); rows.next();) modules_.emplace(rows.text(0));
    // The program's connections have libcdr already.
    if (modules_.count("cdr_tables") == 0)
      if (const int registered = register_everything(opened); registered != SQLITE_OK)
        throw_sqlite_error(opened, registered);
    Statement own(opened, "SELECT lower(name) FROM cdr_tables");
    for (auto rows = own.query(); rows.next();) modules_.erase(std::string(rows.text(0)));
    modules_.erase("json_each");
    modules_.erase("json_tree");
    // At the first use of a table, SQLite would ask the authorizer about its own internal
    // statements, so the tables are used here once.
    Statement(opened, "SELECT count(*) FROM cdr_tables, pragma_table_info(cdr_tables.name)")
        .execute();
    execute_all(opened, schema_sql());
    copy_names(host);
    // A function counts as one that only computes if it was registered as innocuous.
    Statement functions(opened,
                        "SELECT lower(name) FROM pragma_function_list GROUP BY 1 "
                        "HAVING min(flags & ?1) > 0");
    for (auto rows = functions.query(SQLITE_INNOCUOUS); rows.next();)
      functions_.emplace(rows.text(0));
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  void require_harmless(const ReportDeclaration& report) {
    const std::string sql = query_of(report);
    const char* rest = nullptr;
    const auto query = prepare(sql.c_str(), &rest);
    if (query == nullptr || sqlite3_stmt_readonly(query.get()) == 0 ||
        sqlite3_stmt_isexplain(query.get()) != 0)
      throw Error("the query must be one SELECT");
    if (prepare(rest, &rest) != nullptr)
      throw Error("there is more than one statement; a report is one SELECT");
    const int count = sqlite3_column_count(query.get());
    if (count != static_cast<int>(report.columns.size()))
      throw Error("the query has " + std::to_string(count) + " columns, and " +
                  std::to_string(report.columns.size()) +
                  " are declared; they are matched by position");
    for (int i = 1; i <= sqlite3_bind_parameter_count(query.get()); ++i)
      require_parameter(report, sqlite3_bind_parameter_name(query.get(), i));
  }

 private:
  std::unique_ptr<sqlite3_stmt, Closer> prepare(const char* sql, const char** rest) {
    refused_.clear();
    sqlite3_set_authorizer(database_.get(), authorize, this);
    sqlite3_stmt* prepared = nullptr;
    const int code = sqlite3_prepare_v2(database_.get(), sql, -1, &prepared, rest);
    sqlite3_set_authorizer(database_.get(), nullptr, nullptr);
    std::unique_ptr<sqlite3_stmt, Closer> statement(prepared);
    if (!refused_.empty()) throw Error(refused_);
    if (code == SQLITE_NOMEM) throw std::bad_alloc();
    if (code != SQLITE_OK) throw Error(sqlite3_errmsg(database_.get()));
    return statement;
  }

  static int authorize(void* self, int action, const char* first, const char* second, const char*,
                       const char*) noexcept {
    auto& workshop = *static_cast<Workshop*>(self);
    try {
      std::string why = workshop.objection(action, first, second);
      if (why.empty()) return SQLITE_OK;
      if (workshop.refused_.empty()) workshop.refused_ = std::move(why);
    } catch (const std::bad_alloc&) {
    }
    return SQLITE_DENY;
  }

  // The reason why the query must not do this; "" if it may.
  std::string objection(int action, const char* first, const char* second) const {
    const auto lowered = [](const char* text) {
      std::string name(text == nullptr ? "" : text);
      std::transform(name.begin(), name.end(), name.begin(), lower);
      return name;
    };
    switch (action) {
      case SQLITE_SELECT:
      case SQLITE_RECURSIVE:
        return {};
      case SQLITE_FUNCTION:
        if (functions_.count(lowered(second)) != 0) return {};
        return "the query calls " + lowered(second) +
               "(); a report may only call functions that compute, not functions that read files, "
               "write, or load anything";
      case SQLITE_READ: {
        const std::string table = lowered(first);
        if (!table.starts_with("sqlite_") && !table.starts_with("pragma_") &&
            modules_.count(table) == 0)
          return {};
        return "the query reads " + table +
               "; a report may read the warehouse, other ordinary tables of the file, and the "
               "tables of libcdr";
      }
      default:
        return "the query must be one SELECT that changes nothing and reads only the warehouse, "
               "other ordinary tables of the file, and the tables of libcdr";
    }
  }

  static void require_parameter(const ReportDeclaration& report, const char* found) {
    const std::string_view name(found == nullptr ? "?" : found);
    std::string known;
    for (const ReportArgument& each : report.arguments) {
      const std::string parameter = ':' + std::string(each.name);
      if (name == parameter) return;
      known += (known.empty() ? "" : ", ") + parameter;
      if (each.kind != ReportArgument::Kind::day) continue;
      if (name == parameter + "_end") return;
      known += ", " + parameter + "_end";
    }
    throw Error("the query has the parameter " + std::string(name) +
                ", which is not an argument; " +
                (known.empty() ? "none is declared" : "there are " + known));
  }

  void copy_names(sqlite3* host) {
    std::vector<std::string> tables;
    Statement select(host,
                     "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0 "
                     "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
    for (auto rows = select.query(); rows.next();) tables.emplace_back(rows.text(0));
    const auto stored = stored_tables();
    Statement columns(host, "SELECT name FROM pragma_table_info(?1, 'main')");
    for (const std::string& table : tables) {
      if (std::find(stored.begin(), stored.end(), table) != stored.end()) continue;
      std::string list;
      for (auto rows = columns.query(table); rows.next();)
        list += (list.empty() ? "" : ", ") + quoted_name(rows.text(0));
      if (!list.empty())
        execute_all(database_.get(), "CREATE TABLE " + quoted_name(table) + " (" + list + ")");
    }
  }

  std::unique_ptr<sqlite3, Closer> database_;
  std::set<std::string> functions_;  // that only compute
  std::set<std::string> modules_;    // virtual tables that are neither libcdr's nor JSON's
  std::string refused_;
};

// Throws Error if this connection uses the name for something else.
void require_free(sqlite3* database, std::string_view name) {
  if (!Kinds(database).of(name).empty())
    throw Error(
        "main has a table or view of that name, which would be found instead; give the "
        "report another name");
  bool is_own = false;
  Offered::all().each(
      database, [&](const AddedReport& each) { is_own = is_own || each.declaration.name == name; });
  if (is_own) return;
  Statement select(database, "SELECT 1 FROM pragma_module_list WHERE lower(name) = ?1");
  auto rows = select.query(name);
  if (rows.next() || name.starts_with("cdr_") || name.starts_with("sqlite_") ||
      name.starts_with("pragma_"))
    throw Error("the name belongs to libcdr or SQLite; give the report another name");
}

// Messages begin with `who`, and with the report's name as soon as it is known.
std::unique_ptr<AddedReport> made(sqlite3* database, Workshop& workshop, std::string_view text,
                                  std::string who) {
  std::string definition(text);
  std::erase(definition, '\r');
  if (definition.starts_with("\xEF\xBB\xBF")) definition.erase(0, 3);
  definition.erase(0, definition.find_first_not_of(" \t\n"));
  try {
    if (definition.size() > longest_definition)
      throw Error("a report of " + std::to_string(definition.size()) +
                  " bytes; expected at most 1 MiB");
    if (definition.find('\0') != std::string::npos)
      throw Error("the text contains a NUL character; expected SQL");
    auto report = std::make_unique<AddedReport>(std::move(definition));
    const ReportDeclaration& declared = report->declaration;
    if (!is_name(declared.name, false))
      throw Error(
          "the text must begin with a line such as '-- late_calls: what one row is', whose "
          "name consists of small letters, digits and _");
    who += std::string(declared.name) + ": ";
    require_declaration(declared);
    require_free(database, declared.name);
    workshop.require_harmless(declared);
    return report;
  } catch (const SqliteError&) {
    throw;
  } catch (const Error& error) {
    throw Error(who + error.what(), error.code());
  }
}

}  // namespace

void each_added_report(sqlite3* database, const std::function<void(const ReportTable&)>& show) {
  std::vector<const AddedReport*> offered;
  Offered::all().each(database, [&](const AddedReport& each) { offered.push_back(&each); });
  if (offered.empty() || Kinds(database).of("report_definition") != "table") return;
  for (const AddedReport* each : offered)
    if (is_held(database, *each)) show({each->declaration.table(), each->arguments.columns});
}

void require_held(sqlite3* database, const Report& added) {
  if (is_held(database, added)) return;
  bool is_replaced = false;
  Offered::all().each(database, [&](const AddedReport& each) {
    is_replaced =
        is_replaced || (each.declaration.name == added.declaration.name && &each != &added);
  });
  // The statement was prepared before: SQLite prepares it again and finds the new report.
  if (is_replaced) throw SqliteError("libcdr: a report was replaced", SQLITE_SCHEMA);
  throw Error(std::string(added.declaration.name) +
              ": main no longer holds this report: it was removed, replaced, or added in a "
              "transaction that was undone; SELECT cdr_report_load() offers what main holds");
}

std::string add_report(sqlite3* database, std::string_view definition) {
  constexpr std::string_view who = "cdr_report_add";
  require_warehouse(database, who);
  Workshop workshop(database);
  auto report = made(database, workshop, definition, std::string(who) + ": ");
  {
    Transaction transaction(database, who);
    transaction.begin();
    Statement(database, "INSERT OR REPLACE INTO main.report_definition VALUES (?1, ?2)")
        .execute(report->declaration.name, report->text);
    transaction.commit();
  }
  std::string call = call_of(report->declaration);
  offer(database, std::move(report));
  return call;
}

std::vector<std::string> load_reports(sqlite3* database) {
  constexpr std::string_view who = "cdr_report_load";
  require_tables(database, who);
  std::vector<std::unique_ptr<AddedReport>> reports;
  {
    Statement select(database, "SELECT name, definition FROM main.report_definition ORDER BY name");
    std::optional<Workshop> workshop;
    for (auto rows = select.query(); rows.next();) {
      if (!workshop) workshop.emplace(database);
      const std::string row =
          std::string(who) + ": report_definition, row '" + std::string(rows.text(0)) + "': ";
      reports.push_back(made(database, *workshop, rows.text(1), row));
      reports.back()->set_stored(rows.text(1));
      if (reports.back()->declaration.name != rows.text(0))
        throw Error(row + "its definition declares the name " +
                    std::string(reports.back()->declaration.name) + "; both must be the same");
    }
  }
  std::vector<std::string> calls;
  for (auto& report : reports) {
    calls.push_back(call_of(report->declaration));
    offer(database, std::move(report));
  }
  return calls;
}

}  // namespace cdr::ext
