#include "extension/tables/stored_table.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/text.hpp"
#include "extension/binding/value.hpp"
#include "extension/warehouse/schema/layout.hpp"
#include "json/document/writer.hpp"

namespace cdr::ext {

StoredRows::StoredRows(sqlite3* database, const JsonTable& table, std::size_t first_column)
    : database_(database),
      table_(table.table),
      parts_(time_parts(table)),
      first_column_(first_column),
      from_(rows_of(table_.stored)),
      standing_(database, tables_behind(table_.stored), table_.name),
      cache_(database, standing_.is_complete()) {}

void StoredRows::end() noexcept {
  reading_ = nullptr;
  by_place_row_.reset();
  reader_.reset();
  rows_.reset();
  keeping_.reset();
  filter_.reset();
  looked_at_now_ = nullptr;
  seldom_now_ = nullptr;
  answering_.is_keeping = false;
}

namespace {

using Use = Plan::Use;

// A query that uses more columns than this, as an export does, spends most of its time on returning
// values, and its columns would displace all others from the cache.
constexpr std::size_t most_columns = 24;

// In kept columns, comparisons with more values than this are left to SQLite, which has them in an
// index by then. SQL is given that many as parameters, and more as a list in JSON.
constexpr std::size_t most_values = 500;

constexpr std::size_t no_values = static_cast<std::size_t>(-1);
constexpr std::size_t json_list = no_values - 1;

// Whether a column compares with the value as it is given. Only SQLite knows how a number that is
// not written in the query compares with TEXT.
bool compares_as_given(const Column& column, const Plan::Argument& argument, Argument value) {
  return column.type != "TEXT" || argument.literal || value.is_text() || value.is_null();
}

// Whether json_each() returns the same value.
bool fits_json(Argument value) {
  if (!value.is_text()) return value.type() == SQLITE_INTEGER || value.is_null();
  const std::string_view text = value.text();
  return text.find('\0') == text.npos && valid_utf8(text) == text;
}

// The number of values that the column is compared with, or json_list, if they compare as in
// SQLite: those of a TEXT column as text. no_values: only SQLite can compare them.
std::size_t count_values(const Column& column, const Plan::Argument& argument,
                         sqlite3_value* value) {
  std::size_t count = 0;
  bool alike = true;
  each_value(argument, value, [&](sqlite3_value* each) {
    ++count;
    alike = alike && compares_as_given(column, argument, Argument(each));
  });
  if (!alike || count <= most_values) return alike ? count : no_values;
  constexpr std::size_t most_bytes = std::size_t{64} << 20;
  std::size_t bytes = 0;
  bool fits = true;
  each_value(argument, value, [&](sqlite3_value* each) {
    const Argument given(each);
    if (given.is_text()) bytes += given.text().size();
    fits = fits && bytes <= most_bytes && fits_json(given);
  });
  return fits ? json_list : no_values;
}

}  // namespace

std::string StoredRows::quoted(std::size_t column) const {
  if (is_part(column))
    return "substr(" + quoted(time_column()) + ", 1, " +
           std::to_string(parts_[column - table_.columns.size()].size) + ')';
  return "t.\"" + std::string(table_.columns[column].name) + '"';
}

// For a part of a time, its time is selected.
std::string StoredRows::select_list(const ColumnSet& used) {
  sql_plan_.clear();  // its places are lost, even if memory runs out before the next statement
  selected_.reset();
  std::string list;
  place_ = 0;
  bool has_parts = false;
  for (std::size_t i = table_.columns.size(); i < count_columns(); ++i)
    has_parts = has_parts || used.has(i);
  places_.assign(table_.columns.size(), -1);
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    if (!used.has(i) && !(has_parts && i == time_column())) continue;
    list += quoted(i) + ", ";
    places_[i] = place_++;
  }
  return list + "t.place";
}

// For each argument the number of its values that SQL is given, or json_list; no_values if the
// comparison is made elsewhere.
std::vector<std::size_t> StoredRows::count_all_values(const Plan& plan,
                                                      std::span<sqlite3_value*> values) {
  std::vector<std::size_t> counts(plan.arguments.size(), no_values);
  bound_.clear();
  times_.clear();
  for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    if (sql_operator(argument.use).empty()) continue;
    if (argument.use == Plan::Use::is_null) {
      counts[i] = 0;
      continue;
    }
    const std::size_t column = argument.column - first_column_;
    counts[i] = count_values(table_.columns[column], argument, values[i]);
    if (counts[i] == json_list && !may_list_) counts[i] = no_values;
    if (counts[i] != no_values)
      bound_.push_back(i);
    else if (is_time(table_.columns[column]))  // nothing else compares it
      times_.push_back(time_condition(argument, column, values[i]));
  }
  return counts;
}

std::string StoredRows::conditions(const Plan& plan, const std::vector<std::size_t>& counts) const {
  std::string where;
  std::size_t parameters = 0;
  const auto parameter = [&] { return '?' + std::to_string(++parameters); };
  for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    if (counts[i] == no_values) continue;
    std::string with;
    if (argument.use == Plan::Use::is_null) {
      with = "NULL";
    } else if (counts[i] == json_list) {
      with = "(SELECT value FROM main.json_each(" + parameter() + "))";
    } else if (argument.use == Plan::Use::in) {
      for (std::size_t each = 0; each < counts[i]; ++each)
        with += (each == 0 ? "(" : ", ") + parameter();
      with += with.empty() ? "()" : ")";
    } else {
      with = parameter();
    }
    where += (where.empty() ? " WHERE " : " AND ") + quoted(argument.column - first_column_) + ' ' +
             std::string(sql_operator(argument.use)) + ' ' + with;
  }
  return where;
}

void StoredRows::filter(const Plan& plan, std::span<sqlite3_value*> values) {
  end();
  is_new_plan_ = false;
  reads_few_ = plan.reads_few;
  by_place_ = reads_few_ ? plan.columns.without_first(first_column_) : ColumnSet();
  for (std::size_t i = 0; i < plan.arguments.size(); ++i)
    if (plan.arguments[i].use == Plan::Use::filter) {
      filter_text_ = Argument(values[i]).text();
      if (!filter_text_.empty()) filter_ = dialog_filter(filter_text_);
    }
  if (!plan.scans && lookups_.plan != plan.written) begin_lookups(plan);
  const bool is_from_kept = !filter_ && (plan.scans ? filter_from_columns(plan, values)
                                                    : filter_from_lookup(plan, values) ||
                                                          filter_from_answers(plan, values));
  if (!is_from_kept) filter_by_sql(plan, values);
}

void StoredRows::prepare(std::string sql) {
  sql_plan_.clear();
  if (sql == sql_) return;
  statement_ = Statement(database_, sql);
  sql_ = std::move(sql);
}

void StoredRows::filter_by_sql(const Plan& plan, std::span<sqlite3_value*> values) {
  try {
    run_sql(plan, values);
  } catch (const SqliteError&) {
    // The host may have a table of its own that is called json_each, or an authorizer that forbids
    // it, or allow only short texts.
    if (!gives_list() || !std::exchange(may_list_, false)) throw;
    sql_plan_.clear();
    run_sql(plan, values);
  }
}

bool StoredRows::gives_list() const {
  return std::find(sql_counts_.begin(), sql_counts_.end(), json_list) != sql_counts_.end();
}

void StoredRows::run_sql(const Plan& plan, std::span<sqlite3_value*> values) {
  std::vector<std::size_t> counts = count_all_values(plan, values);
  const ColumnSet* const looked_at = filter_ ? nullptr : looked_at_before(plan);
  if (looked_at != nullptr && !reads_few_)
    for (std::size_t i = first_untold(); i < count_columns(); ++i) by_place_.add(i);
  const ColumnSet& seldom = seldom_read_before(plan);
  by_place_.add_all(seldom);
  // The inner loop of a join repeats the same query.
  if (filter_ || plan.written != sql_plan_ || counts != sql_counts_ ||
      !(seldom.has_all(sql_seldom_) && sql_seldom_.has_all(seldom)) ||
      (looked_at != nullptr && (!sql_looked_at_ || !sql_looked_at_->has_all(*looked_at)))) {
    ColumnSet used = plan.columns.without_first(first_column_);
    if (filter_) used.add_all(filter_->columns());
    sql_looked_at_.reset();
    if (looked_at != nullptr) {
      // Columns that nothing read when the plan ran before are not selected. From the next run on,
      // those that are read in this one are.
      for (std::size_t i = first_untold(); i < count_columns(); ++i)
        if (!looked_at->has(i)) used.remove(i);
      sql_looked_at_ = *looked_at;
    }
    if (reads_few_ && !filter_) used = ColumnSet();
    for (std::size_t i = seldom.next(0); i < max_columns; i = seldom.next(i + 1)) used.remove(i);
    sql_seldom_ = seldom;
    for (const TimeCondition& each : times_) used.add(each.column);
    std::string sql =
        "SELECT " + select_list(used) + " FROM " + from_ + " AS t" + conditions(plan, counts);
    for (std::size_t i = 0; i < plan.order.size(); ++i)
      sql += (i == 0 ? " ORDER BY " : ", ") + quoted(plan.order[i].column - first_column_) +
             (plan.order[i].descending ? " DESC" : "");
    sql_counts_ = std::move(counts);
    prepare(std::move(sql));
    if (!filter_) sql_plan_ = plan.written;
  }
  int parameter = 0;
  bound_texts_.clear();
  for (const std::size_t i : bound_) {
    const bool time = is_time(table_.columns[plan.arguments[i].column - first_column_]);
    JsonList list;
    each_value(plan.arguments[i], values[i], [&](sqlite3_value* each) {
      const Argument given(each);
      auto canonical = time ? canonical_time(given) : std::nullopt;
      if (sql_counts_[i] == json_list) {
        if (given.is_text())
          list.add(canonical ? *canonical : given.text());
        else if (!given.is_null())
          list.add_json(std::to_string(given.integer()));
      } else if (canonical) {
        statement_.bind(++parameter, bound_texts_.emplace_back(std::move(*canonical)));
      } else {
        statement_.bind(++parameter, each);
      }
    });
    if (sql_counts_[i] == json_list)
      statement_.bind(++parameter, bound_texts_.emplace_back(list.text()));
  }
  rows_.emplace(statement_.query());
}

// For a plan that has run before: which of the columns that SQLite reports only as a whole were
// read then. nullptr: SQLite reports every column of it, or the plan is new.
const ColumnSet* StoredRows::looked_at_before(const Plan& plan) {
  if (!plan.columns.has(columns_told) || count_columns() + first_column_ <= columns_told)
    return nullptr;
  const auto [found, added] = find_plan(looked_at_, plan);
  looked_at_now_ = &found->second;
  return added || is_new_plan_ ? nullptr : looked_at_now_;
}

std::pair<StoredRows::ByPlan::iterator, bool> StoredRows::find_plan(ByPlan& columns,
                                                                    const Plan& plan) {
  constexpr std::size_t most_plans = 64;
  if (columns.size() >= most_plans && !columns.contains(plan.written)) columns.clear();
  return columns.try_emplace(plan.written);
}

// Those that the plan left unread of most rows when it ran before. To select all columns of each
// row costs more than to look up the few rows of which they are read.
const ColumnSet& StoredRows::seldom_read_before(const Plan& plan) {
  static const ColumnSet none;
  // SQLite sorts rows as they are when it reads them, not as they are when they are looked up.
  const bool is_wide = plan.scans && plan.order.empty() && !filter_ && !reads_few_ &&
                       plan.columns.without_first(first_column_).count() > most_columns;
  if (!is_wide) return none;
  seldom_now_ = &find_plan(seldom_, plan).first->second;
  rows_watched_ = 0;
  reads_.fill(0);
  return *seldom_now_;
}

// Now and then tells from the rows so far what the next run need not select.
void StoredRows::watch_row() noexcept {
  constexpr std::size_t enough = 256, share = 16;
  ++rows_watched_;
  if (rows_watched_ < enough || !std::has_single_bit(rows_watched_)) return;
  for (std::size_t i = 0; i < table_.columns.size(); ++i)
    if (reads_[i] * share < rows_watched_)
      seldom_now_->add(i);
    else
      seldom_now_->remove(i);
}

bool StoredRows::next() {
  by_place_row_.reset();
  if (reading_ != nullptr) return reading_->next();
  if (keeping_) return next_kept_as_read();
  while (rows_->next()) {
    if (!passes_times() || (filter_ && !passes_filter())) continue;
    if (answering_.is_keeping) keep_answer_row();
    if (seldom_now_ != nullptr) watch_row();
    return true;
  }
  end_answer();
  return false;
}

bool StoredRows::passes_times() {
  return std::all_of(times_.begin(), times_.end(), [&](const TimeCondition& condition) {
    return condition.holds(rows_->value(places_[condition.column]));
  });
}

bool StoredRows::passes_filter() {
  const ColumnSet wanted = filter_->columns();
  cells_.assign(table_.columns.size(), Value());
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (wanted.has(i)) cells_[i] = rows_->value(places_[i]);
  return filter_->matches(cells_);
}

void StoredRows::column(sqlite3_context* context, std::size_t column) {
  if (looked_at_now_ != nullptr && column + first_column_ >= columns_told)
    looked_at_now_->add(column);
  if (reading_ != nullptr) {
    if (reading_->column(context, column)) return;
    if (!reads_few_ && !is_answering() && load_for_reader(column))
      reading_->column(context, column);
    else  // a page, a column that is too large to be kept, or one that no answer before needed
      sqlite3_result_value(context, value_by_place(column));
    return;
  }
  if (seldom_now_ != nullptr) ++reads_[is_part(column) ? time_column() : column];
  if (is_part(column) && places_[time_column()] >= 0) {
    sqlite3_value* const time = rows_->raw(places_[time_column()]);
    if (sqlite3_value_type(time) == SQLITE_NULL) return;
    const std::string_view part = part_of(column, time);
    sqlite3_result_text64(context, part.data(), part.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else if (!is_part(column) && places_[column] >= 0) {
    sqlite3_result_value(context, rows_->raw(places_[column]));
  } else {
    sqlite3_result_value(context, value_by_place(column));
  }
}

sqlite3_value* StoredRows::value_by_place(std::size_t column) {
  if (!by_place_.has(column)) {
    by_place_row_.reset();
    by_place_.add(column);
  }
  if (!by_place_row_) {
    std::string list;
    for (std::size_t i = by_place_.next(0); i < count_columns(); i = by_place_.next(i + 1))
      list += (list.empty() ? "" : ", ") + quoted(i);
    std::string sql = "SELECT " + list + " FROM " + from_ + " AS t WHERE " + is_at_place();
    if (sql != by_place_sql_) {
      by_place_statement_ = Statement(database_, sql);
      by_place_sql_ = std::move(sql);
    }
    auto row = by_place_statement_.query(rowid());
    if (!row.next())
      throw Error(std::string(table_.name) +
                  ": the warehouse was changed by this connection while the query ran; run the "
                  "query again");
    by_place_row_.emplace(std::move(row));
  }
  int at = 0;
  for (std::size_t i = by_place_.next(0); i < column; i = by_place_.next(i + 1)) ++at;
  return by_place_row_->raw(at);
}

// Whether a row is the one whose place is ?1.
std::string StoredRows::is_at_place() const {
  if (has_rowid(facts_of(table_.stored))) return "t.place = ?1";
  const std::string bits = std::to_string(row_bits);
  return "t.component = ?1 >> " + bits + " AND t.n = ?1 & ((1 << " + bits + ") - 1)";
}

std::string_view StoredRows::part_of(std::size_t column, sqlite3_value* time) const {
  return Argument(time).text().substr(0, parts_[column - table_.columns.size()].size);
}

std::int64_t StoredRows::rowid() {
  if (reading_ == nullptr) return rows_->integer(place_);
  if (!load_for_reader(place_column()))
    throw Error(std::string(table_.name) +
                ": the warehouse was changed by this connection while the query ran; run the query "
                "again");
  return reading_->cell(place_column()).integer;
}

// ---- From kept columns ----

namespace {

Operator operator_of(Plan::Use use) {
  switch (use) {
    case Use::lt:
      return Operator::lt;
    case Use::le:
      return Operator::le;
    case Use::gt:
      return Operator::gt;
    case Use::ge:
      return Operator::ge;
    case Use::is:
      return Operator::is;
    case Use::is_null:
      return Operator::is_null;
    case Use::in:
      return Operator::in;
    default:
      return Operator::eq;
  }
}

}  // namespace

// A text is converted to a number, if it can be, when the column is not TEXT. The operand of a
// time, in any form, is converted to its canonical text.
void StoredRows::add_comparison(const Plan::Argument& argument, sqlite3_value* value,
                                Needs& needs) const {
  const std::size_t column = argument.column - first_column_;
  const Column& declared = table_.columns[column];
  Comparison comparison(operator_of(argument.use), column);
  if (argument.use != Plan::Use::is_null) {
    bool is_alike = true;
    each_value(argument, value, [&](sqlite3_value* each) {
      const Argument given(each);
      is_alike = is_alike && compares_as_given(declared, argument, given);
      const auto time = is_time(declared) ? canonical_time(given) : std::nullopt;
      if (time) return comparison.add(Cell::of(std::string_view(*time)));
      if (given.is_text() && declared.type != "TEXT") sqlite3_value_numeric_type(each);
      comparison.add(Cell::of(each));
    });
    // Then only SQLite can compare, and it has many values in an index.
    if (!is_alike || (comparison.operands().size() > most_values && !is_time(declared))) return;
    needs.sifts = true;
  }
  needs.columns.add(column);
  needs.question.comparisons.push_back(std::move(comparison));
}

// The first lower or upper bound of a time that an index finds.
bool StoredRows::add_bound(const Plan::Argument& argument, sqlite3_value* value,
                           Needs& needs) const {
  const bool is_from = argument.use == Use::gt || argument.use == Use::ge;
  if (!is_from && argument.use != Use::lt && argument.use != Use::le) return false;
  const std::size_t column = argument.column - first_column_;
  const Column& declared = table_.columns[column];
  if (!is_time(declared) || (!needs.scope.is_all() && needs.scope.column != column)) return false;
  const Indexes& indexes = indexes_of(table_.stored);
  if (std::none_of(indexes.begin(), indexes.end(), [&](const auto& index) {
        return !index.empty() && index.front() == declared.name;
      }))
    return false;
  auto& bound = is_from ? needs.scope.from : needs.scope.to;
  auto time = canonical_time(Argument(value));
  if (bound || !time) return false;
  bound = {std::move(*time), argument.use == Use::ge || argument.use == Use::le};
  needs.scope.column = column;
  return true;
}

StoredRows::Needs StoredRows::needs_of(const Plan& plan, std::span<sqlite3_value*> values) const {
  Needs needs;
  if (reads_few_) {
    needs.columns.add(place_column());
  } else {
    for (std::size_t i = 0; i < count_columns(); ++i)
      if (i + first_column_ < columns_told && plan.columns.has(i + first_column_))
        needs.columns.add(i);
    needs.may_use_more =
        plan.columns.has(columns_told) && count_columns() + first_column_ > columns_told;
  }
  for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    if (sql_operator(argument.use).empty()) continue;
    if (add_bound(argument, values[i], needs))
      needs.scope_arguments.push_back(i);
    else
      add_comparison(argument, values[i], needs);
  }
  for (const Plan::Order& each : plan.order) {
    needs.columns.add(each.column - first_column_);
    needs.question.order.push_back({each.column - first_column_, each.descending});
  }
  needs.question.is_distinct = plan.is_distinct;
  needs.question.is_grouped = plan.is_grouped;
  return needs;
}

bool StoredRows::filter_from_columns(const Plan& plan, std::span<sqlite3_value*> values) {
  const auto state = cache_.see();
  if (!state) return false;
  Needs needs = needs_of(plan, values);
  if (plan.order.empty() && needs.columns.count() > most_columns) return false;
  ColumnSet columns = needs.columns;
  if (needs.may_use_more) {
    const auto [found, added] = find_plan(looked_at_, plan);
    looked_at_now_ = &found->second;
    is_new_plan_ = added;
    columns.add_all(*looked_at_now_);
  }
  std::shared_ptr<const KeptTable> kept = cache_->find(table_, needs.scope, columns);
  if (plan.order.empty() && is_new_plan_) kept.reset();  // it may use columns that are not kept
  if (!kept) {
    const bool reads_to_the_end = !plan.is_limited || (reads_few_ && !plan.order.empty());
    if (!reads_to_the_end || (plan.is_indexed && !plan.is_grouped)) return false;
    if (cache_->is_refused(table_, needs.scope, columns)) return false;
    const bool is_count = columns.empty() && !needs.may_use_more;
    if (plan.order.empty() && !is_count) {
      if (needs.sifts && cache_->count_sifting(table_) == 1) return false;
      begin_keeping(plan, std::move(needs), *state);
      return true;
    }
    kept = load(needs.scope, cache_->find_scope(table_, needs.scope), columns, *state);
    if (!kept) return false;
  }
  if (kept->scope != needs.scope) {
    needs.columns = ColumnSet();
    for (const std::size_t i : needs.scope_arguments)
      add_comparison(plan.arguments[i], values[i], needs);
    if (!kept->has_all(needs.columns)) kept = load(kept->scope, kept, needs.columns, *state);
    if (!kept) return false;
  }
  reader_state_ = *state;
  reading_ = &reader_.emplace(std::move(kept), needs.question);
  return true;
}

std::string StoredRows::scope_sql(const Scope& scope) const {
  std::string sql;
  if (scope.from)
    sql += " WHERE " + quoted(scope.column) + (scope.from->included ? " >= ?1" : " > ?1");
  if (scope.to)
    sql += (sql.empty() ? " WHERE " : " AND ") + quoted(scope.column) +
           (scope.to->included ? " <= ?2" : " < ?2");
  // All rows are always read in one order, whichever index has the columns, so that columns which
  // are read later match the kept ones. It is that of the table or of the time's index.
  sql += " ORDER BY ";
  if (!scope.is_all()) sql += quoted(scope.column) + ", ";
  return sql + (has_rowid(facts_of(table_.stored)) ? "t.place" : "t.component, t.n");
}

void StoredRows::bind_scope(Statement& statement, const Scope& scope) {
  if (scope.from) statement.bind(1, scope.from->time);
  if (scope.to) statement.bind(2, scope.to->time);
}

std::shared_ptr<const KeptTable> StoredRows::load(const Scope& scope,
                                                  const std::shared_ptr<const KeptTable>& before,
                                                  const ColumnSet& columns,
                                                  const FileState& state) {
  if (cache_->is_refused(table_, scope, columns)) return nullptr;
  std::shared_ptr<const KeptTable> made;
  if (columns.empty()) {
    Statement select(database_, "SELECT count(*) FROM " + from_ + " AS t" + scope_sql(scope));
    bind_scope(select, scope);
    auto rows = select.query();
    auto counted = std::make_shared<KeptTable>();
    counted->table = &table_;
    counted->scope = scope;
    counted->count = rows.next() ? static_cast<std::size_t>(rows.integer(0)) : 0;
    made = std::move(counted);
  } else {
    KeptTableBuilder builder(*cache_, table_, scope, before, columns);
    std::string list;
    for (const std::size_t column : builder.columns())
      list += (column == place_column() ? "t.place" : quoted(column)) + ", ";
    Statement select(database_,
                     "SELECT " + list + "t.place FROM " + from_ + " AS t" + scope_sql(scope));
    bind_scope(select, scope);
    made = builder.read(select.query());
  }
  if (made) cache_.keep(made, state);
  return made;
}

bool StoredRows::load_for_reader(std::size_t column) {
  if (reading_->table()->find(column) != nullptr) return true;
  ColumnSet columns;
  columns.add(column);
  auto made = load(reading_->table()->scope, reading_->table(), columns, reader_state_);
  if (!made) return false;
  reading_->set_table(std::move(made));
  return true;
}

// ---- Looked up in kept columns ----

bool StoredRows::reopen() {
  const bool holds = standing_.holds();
  const auto is_from_before = [&](const std::optional<Moment>& moment) {
    return moment && moment != standing_.found_at();
  };
  if (is_from_before(lookups_.moment) ||
      (answering_.state && is_from_before(answering_.state->moment)))
    forget_lookups();
  return holds;
}

void StoredRows::forget_lookups() noexcept {
  if (!lookups_.plan.empty()) lookups_ = Lookups();
  if (answering_.state) answering_ = Answering();
  answering_.count = 0;  // a single lookup has changed nothing else
  answering_.is_possible = true;
}

void StoredRows::begin_lookups(const Plan& plan) {
  forget_lookups();
  lookups_.plan = plan.written;
  if (!plan.order.empty()) return;
  for (std::size_t i = 0; i < plan.arguments.size(); ++i)
    if (plan.arguments[i].use == Plan::Use::eq &&
        table_.columns[plan.arguments[i].column - first_column_].name == "interaction_key")
      lookups_.argument = i;
}

// Roughly the number of rows that exist, or have ever existed; 0 if they would have to be counted.
std::size_t StoredRows::count_rows() {
  if (const auto kept = cache_->find(table_, Scope(), ColumnSet())) return kept->count;
  if (!has_rowid(facts_of(table_.stored))) return 0;
  Statement select(database_,
                   "SELECT max(rowid) FROM main." + std::string(facts_of(table_.stored)));
  auto rows = select.query();
  return rows.next() ? static_cast<std::size_t>(rows.integer(0)) : 0;
}

bool StoredRows::filter_from_lookup(const Plan& plan, std::span<sqlite3_value*> values) {
  Lookups& lookups = lookups_;
  if (lookups.argument == no_argument) return false;
  if (!lookups.reader) {
    constexpr std::size_t few = 100;  // before that, kept columns are not worth a check
    const std::size_t wanted = std::max(few, lookups.enough);
    if (++lookups.count < wanted || !load_for_lookups(plan, values)) return false;
  }
  const Argument key(values[lookups.argument]);
  if (key.type() != SQLITE_INTEGER) return false;
  Needs needs;
  for (std::size_t i = 0; i < plan.arguments.size(); ++i)
    if (i != lookups.argument && !sql_operator(plan.arguments[i].use).empty())
      add_comparison(plan.arguments[i], values[i], needs);
  const std::vector<std::uint32_t>& found = lookups.by_key->find(key.integer());
  lookups.reader->set_rows(found);
  lookups.reader->keep(needs.question.comparisons);
  reading_ = &*lookups.reader;
  return true;
}

// One lookup takes about as long as reading ten rows.
bool StoredRows::load_for_lookups(const Plan& plan, std::span<sqlite3_value*> values) {
  constexpr std::size_t rows_of_a_lookup = 10;
  Lookups& lookups = lookups_;
  const auto give_up = [&] {
    lookups.argument = no_argument;
    return false;
  };
  const auto state = cache_.see();
  if (!state) return give_up();
  Needs needs = needs_of(plan, values);
  ColumnSet columns = needs.columns;
  // A condition on a time does not limit the scope here, because all rows are kept.
  for (const std::size_t i : needs.scope_arguments)
    columns.add(plan.arguments[i].column - first_column_);
  auto kept = cache_->find(table_, Scope(), columns);
  if (!kept) {
    if (lookups.enough == 0) {
      const std::size_t rows = count_rows();
      if (rows == 0) return give_up();
      lookups.enough = rows / rows_of_a_lookup;
      if (lookups.count < lookups.enough) return false;
    }
    kept = load(Scope(), cache_->find_scope(table_, Scope()), columns, *state);
    if (!kept) return give_up();
  }
  lookups.by_key.emplace(*kept, plan.arguments[lookups.argument].column - first_column_);
  if (!lookups.by_key->is_possible()) return give_up();
  reader_state_ = *state;
  lookups.moment = state->moment;
  lookups.reader.emplace(std::move(kept), KeptQuestion());
  return true;
}

// ---- Answered as before ----

namespace {

// Values that look for the same rows have the same text; others do not.
void append_value(sqlite3_value* value, std::string& text) {
  const Cell cell = Cell::of(value);
  const auto append = [&text](const auto& part) {
    text.append(reinterpret_cast<const char*>(&part), sizeof part);
  };
  append(cell.kind);
  switch (cell.kind) {
    case Cell::Kind::null:
      break;
    case Cell::Kind::integer:
      append(cell.integer);
      break;
    case Cell::Kind::real:
      append(cell.real);
      break;
    case Cell::Kind::text:
    case Cell::Kind::blob:
      append(cell.text.size());
      text += cell.text;
      break;
  }
}

}  // namespace

// From the first lookups on that show that there are more.
bool StoredRows::begin_answering(const Plan& plan) {
  constexpr std::size_t few = 4;
  Answering& answering = answering_;
  if (++answering.count < few) return false;
  const bool takes_several = std::any_of(plan.arguments.begin(), plan.arguments.end(),
                                         [](const auto& each) { return each.use == Use::in; });
  if (!reads_few_ && !takes_several) answering.state = cache_.see();
  answering.is_possible = answering.state.has_value();
  if (!answering.is_possible) return false;
  looked_at_before(plan);  // selected() depends on it
  if (sql_plan_ == plan.written)
    answering.answers = cache_->answers(table_, plan.written, selected(plan), *answering.state);
  return true;
}

bool StoredRows::filter_from_answers(const Plan& plan, std::span<sqlite3_value*> values) {
  Answering& answering = answering_;
  if (!answering.is_possible || (!answering.state && !begin_answering(plan))) return false;
  std::shared_ptr<KeptAnswers>& answers = answering.answers;
  if (const ColumnSet* const looked_at = looked_at_before(plan);
      looked_at != nullptr && answers && !answers->columns().has_all(*looked_at))
    answers.reset();
  answering.values.clear();
  for (sqlite3_value* const each : values) append_value(each, answering.values);
  const auto rows = answers ? answers->find(answering.values) : std::nullopt;
  if (!rows) {
    filter_by_sql(plan, values);
    begin_answer(plan);
    return true;
  }
  if (!answering.reader || answering.reader->table() != answers->table())
    answering.reader.emplace(answers->table(), KeptQuestion());
  answering.reader->set_rows(rows->first, rows->count);
  reading_ = &*answering.reader;
  return true;
}

void StoredRows::begin_answer(const Plan& plan) {
  Answering& answering = answering_;
  std::shared_ptr<KeptAnswers>& answers = answering.answers;
  if (const ColumnSet& columns = selected(plan); !answers || !answers->has_just(columns))
    answers = cache_->answers(table_, plan.written, columns, *answering.state);
  answering.is_keeping = answers && answers->takes_more();
  answering.cells.clear();
  answering.texts.rewind();
  answering.rows = 0;
  answering.bytes = answering.values.size();
}

// While the connection has a transaction that writes, rows may be undone. Such a transaction may
// begin and end between two rows, and the count of changes need not show it.
void StoredRows::keep_answer_row() {
  Answering& answering = answering_;
  if (++answering.rows > KeptAnswers::most_rows || is_writing()) {
    answering.is_keeping = false;
    return;
  }
  const ColumnSet& columns = answering.answers->columns();
  for (std::size_t i = columns.next(0); i < max_columns; i = columns.next(i + 1)) {
    Cell cell = cell_of_row(i);
    answering.bytes += cell.text.size();
    if (answering.bytes > KeptAnswers::most_bytes) {
      answering.is_keeping = false;
      return;
    }
    cell.text = answering.texts.keep(cell.text);
    answering.cells.push_back(cell);
  }
}

void StoredRows::end_answer() {
  Answering& answering = answering_;
  if (!std::exchange(answering.is_keeping, false) || is_writing()) return;
  if (answering.answers->takes_more()) answering.answers->add(answering.values, answering.cells);
}

// The columns that the statement selects, and those parts of its time that are used.
const ColumnSet& StoredRows::selected(const Plan& plan) {
  if (selected_) return *selected_;
  ColumnSet& columns = selected_.emplace();
  columns.add(place_column());
  for (std::size_t i = 0; i < table_.columns.size(); ++i)
    if (places_[i] >= 0) columns.add(i);
  for (std::size_t i = table_.columns.size(); i < count_columns(); ++i) {
    const bool is_used = i + first_column_ < columns_told
                             ? plan.columns.has(i + first_column_)
                             : looked_at_now_ != nullptr && looked_at_now_->has(i);
    if (is_used && places_[time_column()] >= 0) columns.add(i);
  }
  return columns;
}

// ---- Kept while they are read ----

void StoredRows::begin_keeping(const Plan& plan, Needs needs, const FileState& state) {
  keeping_.emplace(Keeping{needs.scope, needs.columns, needs.may_use_more, state,
                           sqlite3_total_changes64(database_),
                           std::move(needs.question.comparisons), std::nullopt});
  ColumnSet used = plan.columns.without_first(first_column_);
  used.add_all(needs.columns);
  prepare("SELECT " + select_list(used) + " FROM " + from_ + " AS t" + scope_sql(needs.scope));
  bind_scope(statement_, keeping_->scope);  // the scope lasts as long as the statement runs
  rows_.emplace(statement_.query());
  if (looked_at_now_ != nullptr && !looked_at_now_->empty()) keeping_->may_use_more = false;
  if (!keeping_->may_use_more) begin_builder();
}

void StoredRows::begin_builder() {
  Keeping& keeping = *keeping_;
  if (looked_at_now_ != nullptr) keeping.columns.add_all(*looked_at_now_);
  keeping.builder.emplace(*cache_, table_, keeping.scope, cache_->find_scope(table_, keeping.scope),
                          keeping.columns);
  keeping.may_use_more = false;
}

// The row that was returned last. By now SQLite has read the columns that it uses.
void StoredRows::keep_row() {
  Keeping& keeping = *keeping_;
  if (!std::exchange(keeping.has_row, false)) return;
  if (keeping.may_use_more && !keeping.was_passed_over) begin_builder();
  if (!keeping.builder) return;
  const std::vector<std::size_t>& columns = keeping.builder->columns();
  if (!keeping.builder->add(rows_->integer(place_),
                            [&](std::size_t i) { return cell_of_row(columns[i]); }))
    keeping.builder.reset();
}

// A value in the statement's current row.
Cell StoredRows::cell_of_row(std::size_t column) const {
  if (column == place_column()) return Cell::of(rows_->integer(place_));
  if (!is_part(column)) return Cell::of(rows_->raw(places_[column]));
  sqlite3_value* const time = rows_->raw(places_[time_column()]);
  return sqlite3_value_type(time) == SQLITE_NULL ? Cell() : Cell::of(part_of(column, time));
}

bool StoredRows::next_kept_as_read() {
  Keeping& keeping = *keeping_;
  for (;;) {
    keep_row();
    if (!rows_->next()) break;
    keeping.has_row = true;
    const bool passes = std::all_of(
        keeping.comparisons.begin(), keeping.comparisons.end(), [&](const Comparison& each) {
          return each.holds(Cell::of(rows_->raw(places_[each.column()])));
        });
    if (passes) return true;
    if (!keeping.builder) {
      keeping.was_passed_over = true;
      keeping.has_row = false;
    }
  }
  // Nothing is kept if this connection has written in the meantime, even if it has undone that.
  if (keeping.builder && sqlite3_total_changes64(database_) == keeping.changes)
    if (auto made = keeping.builder->finish()) cache_.keep(std::move(made), keeping.state);
  keeping.builder.reset();
  return false;
}

}  // namespace cdr::ext
