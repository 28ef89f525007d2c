// The declarations as tables.
//
//   SELECT name, doc FROM cdr_functions;
//   SELECT column_name, basis, mapping FROM cdr_mapping
//    WHERE vendor = 'mluvii' AND table_name = 'interactions';
//   SELECT path, record, code, message, remedy FROM cdr_problems(cdr_file('exports/'));
#include "extension/binding/catalog.hpp"

#include <array>

#include "extension/binding/statement.hpp"
#include "extension/tables/json_table.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "extension/warehouse/upkeep/check.hpp"
#include "reading/rows.hpp"

namespace cdr::ext {
namespace {

constexpr Column tables_columns[] = {
    {"name", "TEXT", "the virtual table"},
    {"kind", "TEXT",
     "model (every vendor maps into it), vendor (a vendor's own record), report (figures of the "
     "warehouse, a function of its arguments), or catalog (about libcdr itself)"},
    {"vendor", "TEXT", "the vendor of the record, for kind vendor"},
    {"stored", "TEXT", "the ordinary table of a warehouse with the same columns, for kind model"},
    {"doc", "TEXT", "what one row is"},
};
constexpr Column columns_columns[] = {
    {"table_name", "TEXT", "the virtual table"},
    {"position", "INTEGER", "in the declaration, from 1; hidden arguments come first"},
    {"column_name", "TEXT", "the column"},
    {"type", "TEXT", "declared type: TEXT, INTEGER, DOUBLE (seconds) or TIMESTAMP (UTC)"},
    {"hidden", "INTEGER", "1 when SELECT * leaves it out"},
    {"doc", "TEXT", "what it holds, its unit, and when it is NULL"},
};
constexpr Column functions_columns[] = {
    {"name", "TEXT", "the function"},
    {"signature", "TEXT", "name and arguments; optional ones in brackets"},
    {"min_arguments", "INTEGER", "fewest arguments"},
    {"max_arguments", "INTEGER", "most arguments"},
    {"effect", "TEXT",
     "pure, reads (files), writes (the database) or sets (an option of the connection); all except "
     "pure work only at the top level of SQL"},
    {"doc", "TEXT", "what it gives"},
    {"example", "TEXT", "an expression that runs as it is"},
    {"result", "TEXT", "what the example gives"},
};
constexpr Column mapping_columns[] = {
    {"vendor", "TEXT", "the vendor of the records"},
    {"table_name", "TEXT", "the model table"},
    {"column_name", "TEXT", "its column"},
    {"basis", "TEXT", "reported, measured, derived, or not provided"},
    {"mapping", "TEXT",
     "the vendor's fields, or the formula over them; for derived, the reason too"},
};
constexpr Column problems_columns[] = {
    {"path", "TEXT", "the file; 'argument' for content"},
    {"record", "INTEGER", "the record's number in its file, from 1; NULL for the file as a whole"},
    {"offset", "INTEGER",
     "byte in the (decompressed) file: where the error is, if known; otherwise where the record "
     "begins"},
    {"code", "TEXT", "what is wrong, from a closed list"},
    {"loses", "TEXT",
     "what cannot be read: file, record, or value (its record is kept, with the value in extra)"},
    {"json_path", "TEXT", "path of the faulty value inside the record"},
    {"message", "TEXT", "what was found and what was expected"},
    {"remedy", "TEXT", "what to do"},
};

constexpr Column check_columns[] = {
    {"check", "TEXT",
     "what is violated: integrity, foreign_key, schema, payload, content_hash, rank, record_id, "
     "links, component, facts (compared with what the records give), or a rule of sql/checks.sql"},
    {"table", "TEXT", "the table; NULL for the file as a whole"},
    {"key", "TEXT", "the row's key"},
    {"found", "TEXT", "what is there"},
    {"expected", "TEXT", "what should be there"},
    {"remedy", "TEXT", "what to do"},
};

enum : std::size_t {
  tables_list,
  columns_list,
  functions_list,
  mapping_list,
  problems_list,
  check_list,
  list_count
};
const std::array<ListTable, list_count>& all_lists();

void add(RowSet& rows, std::initializer_list<Value> cells) {
  std::copy(cells.begin(), cells.end(), rows.at(rows.add()).begin());
}

Value text(std::string_view characters) {
  return characters.empty() ? Value() : Value::text(characters);
}
Value number(std::size_t n) {
  return Value::integer(static_cast<std::int64_t>(n));
}

void fill_tables(RowSet& rows, Arena& arena, sqlite3* database) {
  for (const JsonTable& each : json_tables())
    add(rows, {text(each.table.name), text(each.model ? "model" : "vendor"),
               text(each.vendor ? each.vendor->name : ""), text(each.table.stored),
               text(each.table.grain)});
  for (const ReportTable& each : report_tables())
    add(rows, {text(each.table.name), text("report"), {}, {}, text(each.table.grain)});
  each_added_report(database, [&](const ReportTable& each) {
    add(rows, {text(arena.keep(each.table.name)),
               text("report"),
               {},
               {},
               text(arena.keep(each.table.grain))});
  });
  for (const ListTable& each : all_lists())
    add(rows, {text(each.table.name), text("catalog"), {}, {}, text(each.table.grain)});
}

void add_columns(RowSet& rows, Arena& arena, const Table& table, std::size_t hidden,
                 std::span<const Column> arguments, std::span<const TimePart> parts = {}) {
  std::size_t position = 0;
  const auto kept = [&](std::string_view part) { return text(arena.keep(part)); };
  const auto add_all = [&](std::span<const Column> columns, bool is_hidden) {
    for (const Column& column : columns)
      add(rows, {kept(table.name), number(++position), kept(column.name), kept(column.type),
                 number(is_hidden ? 1 : 0), kept(column.doc)});
  };
  add_all(arguments, true);
  add_all(table.columns.first(table.columns.size() - hidden), false);
  for (const TimePart& part : parts) add_all(std::span(&part.column, 1), true);
  add_all(table.columns.last(hidden), true);
}

void fill_columns(RowSet& rows, Arena& arena, sqlite3* database) {
  static constexpr Column arguments[] = {
      {"input", "",
       "first argument: JSON text or blob, or cdr_file(path); without it, or with NULL, the "
       "warehouse in main is read"},
      {"filter", "TEXT", "second argument: Conpeek's list of filters, as JSON or percent-encoded"},
  };
  for (const JsonTable& each : json_tables())
    add_columns(rows, arena, each.table, each.hidden,
                std::span(arguments).first(each.model == Model::dialogs ? 2 : 1), time_parts(each));
  const auto add_report = [&](const ReportTable& each) {
    add_columns(rows, arena, each.table, 0, each.arguments);
  };
  for (const ReportTable& each : report_tables()) add_report(each);
  each_added_report(database, add_report);
  for (const ListTable& each : all_lists())
    add_columns(rows, arena, each.table, 0,
                std::span(arguments).first(each.reads == ListTable::Reads::input ? 1 : 0));
}

std::string_view name_of(Effect effect) {
  switch (effect) {
    case Effect::pure:
      return "pure";
    case Effect::reads:
      return "reads";
    case Effect::writes:
      return "writes";
    case Effect::sets:
      return "sets";
  }
  return "";
}

void fill_functions(RowSet& rows, Arena&, sqlite3*) {
  for (const auto& file : functions())
    for (const Function& each : file)
      add(rows, {text(each.name), text(each.signature), Value::integer(each.min_arguments),
                 Value::integer(each.max_arguments), text(name_of(each.effect)), text(each.doc),
                 text(each.example), Value::text(each.result)});
}

void fill_mapping(RowSet& rows, Arena& arena, sqlite3*) {
  for (const Vendor* vendor : vendors()) {
    const std::vector<MappingDoc> docs = vendor->mapping();
    for (std::size_t i = 0; i < model_count; ++i)
      for (const Column& column : model_tables[i].columns) {
        const ColumnMapping found = mapping_of(docs, static_cast<Model>(i), column.name);
        add(rows, {text(vendor->name), text(model_tables[i].name), text(column.name),
                   text(cdr::name_of(found.basis)), text(arena.keep(found.from))});
      }
  }
}

constexpr std::string_view loses[] = {"file", "record", "value"};

std::string_view loss_of(std::string_view code) {
  for (const ProblemKind& kind : problem_kinds())
    if (kind.name == code) return loses[static_cast<std::size_t>(kind.loses)];
  return "";
}

// The problems of a warehouse's imports that are still open.
void fill_quarantine(RowSet& rows, Arena& arena, sqlite3* database) {
  require_stored(database, {"quarantine"}, "cdr_problems");
  Statement select(database,
                   "SELECT path, record, byte_offset, code, json_path, message, remedy "
                   "FROM main.quarantine WHERE state = 'open' ORDER BY id");
  auto found = select.query();
  while (found.next()) {
    const auto kept = [&](int column) { return text(arena.keep(shown(found.text(column)))); };
    add(rows, {kept(0), found.value(1), found.value(2), kept(3), text(loss_of(found.text(3))),
               kept(4), kept(5), kept(6)});
  }
}

class Problems : public RowPortions {
 public:
  explicit Problems(std::shared_ptr<const Source> source) : reader_(std::move(source)) {}
  void add_next(RowSet& rows, Arena& arena) override {
    const auto kept = [&](const std::string& part) { return text(arena.keep(shown(part))); };
    for (const Problem& problem : reader_.next()) {
      const ProblemKind& kind = problem_kind(problem.code);
      add(rows, {kept(problem.file), problem.record ? number(problem.record) : Value(),
                 number(problem.offset), text(kind.name),
                 text(loses[static_cast<std::size_t>(problem.loses())]), kept(problem.path),
                 kept(problem.message), text(kind.remedy)});
    }
  }

 private:
  ProblemReader reader_;
};

std::unique_ptr<RowPortions> open_problems(std::shared_ptr<const Source> source) {
  return std::make_unique<Problems>(std::move(source));
}

void fill_check(RowSet& rows, Arena& arena, sqlite3* database) {
  check_warehouse(database, [&](const Violation& violation) {
    const auto kept = [&](const std::string& cell) { return text(arena.keep(cell)); };
    add(rows, {kept(violation.check), kept(violation.table), kept(violation.key),
               kept(violation.found), kept(violation.expected), kept(violation.remedy)});
  });
}

const std::array<ListTable, list_count>& all_lists() {
  static constexpr std::array<ListTable, list_count> lists{{
      {{"cdr_tables", "", "one row per virtual table of libcdr", tables_columns},
       ListTable::Reads::nothing,
       fill_tables},
      {{"cdr_columns", "", "one row per column of a virtual table", columns_columns},
       ListTable::Reads::nothing,
       fill_columns},
      {{"cdr_functions", "", "one row per SQL function of libcdr", functions_columns},
       ListTable::Reads::nothing,
       fill_functions},
      {{"cdr_mapping", "", "one row per vendor, model table and column: how the column is computed",
        mapping_columns},
       ListTable::Reads::nothing,
       fill_mapping},
      {{"cdr_problems", "",
        "one row per problem in the input: records that cannot be read, values that do not "
        "convert; without an input, one row per record in the warehouse's quarantine",
        problems_columns},
       ListTable::Reads::input,
       fill_quarantine,
       open_problems},
      {{"cdr_check", "",
        "one row per violated invariant of the warehouse in main, none in a healthy one",
        check_columns},
       ListTable::Reads::warehouse,
       fill_check},
  }};
  return lists;
}

}  // namespace

std::span<const ListTable> list_tables() {
  return all_lists();
}

std::span<const std::span<const Function>> functions() {
  static const std::array all{
      time_functions(),       state_functions(),       figure_functions(),  aggregate_functions(),
      dictionary_functions(), vendor_text_functions(), privacy_functions(), file_functions(),
      option_functions(),     warehouse_functions(),   report_functions()};
  return all;
}

}  // namespace cdr::ext
