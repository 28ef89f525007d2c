#include "reading/rows.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "core/error.hpp"
#include "reading/group_limits.hpp"
#include "reading/groups.hpp"
#include "reading/id_set.hpp"
#include "reading/packed_rows.hpp"
#include "reading/reader.hpp"
#include "vendors/contradiction.hpp"

namespace cdr {
namespace {

// Applies the operator to the result of a comparison, as SQLite does.
bool compare(Condition::Op op, auto order) {
  switch (op) {
    case Condition::Op::eq:
      return order == 0;
    case Condition::Op::lt:
      return order < 0;
    case Condition::Op::le:
      return order <= 0;
    case Condition::Op::gt:
      return order > 0;
    case Condition::Op::ge:
      return order >= 0;
  }
  return true;
}

// Decides whether the compared columns are made first, and the others only for rows that pass. That
// is not useful if there are no others, or if most rows pass.
class Sieve {
 public:
  Sieve(const ColumnSet& compared, const ColumnSet& wanted)
      : is_useful_(!compared.empty() && !compared.has_all(wanted)) {}
  bool is_useful() const { return is_useful_; }
  void count(bool passed) {
    ++tried_;
    if (passed) ++passed_;
    if (tried_ % few == 0 && passed_ * 2 > tried_) is_useful_ = false;
  }

 private:
  static constexpr std::uint64_t few = 64;
  bool is_useful_;
  std::uint64_t tried_ = 0, passed_ = 0;
};

// The hidden columns of vendor tables, which say where a row comes from.
constexpr Column provenance[] = {
    {"_source", "TEXT", "tenant label given when reading; the vendor's name by default"},
    {"_file", "TEXT", "the file that the record was read from; 'argument' for content"},
    {"_record", "INTEGER", "the record's number in its file, from 1"},
    {"_offset", "INTEGER", "byte at which the record begins in the (decompressed) file"},
};

// Calls `use` for each part of a record that makes a row: the record itself, each element of a list
// in it, or an object in the list's place.
template <class Use>
void each_element(const Origin& origin, Node root, const Use& use) {
  const Node place = origin.list.empty() ? root : root[origin.list];
  if (place.is_object()) return use(place);
  for (const Node element : place.children()) use(element);
}

// Reads every field of every record, so that values that do not convert are found too.
class Inspector {
 public:
  void inspect(const Vendor& vendor, const Record& record) {
    for (const auto& list : {vendor.tables, vendor.unregistered_tables})
      for (const VendorTable& table : list) inspect(table, record);
  }

 private:
  void inspect(const VendorTable& table, const Record& record) {
    const auto reader = readers_.try_emplace(&table, table.fields).first;
    std::vector<Value> cells(table.fields.size());
    const auto read = [&](Node element) {
      arena_.clear();
      reader->second.read(record, element, ColumnSet::all(), 0, false, cells, arena_);
    };
    for (const Origin& origin : table.origins)
      if (origin.resource == record.resource->name) each_element(origin, record.root, read);
  }
  std::map<const VendorTable*, FieldReader> readers_;
  Arena arena_;
};

// {"on_error":"strict"}: every value of a record that counts must convert, even if the query does
// not use it.
class StrictCheck {
 public:
  explicit StrictCheck(const Source& source) {
    if (source.options.on_error == SourceOptions::OnError::strict) inspector_.emplace();
  }
  void check(const Vendor& vendor, const Record& record) {
    if (inspector_) inspector_->inspect(vendor, record);
  }

 private:
  std::optional<Inspector> inspector_;
};

class VendorRows : public RowStream {
 public:
  VendorRows(const JsonTable& table, std::shared_ptr<const Source> source, RowQuery query)
      : vendor_(*table.vendor),
        source_(std::move(source)),
        policy_(source_->options.on_error),
        reader_(*source_, policy_, RecordEnds::guessed, count_threads(source_->options)),
        strict_(*source_),
        rows_(table, std::move(query)) {}

  bool next() override {
    while (!rows_.next()) {
      do {
        if (!reader_.next()) return false;
        strict_.check(reader_.vendor(), reader_.record());
      } while (&reader_.vendor() != &vendor_);
      rows_.read(reader_.record());
    }
    return true;
  }
  std::span<const Value> row() const override { return rows_.row(); }

 private:
  const Vendor& vendor_;
  std::shared_ptr<const Source> source_;
  ReadingPolicy policy_;
  Reader reader_;
  StrictCheck strict_;
  RecordRows rows_;
};

// The rows of a model table. A GroupReader reads the source at least twice, to know for each record
// whether it counts and which records belong to it. Most exports do not need that: no id occurs
// twice, and every record is alone or names all records that belong to it. One pass shows this too,
// if the rows are kept until its end.
class ModelRows : public RowStream {
 public:
  ModelRows(Model model, std::shared_ptr<const Source> source, RowQuery query)
      : model_(model),
        source_(std::move(source)),
        query_(std::move(query)),
        filter_(query_.filter.empty() ? nullptr : dialog_filter(query_.filter)),
        policy_(source_->options.on_error),
        wanted_(Wanted::only(model, columns())),
        compared_(Wanted::only(model, compared())),
        sieve_(compared_.columns, wanted_.columns),
        strict_(*source_),
        kept_(table_of(model), query_.columns),
        late_(table_of(model), query_.columns) {
    if (read_once() || (is_linked_ && read_groups_once())) return;
    forget_kept();
    facts_.clear();
    groups_.emplace(*source_, policy_, scope(), is_linked_);
  }

  bool next() override {
    if (!groups_) return next_kept();
    while (true) {
      while (next_row_ < facts_.rows(model_).size()) {
        row_ = facts_.rows(model_)[next_row_++];
        if (may_hold(row_)) return true;
      }
      do {
        if (!groups_->next()) return false;
        for (const Record& record : groups_->records()) strict_.check(groups_->vendor(), record);
      } while (!any_may_hold(groups_->vendor(), groups_->records()));
      map(groups_->vendor(), groups_->records(), wanted_);
    }
  }
  std::span<const Value> row() const override { return row_; }

 private:
  // The most that is kept. Together with the memory that reading needs, this stays modest.
  static constexpr std::size_t max_kept_bytes = std::size_t{48} * 1024 * 1024;

  // false: a GroupReader must read the source. That includes a source with anything wrong, because
  // then it matters which rows come before the error.
  bool read_once() {
    IdSet ids;
    std::string id;
    Reader reader(*source_, policy_, RecordEnds::guessed, count_threads(source_->options));
    try {
      while (reader.next()) {
        const Record& record = reader.record();
        is_linked_ = GroupReader::is_linked(reader.vendor(), *record.resource, scope());
        if (is_linked_) return false;
        id.clear();
        record.resource->record_id(record, id);
        if (id.empty()) {
          reader.report_missing_key();
          continue;
        }
        ids.add(hash_of_id(*record.resource, id));
        if (ids.any_twice()) return false;
        strict_.check(reader.vendor(), record);
        if (!any_may_hold(reader.vendor(), {&record, 1})) continue;
        map(reader.vendor(), {&record, 1}, wanted_);
        const RowSet& rows = facts_.rows(model_);
        for (std::size_t i = 0; i < rows.size(); ++i)
          if (may_hold(rows[i])) kept_.add(rows[i]);
        if (ids.bytes() + kept_.bytes() > max_kept_bytes) return false;
      }
    } catch (const Error&) {
      return false;
    }
    ids.finish();
    if (ids.any_twice()) return false;
    kept_row_.resize(table_of(model_).columns.size());
    row_ = kept_row_;
    return true;
  }
  // The same for linked records, if they name each other in such a way that each group shows when
  // it is complete.
  bool read_groups_once() {
    forget_kept();
    try {
      GroupReader groups(*source_, policy_, scope(), GroupReader::Once{max_kept_bytes});
      while (groups.next()) {
        for (const Record& record : groups.records()) strict_.check(groups.vendor(), record);
        if (!any_may_hold(groups.vendor(), groups.records())) continue;
        map(groups.vendor(), groups.records(), wanted_);
        keep_group(groups.place());
        if (groups.bytes() + kept_.bytes() + late_.bytes() > max_kept_bytes) return false;
      }
      if (groups.has_failed()) return false;
    } catch (const Error&) {
      return false;
    }
    kept_row_.resize(table_of(model_).columns.size());
    row_ = kept_row_;
    return true;
  }
  // Keeps the rows of a group. They belong after those of all groups that end before `place`.
  void keep_group(std::uint64_t place) {
    const bool is_late = !runs_.empty() && place < runs_.back().place;
    Runs& runs = is_late ? late_runs_ : runs_;
    Run run{place, 0};
    const RowSet& rows = facts_.rows(model_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!may_hold(rows[i])) continue;
      (is_late ? late_ : kept_).add(rows[i]);
      ++run.rows;
    }
    if (run.rows != 0) runs.push_back(run);
  }
  bool next_kept() {
    if (runs_.empty()) {
      if (next_row_ == kept_.size()) return false;
      ++next_row_;
      kept_.read_next(kept_row_);
      return true;
    }
    while (rows_of_run_ == 0) {
      const bool has_early = next_run_ < runs_.size(), has_late = next_late_ < late_runs_.size();
      if (!has_early && !has_late) return false;
      reads_late_ =
          !has_early || (has_late && late_runs_[next_late_].place < runs_[next_run_].place);
      rows_of_run_ = (reads_late_ ? late_runs_[next_late_++] : runs_[next_run_++]).rows;
    }
    --rows_of_run_;
    (reads_late_ ? late_ : kept_).read_next(kept_row_);
    return true;
  }
  void forget_kept() {
    kept_.clear();
    late_.clear();
    runs_.clear();
    late_runs_.clear();
  }
  void map(const Vendor& vendor, std::span<const Record> records, const Wanted& wanted) {
    facts_.clear();
    next_row_ = 0;
    map_with_note(vendor, records, wanted, facts_);
  }
  // Whether any row of these records may be wanted. Leaves facts_ without rows.
  bool any_may_hold(const Vendor& vendor, std::span<const Record> records) {
    if (!vendor_may_hold(vendor)) return false;
    if (!sieve_.is_useful()) return true;
    map(vendor, records, compared_);
    const RowSet& rows = facts_.rows(model_);
    bool any = false;
    for (std::size_t i = 0; i < rows.size() && !any; ++i) any = may_hold(rows[i]);
    sieve_.count(any);
    facts_.clear();
    return any;
  }
  bool may_hold(std::span<const Value> row) const {
    return query_.may_hold(row) && (filter_ == nullptr || filter_->matches(row));
  }
  ColumnSet columns() const {
    ColumnSet columns = query_.columns;
    if (filter_ != nullptr) columns.add_all(filter_->columns());
    return columns;
  }
  ColumnSet compared() const {
    ColumnSet columns = query_.compared();
    if (filter_ != nullptr) columns.add_all(filter_->columns());
    return columns;
  }
  GroupReader::Scope scope() const {
    constexpr auto interaction_id = Row<Model::dialogs>::column<"interaction_id">();
    const bool alone = model_ == Model::dialogs && !wanted_.columns.has(interaction_id);
    return alone ? GroupReader::Scope::single : GroupReader::Scope::linked;
  }
  bool vendor_may_hold(const Vendor& vendor) const {
    for (const Condition& condition : query_.conditions)
      if (condition.column == 0 && !condition.may_hold(Value::text(vendor.name))) return false;
    return true;
  }

  const Model model_;
  std::shared_ptr<const Source> source_;
  const RowQuery query_;
  const std::unique_ptr<const RowFilter> filter_;
  ReadingPolicy policy_;
  const Wanted wanted_, compared_;
  Sieve sieve_;
  StrictCheck strict_;
  bool is_linked_ = false;             // some record is linked
  std::optional<GroupReader> groups_;  // nullopt if one pass was enough
  Facts facts_;
  PackedRows kept_;
  // The number of rows of each group. The groups in late_ belong between those in kept_.
  struct Run {
    std::uint64_t place;
    std::size_t rows;
  };
  using Runs = std::vector<Run, LargePages<Run>>;
  PackedRows late_;
  Runs runs_, late_runs_;
  std::size_t next_run_ = 0, next_late_ = 0, rows_of_run_ = 0;
  bool reads_late_ = false;
  std::vector<Value> kept_row_;
  std::size_t next_row_ = 0;
  std::span<const Value> row_;
};

std::vector<JsonTable> make_json_tables() {
  static std::deque<std::vector<Column>> columns;  // of vendor tables
  std::vector<JsonTable> tables;
  for (std::size_t i = 0; i < model_count; ++i) {
    JsonTable table;
    table.table = model_tables[i];
    table.model = static_cast<Model>(i);
    tables.push_back(table);
  }
  for (const Vendor* vendor : vendors())
    for (const VendorTable& each : vendor->tables) {
      auto& list = columns.emplace_back();
      for (const Field& field : each.fields)
        list.push_back({field.column, declared_type(field.kind), field.doc});
      list.push_back({"extra", "TEXT",
                      "JSON object: fields that have no column, and values that did not convert"});
      list.insert(list.end(), std::begin(provenance), std::end(provenance));
      JsonTable table;
      table.table = {each.name, "", each.grain, list};
      table.hidden = std::size(provenance);
      table.vendor = vendor;
      table.vendor_table = &each;
      tables.push_back(table);
    }
  return tables;
}

class Collector : public ProblemSink {
 public:
  void report(const Problem& problem) override { problems.push_back(problem); }
  std::vector<Problem> problems;
};

}  // namespace

struct RecordRows::State {
  const VendorTable& table;
  RowQuery query;
  ColumnSet compared;
  Sieve sieve;
  FieldReader fields;
  std::vector<Value> cells;
  Arena arena;
  const Record* record = nullptr;
  std::vector<Node> elements;
  std::size_t next = 0;

  bool read_element(Node element) {
    const bool sifts = sieve.is_useful();
    if (sifts) {
      read_cells(element, compared);
      const bool passed = query.may_hold(cells);
      sieve.count(passed);
      if (!passed) return false;
    }
    read_cells(element, query.columns);
    return sifts || query.may_hold(cells);
  }
  void read_cells(Node element, const ColumnSet& used) {
    arena.clear();
    cells.assign(cells.size(), Value());
    const std::size_t extra = table.fields.size();
    cells[extra] = fields.read(*record, element, used, 0, used.has(extra), cells, arena);
    // A record in the warehouse no longer has a place in a file.
    const auto place = [](std::uint64_t at, bool known) {
      return known ? Value::integer(static_cast<std::int64_t>(at)) : Value();
    };
    const bool placed = record->number != 0;
    cells[extra + 1] = Value::text(record->source);
    cells[extra + 2] = Value::text(record->file);
    cells[extra + 3] = place(record->number, placed);
    cells[extra + 4] = place(record->offset, placed);
  }
};

RecordRows::RecordRows(const JsonTable& table, RowQuery query) {
  const ColumnSet compared = query.compared();
  const Sieve sieve(compared, query.columns);
  state_.reset(new State{*table.vendor_table,
                         std::move(query),
                         compared,
                         sieve,
                         FieldReader(table.vendor_table->fields),
                         std::vector<Value>(table.table.columns.size()),
                         {},
                         nullptr,
                         {},
                         0});
}
RecordRows::~RecordRows() = default;

void RecordRows::read(const Record& record) {
  state_->record = &record;
  state_->elements.clear();
  state_->next = 0;
  for (const Origin& origin : state_->table.origins)
    if (origin.resource == record.resource->name)
      each_element(origin, record.root,
                   [this](Node element) { state_->elements.push_back(element); });
}

bool RecordRows::next() {
  while (state_->next < state_->elements.size())
    if (state_->read_element(state_->elements[state_->next++])) return true;
  return false;
}

std::span<const Value> RecordRows::row() const {
  return state_->cells;
}

std::size_t RecordRows::place() const {
  return state_->next - 1;
}

bool Condition::may_hold(const Value& cell) const {
  if (cell.is_null()) return false;
  const auto* const text = std::get_if<std::string>(&operand);
  if (cell.type() == Value::Type::text && text != nullptr)
    return compare(op, cell.as_text().compare(*text));
  if (cell.type() == Value::Type::integer && text == nullptr)
    return compare(op, cell.as_integer() <=> std::get<std::int64_t>(operand));
  return true;  // SQLite compares values of different types
}

bool TimeCondition::holds(const Value& cell) const {
  if (cell.is_null()) return false;
  // Only a report that a user added may have a number there.
  const bool is_number = cell.type() != Value::Type::text;
  const double number =
      cell.type() == Value::Type::integer ? static_cast<double>(cell.as_integer()) : cell.as_real();
  const std::string_view time = cell.as_text();
  return std::any_of(operands.begin(), operands.end(), [&](const Operand& operand) {
    switch (operand.kind) {
      case Operand::Kind::null:
        return false;
      case Operand::Kind::number:
        return is_number ? compare(op, number <=> operand.number) : compare(op, 1);
      case Operand::Kind::blob:
        return compare(op, -1);
      case Operand::Kind::text:
        return compare(op, is_number ? -1 : time.compare(operand.text));
    }
    return false;
  });
}

ColumnSet RowQuery::compared() const {
  ColumnSet compared;
  for (const Condition& condition : conditions) compared.add(condition.column);
  for (const TimeCondition& condition : times) compared.add(condition.column);
  return compared;
}

bool RowQuery::may_hold(std::span<const Value> row) const {
  for (const Condition& condition : conditions)
    if (!condition.may_hold(row[condition.column])) return false;
  for (const TimeCondition& condition : times)
    if (!condition.holds(row[condition.column])) return false;
  return true;
}

std::unique_ptr<RowStream> JsonTable::open(std::shared_ptr<const Source> source,
                                           RowQuery query) const {
  if (model) return std::make_unique<ModelRows>(*model, std::move(source), std::move(query));
  return std::make_unique<VendorRows>(*this, std::move(source), std::move(query));
}

std::span<const JsonTable> json_tables() {
  static const std::vector<JsonTable> tables = make_json_tables();
  return tables;
}

struct ProblemReader::State {
  explicit State(std::shared_ptr<const Source> read)
      : source(std::move(read)), reader(*source, collector, RecordEnds::guessed) {}

  void inspect() {
    inspector.inspect(reader.vendor(), reader.record());
    id.clear();
    reader.record().resource->record_id(reader.record(), id);
    if (id.empty()) reader.report_missing_key();
    links.clear();
    if (reader.record().resource->links == nullptr) return;
    reader.record().resource->links(reader.record(), links);
    const auto all = links.all();
    if (std::any_of(all.begin(), all.end(), [](const auto& link) { return link.names != nullptr; }))
      ++linked;
  }

  // Reports the links that are not followed, which only all records together show. Few sources have
  // enough linked records for that.
  void inspect_links() {
    if (std::exchange(linked, 0) <= group_limits.joined) return;
    ReadingPolicy silent(SourceOptions::OnError::skip);
    Source lenient = *source;
    lenient.options.on_error = SourceOptions::OnError::skip;
    const GroupReader groups(lenient, silent, GroupReader::Scope::linked);
    for (const GroupReader::Hub& hub : groups.hubs())
      collector.report(GroupReader::problem_of(hub));
  }

  std::shared_ptr<const Source> source;
  Collector collector;
  Inspector inspector;
  Reader reader;
  std::string id;
  Links links;
  std::size_t linked = 0;  // records whose links name others
};

ProblemReader::ProblemReader(std::shared_ptr<const Source> source)
    : state_(std::make_unique<State>(std::move(source))) {}
ProblemReader::~ProblemReader() = default;

std::span<const Problem> ProblemReader::next() {
  std::vector<Problem>& problems = state_->collector.problems;
  problems.clear();
  while (problems.empty() && state_->reader.next_raw())
    if (state_->reader.parse()) state_->inspect();
  if (problems.empty()) state_->inspect_links();
  return problems;
}

std::vector<Problem> problems_of(const Source& source) {
  std::vector<Problem> all;
  ProblemReader reader(std::make_shared<const Source>(source));
  for (auto some = reader.next(); !some.empty(); some = reader.next())
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace cdr
