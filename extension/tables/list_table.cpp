#include "extension/tables/list_table.hpp"

#include "extension/binding/source.hpp"
#include "extension/binding/value.hpp"
#include "extension/tables/json_table.hpp"

namespace cdr::ext {
namespace {

bool takes_input(const ListTable& table) {
  return table.reads == ListTable::Reads::input;
}

}  // namespace

Risk ListTableModule::risk(const ListTable& table) {
  switch (table.reads) {
    case ListTable::Reads::input:
      return Risk::usual;
    case ListTable::Reads::warehouse:
      return Risk::direct_only;
    case ListTable::Reads::nothing:
      break;
  }
  return Risk::none;
}

std::string ListTableModule::ddl(const ListTable& table) {
  const std::string_view input = takes_input(table) ? "input HIDDEN, " : "";
  return "CREATE TABLE x(" + std::string(input) + column_list(table.table.columns, "") + ")";
}

int ListTableModule::plan(const ListTable& table, sqlite3_index_info& info) {
  PlanRequest request;
  if (takes_input(table)) request.input = 0;
  return make_plan(request, info);
}

void ListTableModule::Cursor::filter(const char* text, std::span<sqlite3_value*> values) {
  start();
  rows_before_ = 0;
  portions_.reset();
  const Plan plan = Plan::read(text);
  std::shared_ptr<const Source> source;
  for (std::size_t i = 0; i < plan.arguments.size(); ++i)
    if (plan.arguments[i].use == Plan::Use::input) source = source_of(values[i], table_.table.name);
  if (source == nullptr) return table_.fill(rows_, arena_, database_);
  portions_ = table_.open(std::move(source));
  portions_->add_next(rows_, arena_);
}

void ListTableModule::Cursor::end() noexcept {
  portions_.reset();
  start();
}

void ListTableModule::Cursor::start() {
  rows_before_ += rows_.size();
  rows_.clear();
  arena_.clear();
  row_ = 0;
}

void ListTableModule::Cursor::next() {
  if (++row_ < rows_.size() || portions_ == nullptr) return;
  start();
  portions_->add_next(rows_, arena_);
}

void ListTableModule::Cursor::column(sqlite3_context* context, int index) const {
  const int first = takes_input(table_) ? 1 : 0;
  if (index >= first) set_result(context, rows_[row_][static_cast<std::size_t>(index - first)]);
}

}  // namespace cdr::ext
