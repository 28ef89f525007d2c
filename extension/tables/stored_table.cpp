#include "extension/tables/stored_table.hpp"

#include "extension/value.hpp"
#include "extension/warehouse/schema.hpp"

namespace cdr::ext {

// Where the rows are, and what number a row has. Tables WITHOUT ROWID take it from their
// interaction's, which leaves them twenty bits.
struct StoredRows::Identity {
  std::string_view stored, table;
  std::string_view columns;  // of the row: the number itself, or what `lookup` needs for it
  const char* lookup = nullptr;
};

namespace {

constexpr std::string_view own_number = "t.rowid";
constexpr std::string_view of_seq = "t.interaction_id, t.vendor, t.source, t.seq";
constexpr char in_interaction[] =
    "SELECT rowid << 20 | ?4 FROM main.interaction "
    "WHERE interaction_id = ?1 AND vendor = ?2 AND source = ?3";

// The rows of the view state_duration, and which of their interaction's they are.
std::string state_rows() {
  std::string sql;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::string_view seconds = states[i].column;
    const std::string state(seconds.substr(0, seconds.rfind('_')));
    sql += sql.empty() ? "(" : " UNION ALL ";
    sql += "SELECT vendor, source, interaction_id, agent_id, '" + std::string(states[i].name) +
           "' AS state, " + state + "_start AS start_time, " + state + "_end AS end_time, " +
           state + "_seconds AS seconds, " + state + "_basis AS basis, side << 4 | " +
           std::to_string(i) + " AS place FROM main.state_span WHERE " + state +
           "_basis IS NOT NULL";
  }
  return sql + ')';
}
static_assert(state_count <= 16);

}  // namespace

const StoredRows::Identity& StoredRows::identity_of(const Table& table) {
  static constexpr Identity identities[] = {
      {"interaction", "interaction", own_number},
      {"dialog", "dialog", own_number},
      {"recording", "recording", own_number},
      {"agent_event", "agent_event", of_seq, in_interaction},
      {"queue_event", "queue_event", of_seq, in_interaction},
      {"ivr_event", "ivr_event", of_seq, in_interaction},
      {"customer_event", "customer_event", of_seq, in_interaction},
      {"queue_visit", "queue_visit", "t.interaction_id, t.vendor, t.source, t.visit_no",
       in_interaction},
      // The tables behind the two views: what tells their rows apart is there only.
      {"state_duration", "state_span", "t.interaction_id, t.vendor, t.source, t.place",
       in_interaction},
      {"agent_state", "agent_state_span", "t.component << 20 | t.seq"},
  };
  for (const Identity& each : identities)
    if (each.stored == table.stored) return each;
  throw Error(std::string(table.name) + ": has no stored table");
}

StoredRows::StoredRows(sqlite3* database, const Table& table, std::size_t first_column)
    : database_(database),
      table_(table),
      first_column_(first_column),
      identity_(identity_of(table)),
      from_(identity_.table == "state_span" ? state_rows()
                                            : "main." + std::string(identity_.table)) {
  require_stored(database, {identity_.table, "interaction"}, table.name);
}

namespace {

// More values than that are left to SQLite: it has them in an index by then.
constexpr std::size_t most_values = 500;

// Calls `use` with the value, or with each of an IN; each lasts until the next one.
template <class Call>
void each_value(const Plan::Argument& argument, sqlite3_value* value, const Call& use) {
  if (argument.use != Plan::Use::in) return use(value);
  sqlite3_value* each = nullptr;
  int code = sqlite3_vtab_in_first(value, &each);
  for (; code == SQLITE_OK && each != nullptr; code = sqlite3_vtab_in_next(value, &each)) use(each);
  if (code != SQLITE_OK && code != SQLITE_DONE) throw std::bad_alloc();
}

// How many values the column is compared with, when they compare as SQLite would do it: those of
// a TEXT column as text. nullopt: only SQLite can tell.
std::optional<std::size_t> count_values(const Column& column, const Plan::Argument& argument,
                                        sqlite3_value* value) {
  std::size_t count = 0;
  bool alike = true;
  each_value(argument, value, [&](sqlite3_value* each) {
    ++count;
    alike = alike && (column.type != "TEXT" || argument.literal || Argument(each).is_text() ||
                      Argument(each).is_null());
  });
  return alike && count <= most_values ? std::optional(count) : std::nullopt;
}

}  // namespace

std::string StoredRows::quoted(std::size_t column) const {
  return "t.\"" + std::string(table_.columns[column].name) + '"';
}

std::string StoredRows::select_list(const ColumnSet& used) {
  std::string list;
  identity_place_ = 0;
  places_.assign(table_.columns.size(), -1);
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    if (!used.has(i)) continue;
    list += quoted(i) + ", ";
    places_[i] = identity_place_++;
  }
  return list + std::string(identity_.columns);
}

std::string StoredRows::conditions(const Plan& plan, std::span<sqlite3_value*> values) {
  std::string where;
  bound_.clear();
  std::size_t parameters = 0;
  const auto parameter = [&] { return '?' + std::to_string(++parameters); };
  for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    const std::string_view op = sql_operator(argument.use);
    if (op.empty()) continue;
    const std::size_t column = argument.column - first_column_;
    std::string with;
    if (argument.use == Plan::Use::is_null || argument.use == Plan::Use::is_not_null) {
      with = "NULL";
    } else {
      const auto count = count_values(table_.columns[column], argument, values[i]);
      if (!count) continue;
      bound_.push_back(i);
      if (argument.use == Plan::Use::in) {
        for (std::size_t each = 0; each < *count; ++each)
          with += (each == 0 ? "(" : ", ") + parameter();
        with += with.empty() ? "()" : ")";
      } else {
        with = parameter();
      }
    }
    where +=
        (where.empty() ? " WHERE " : " AND ") + quoted(column) + ' ' + std::string(op) + ' ' + with;
  }
  return where;
}

void StoredRows::filter(const Plan& plan, std::span<sqlite3_value*> values) {
  rows_.reset();
  filter_.reset();
  for (std::size_t i = 0; i < plan.arguments.size(); ++i)
    if (plan.arguments[i].use == Plan::Use::filter) {
      filter_text_ = Argument(values[i]).text();
      if (!filter_text_.empty()) filter_.emplace(filter_text_);
    }
  ColumnSet used = plan.columns.without_first(first_column_);
  if (filter_) used.add_all(filter_->columns());
  std::string sql =
      "SELECT " + select_list(used) + " FROM " + from_ + " AS t" + conditions(plan, values);
  for (std::size_t i = 0; i < plan.order.size(); ++i)
    sql += (i == 0 ? " ORDER BY " : ", ") + quoted(plan.order[i].column - first_column_) +
           (plan.order[i].descending ? " DESC" : "");
  if (sql != sql_) {
    statement_ = Statement(database_, sql);
    sql_ = std::move(sql);
  }
  int parameter = 0;
  for (const std::size_t i : bound_)
    each_value(plan.arguments[i], values[i],
               [&](sqlite3_value* each) { statement_.bind(++parameter, each); });
  rows_.emplace(statement_.query());
}

bool StoredRows::next() {
  while (rows_->next())
    if (!filter_ || passes_filter()) return true;
  rows_.reset();  // so that no read transaction stays open behind the last row
  return false;
}

bool StoredRows::passes_filter() {
  const ColumnSet wanted = filter_->columns();
  cells_.assign(table_.columns.size(), Value());
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (wanted.has(i)) cells_[i] = rows_->value(places_[i]);
  return filter_->matches(cells_);
}

void StoredRows::column(sqlite3_context* context, std::size_t column) {
  if (places_[column] >= 0) sqlite3_result_value(context, rows_->raw(places_[column]));
}

std::int64_t StoredRows::rowid() {
  if (identity_.lookup == nullptr) return rows_->integer(identity_place_);
  if (!row_) row_ = Statement(database_, identity_.lookup);
  for (int i = identity_place_; i < rows_->count(); ++i)
    row_.bind(i - identity_place_ + 1, rows_->raw(i));
  auto found = row_.query();
  if (!found.next())
    throw Error("the warehouse: a row of " + std::string(table_.stored) +
                " has no interaction; cdr_check() shows what else is missing, cdr_rebuild() "
                "restores it");
  return found.integer(0);
}

}  // namespace cdr::ext
