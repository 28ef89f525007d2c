#include "extension/tables/raw_table.hpp"

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
      keeper_(database),
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

void RawRows::forget_kept() noexcept {
  kept_.end();
  kept_rows_.reset();
  kept_ids_ = {};
  asked_.clear();
}

bool RawRows::reopen() {
  store_.forget();  // its dictionaries may have been replaced
  return standing_.holds();
}

void RawRows::filter(const Plan& plan, std::span<sqlite3_value*> values) {
  end();
  query_ = query_of(table_, plan, values);
  if (keeps(plan)) return kept_.begin(*kept_rows_, plan, values);
  start(query_);
}

void RawRows::start(RowQuery query) {
  rows_.reset();
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
  record_rows_ = std::make_unique<RecordRows>(table_, std::move(query));
  resource_ = resources_.begin();
  open_resource();
}

// Whether the rows of this plan are kept: it was asked for before, and not for one id.
bool RawRows::keeps(const Plan& plan) {
  const bool is_repeated = asked_ == plan.written;
  if (!is_repeated) {
    forget_kept();
    can_keep_ = true;
    asked_ = plan.written;
  }
  for (const OfResource& resource : resources_)
    for (const Condition& condition : query_.conditions)
      if (static_cast<int>(condition.column) == resource.id_column) return false;
  if (!is_repeated || !can_keep_) return false;
  const auto state = keeper_.see();
  if (!state) return false;
  if (kept_rows_ != nullptr && kept_state_ == *state) return true;
  kept_state_ = *state;
  can_keep_ = keep_all(plan);
  return can_keep_;
}

bool RawRows::keep_all(const Plan& plan) {
  kept_ids_.clear();
  kept_rows_ = kept_.make(plan);
  if (kept_rows_ == nullptr) return false;
  bool is_kept = true;
  start(kept_.all_rows(plan));
  while (is_kept && next()) {
    check_stop();
    is_kept = kept_rows_->add([&](std::size_t i) { return Cell::of(record_rows_->row()[i]); });
    kept_ids_.push_back(rowid());
  }
  end();
  if (is_kept && kept_rows_->finish()) return true;
  kept_rows_.reset();
  kept_ids_ = {};
  return false;
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
