#include "extension/tables/raw_table.hpp"

#include <algorithm>

#include "core/stop.hpp"
#include "extension/binding/value.hpp"

namespace cdr::ext {
namespace {

// ?1 vendor, ?2 resource, ?3 source or NULL, ?4 and ?5 the range of the keys' hashes, ?6 id. The
// hashes do not depend on the source.
constexpr std::string_view all_records =
    "SELECT r.id, f.path FROM main.raw_record AS r "
    "LEFT JOIN main.import_file AS f ON f.import_id = r.last_import "
    "WHERE r.key_hash BETWEEN ?4 AND ?5 AND r.vendor = ?1 AND r.resource = ?2 "
    "AND (?3 IS NULL OR r.source = ?3)";
constexpr std::string_view of_id =
    "SELECT r.id, f.path FROM main.raw_record AS r "
    "LEFT JOIN main.import_file AS f ON f.import_id = r.last_import "
    "WHERE r.key_hash = ?4 AND r.vendor = ?1 AND r.resource = ?2 AND r.record_id = ?6 "
    "AND (?3 IS NULL OR r.source = ?3)";

// The table's column that holds the record's id unchanged; -1: none.
int id_column(const JsonTable& table, const Resource& resource) {
  if (resource.id_key.empty()) return -1;
  const std::span<const Field> fields = table.vendor_table->fields;
  for (const Origin& origin : table.vendor_table->origins) {
    if (origin.resource != resource.name) continue;
    const std::string key = (origin.list.empty() ? "" : "/") + std::string(resource.id_key);
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (fields[i].kind == Kind::text && fields[i].key.substr(0, fields[i].key.find('|')) == key)
        return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

RawRows::RawRows(sqlite3* database, const JsonTable& table)
    : table_(table),
      standing_(database, {"raw_record", "record_link", "zstd_dictionary", "import_file"},
                table.table.name),
      store_(database),
      all_(database, all_records),
      of_id_(database, of_id),
      count_(database, "SELECT count(*) FROM main.raw_record WHERE key_hash BETWEEN ?1 AND ?2"),
      keeper_(database, standing_.is_complete()),
      kept_(database, table) {
  for (const Resource& resource : table.vendor->resources)
    for (const Origin& origin : table.vendor_table->origins)
      if (origin.resource == resource.name) {
        resources_.push_back({&resource, id_column(table, resource), {}});
        break;
      }
}

void RawRows::end() noexcept {
  rows_.reset();
  record_rows_.reset();
  kept_.end();
}

void RawRows::put_by() noexcept {
  kept_.end();
  for (Asked& each : asked_) each.rows.reset();
  if (state_ && !state_->lasts()) asked_.clear();
}

bool RawRows::reopen() {
  store_.forget();  // its dictionaries may have been replaced
  return standing_.holds();
}

void RawRows::filter(const Plan& plan, std::span<sqlite3_value*> values) {
  end();
  query_ = query_of(table_, plan, values);
  if (const KeptRows* const kept = kept_for(plan)) return kept_.begin(*kept, plan, values, query_);
  start(query_);
}

// The tenant and the ids that the query names.
void RawRows::find_ids(const RowQuery& query) {
  const std::size_t source_column = table_.vendor_table->fields.size() + 1;
  source_.reset();
  for (OfResource& each : resources_) each.id.reset();
  for (const Condition& condition : query.conditions) {
    const auto* const text = std::get_if<std::string>(&condition.operand);
    if (condition.op != Condition::Op::eq || text == nullptr) continue;
    if (condition.column == source_column) source_ = *text;
    for (OfResource& each : resources_)
      if (static_cast<int>(condition.column) == each.id_column) each.id = *text;
  }
}

void RawRows::start(RowQuery query) {
  rows_.reset();
  find_ids(query);
  record_rows_ = std::make_unique<RecordRows>(table_, std::move(query));
  resource_ = resources_.begin();
  open_resource();
}

// The kept rows of this plan. Null: the query names the id of each resource, the rows cannot be
// kept, or too few records were read for it so far: reading all of them must not take longer than
// what was read already.
const KeptRows* RawRows::kept_for(const Plan& plan) {
  asking_.reset();
  find_ids(query_);
  if (std::all_of(resources_.begin(), resources_.end(),
                  [](const OfResource& each) { return each.id.has_value(); }))
    return nullptr;
  const auto state = keeper_.see_own();
  if (state != state_) {
    asked_.clear();
    count_records_.reset();
    state_ = state;
  }
  if (!state) return nullptr;
  auto asked = std::find_if(asked_.begin(), asked_.end(),
                            [&](const Asked& each) { return each.plan == plan.written; });
  if (asked == asked_.end()) asked = asked_.insert(asked_.end(), {plan.written, 0, {}, nullptr});
  if (asked->rows == nullptr && state->lasts())
    asked->rows = keeper_->find_rows(table_.table, plan.written);
  if (asked->rows == nullptr && asked->records > 0 && asked->records >= count_records() &&
      asked->too_small != keeper_->bound()) {
    asked->rows = read_all(plan);
    if (asked->rows == nullptr)
      asked->too_small = keeper_->bound();
    else if (state->lasts())
      keeper_->keep_rows(table_.table, plan.written, asked->rows, *state);
  }
  if (asked->rows == nullptr) asking_ = asked - asked_.begin();
  return asked->rows.get();
}

std::shared_ptr<const KeptRows> RawRows::read_all(const Plan& plan) {
  std::shared_ptr<KeptRows> kept = kept_.make(plan);
  if (kept == nullptr) return nullptr;
  bool fits = true;
  for (start(kept_.all_rows(plan)); fits && next();) {
    check_stop();
    fits = kept->add([&](std::size_t i) { return Cell::of(record_rows_->row()[i]); });
    kept->identify(rowid());
  }
  end();
  return fits && kept->finish() ? kept : nullptr;
}

std::int64_t RawRows::count_records() {
  if (!count_records_) {
    std::int64_t count = 0;
    for (const OfResource& each : resources_) {
      const KeyRange hashes = key_hashes_of({table_.vendor, each.resource});
      auto rows = count_.query(hashes.first, hashes.last);
      if (rows.next()) count += rows.integer(0);
    }
    count_records_ = count;
  }
  return *count_records_;
}

void RawRows::open_resource() {
  rows_.reset();
  const Recognised as{table_.vendor, resource_->resource};
  const KeyRange hashes = key_hashes_of(as);
  const auto& id = resource_->id;
  rows_.emplace(
      id ? of_id_.query(as.vendor->name, as.resource->name, source_, key_hash_of(as, *id), nullptr,
                        *id)
         : all_.query(as.vendor->name, as.resource->name, source_, hashes.first, hashes.last));
}

bool RawRows::next() {
  if (kept_.is_running()) return kept_.next(query_);
  while (!record_rows_->next()) {
    while (!rows_->next()) {
      if (++resource_ == resources_.end()) return false;
      open_resource();
    }
    read_record();
  }
  return true;
}

void RawRows::read_record() {
  if (asking_) ++asked_[*asking_].records;
  raw_id_ = rows_->integer(0);
  arena_.clear();
  parser_.parse(store_.read(raw_id_, arena_), document_, record_);
  record_.file = arena_.keep(rows_->text(1));
  record_rows_->read(record_);
}

void RawRows::column(sqlite3_context* context, std::size_t column) {
  set_result(context, kept_.is_running() ? kept_.value(column) : record_rows_->row()[column]);
}

}  // namespace cdr::ext
