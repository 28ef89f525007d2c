#include "extension/warehouse/schema/documentation.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string>
#include <vector>

#include "core/error.hpp"
#include "extension/binding/statement.hpp"
#include "extension/warehouse/schema/layout.hpp"
#include "model/metrics/definition.hpp"
#include "vendors/vendor.hpp"

namespace cdr::ext {
namespace {

using Row = std::vector<std::string>;

struct Page {  // a table and what is in it
  const char* clear;
  const char* insert;
  std::vector<Row> rows;
};

// The columns of these tables are documented by their comments in sql/schema.sql. A column without
// a comment has that of the first column of the same name.
constexpr std::string_view documented_tables[] = {
    "queue_interval", "queue_day",      "agent_interval", "agent_day_total", "queue",
    "agent",          "report_setting", "queue_setting",  "agent_team",      "calendar_day",
};

std::string_view doc_of(const LayoutColumn& column) {
  if (!column.doc.empty()) return column.doc;
  for (const std::string_view name : documented_tables)
    for (const LayoutColumn& other : layout_table(name).columns)
      if (other.name == column.name && !other.doc.empty()) return other.doc;
  throw Error("sql/schema.sql says nothing of the column " + std::string(column.name));
}

Page columns() {
  Page page{
      "DELETE FROM main.cdr_column", "INSERT INTO main.cdr_column VALUES (?1, ?2, ?3, ?4, ?5)", {}};
  for (const Table& table : model_tables)
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const Column& column = table.columns[i];
      page.rows.push_back({std::string(table.stored), std::to_string(i + 1),
                           std::string(column.name), std::string(column.type),
                           std::string(column.doc)});
    }
  for (const std::string_view name : documented_tables) {
    int position = 0;
    for (const LayoutColumn& column : layout_table(name).columns)
      page.rows.push_back({std::string(name), std::to_string(++position), std::string(column.name),
                           std::string(column.type), std::string(doc_of(column))});
  }
  return page;
}

Page states_page() {
  Page page{"DELETE FROM main.state_name", "INSERT INTO main.state_name VALUES (?1, ?2, ?3)", {}};
  for (std::size_t i = 0; i < states.size(); ++i)
    page.rows.push_back(
        {std::string(states[i].name), std::to_string(i + 1), std::string(states[i].doc)});
  return page;
}

Page bases() {
  Page page{"DELETE FROM main.state_basis",
            "INSERT INTO main.state_basis VALUES (?1, ?2, ?3, ?4, ?5)",
            {}};
  for (const Vendor* vendor : vendors()) {
    const std::vector<MappingDoc> mapping = vendor->mapping();
    for (const Model model : {Model::interactions, Model::dialogs})
      for (const StateName& state : states) {
        ColumnMapping found = mapping_of(mapping, model, state.column);
        page.rows.push_back({std::string(vendor->name), std::string(table_of(model).stored),
                             std::string(state.name), std::string(name_of(found.basis)),
                             std::move(found.from)});
      }
  }
  return page;
}

Page metrics() {
  Page page{"DELETE FROM main.metric_definition",
            "INSERT INTO main.metric_definition VALUES (?1, ?2, ?3, ?4, ?5)",
            {}};
  for (const MetricDefinition& each : metric_definitions())
    page.rows.push_back({std::string(each.metric), std::string(each.variant),
                         std::string(each.unit), std::string(each.formula), std::string(each.doc)});
  return page;
}

// Names refer to states, so states come first.
const std::vector<Page>& pages() {
  static const std::vector<Page> all = [] {
    std::vector<Page> made;
    made.push_back(states_page());
    made.push_back(columns());
    made.push_back(bases());
    made.push_back(metrics());
    return made;
  }();
  return all;
}

// Changes whenever a declaration does.
const std::string& fingerprint() {
  static const std::string text = [] {
    std::string all = CDR_VERSION;
    for (const Page& page : pages())
      for (const Row& row : page.rows)
        for (const std::string& cell : row) all.append(cell).push_back('\n');
    return std::string(CDR_VERSION " ") + std::to_string(XXH3_64bits(all.data(), all.size()));
  }();
  return text;
}

}  // namespace

bool is_documented(sqlite3* database) {
  Statement select(database, "SELECT value FROM main.cdr_meta WHERE name = 'declarations'");
  auto rows = select.query();
  return rows.next() && rows.text(0) == fingerprint();
}

void document(sqlite3* database) {
  for (auto page = pages().rbegin(); page != pages().rend(); ++page)
    Statement(database, page->clear).execute();
  for (const Page& page : pages()) {
    Statement insert(database, page.insert);
    for (const Row& row : page.rows) {
      int at = 0;
      for (const std::string& cell : row)
        if (cell.empty())
          insert.bind(++at, nullptr);
        else
          insert.bind(++at, cell);
      insert.execute();
    }
  }
  Statement(database, "INSERT OR REPLACE INTO main.cdr_meta VALUES ('declarations', ?1)")
      .execute(fingerprint());
}

}  // namespace cdr::ext
