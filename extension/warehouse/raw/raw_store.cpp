#include "extension/warehouse/raw/raw_store.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/error.hpp"
#include "reading/group_limits.hpp"

namespace cdr::ext {
namespace {

// From this many records on, a dictionary is worth its space.
constexpr std::size_t enough_samples = 256;

// The result of counting a link that this many records share is kept.
constexpr std::size_t worth_knowing = 64;

// The bits of a key's hash that come from the id.
constexpr std::uint64_t bits_of_id = ~std::uint64_t{0} >> 16;

// The most rows that are written at once: they stay in the cache meanwhile.
constexpr std::size_t most_new = 256;

constexpr std::string_view new_columns[] = {
    "id",       "vendor",       "resource",     "source",        "record_id",
    "key_hash", "content_hash", "payload",      "payload_bytes", "dictionary_id",
    "latest",   "provided",     "fetched_at",   "zone",          "context",
    "member",   "component",    "first_import", "last_import"};

// Content hashes are stored big-endian, as in XXH3's canonical form.
std::array<unsigned char, 16> canonical(const Rank& rank) {
  XXH128_canonical_t form;
  XXH128_canonicalFromHash(&form, {rank.hash_low, rank.hash_high});
  std::array<unsigned char, 16> bytes{};
  std::memcpy(bytes.data(), form.digest, bytes.size());
  return bytes;
}
void read_hash(std::string_view bytes, Rank& rank) {
  XXH128_canonical_t form{};
  std::memcpy(form.digest, bytes.data(), std::min(bytes.size(), sizeof form.digest));
  const XXH128_hash_t hash = XXH128_hashFromCanonical(&form);
  rank.hash_high = hash.high64;
  rank.hash_low = hash.low64;
}

std::optional<std::int64_t> micros(std::optional<Instant> instant) {
  return instant ? std::optional(instant->us) : std::nullopt;
}

constexpr std::string_view select_known =
    "SELECT id, component, content_hash, latest, provided, fetched_at, zone, context, member, "
    "key_hash, vendor, resource, source, record_id, first_import FROM main.raw_record WHERE ";

}  // namespace

KeyRange key_hashes_of(const Recognised& as) {
  std::string kind(as.vendor->name);
  kind.append(1, '\0').append(as.resource->name);
  const std::uint64_t first = XXH3_64bits(kind.data(), kind.size()) & ~bits_of_id;
  return {first, first | bits_of_id};
}
std::uint64_t key_hash_of(const Recognised& as, std::string_view record_id) {
  return key_hashes_of(as).first | XXH3_64bits(record_id.data(), record_id.size()) >> 16;
}

namespace {

LinkId link_id(std::string_view vendor, std::string_view source, std::string_view id) {
  std::string key(vendor);
  key.append(1, '\0').append(source).append(1, '\0').append(id);
  const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
  return {hash.high64, hash.low64};
}

}  // namespace

std::vector<LinkId> link_ids(const Vendor& vendor, const Record& record) {
  std::vector<LinkId> links;
  if (record.resource->links == nullptr) return links;
  Links found;
  record.resource->links(record, found);
  links.reserve(found.all().size());
  for (const Links::Link& each : found.all()) {
    LinkId link = link_id(vendor.name, record.source, each.id);
    if (each.names != nullptr) link.names = key_hash_of({&vendor, each.names}, each.id);
    links.push_back(link);
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  return links;
}

RawStore::RawStore(sqlite3* database)
    : database_(database),
      find_(database, std::string(select_known) + "key_hash = ?1"),
      follow_(database, std::string(select_known) + "id > ?1 ORDER BY id"),
      read_(database,
            "SELECT vendor, resource, source, record_id, payload, payload_bytes, dictionary_id, "
            "content_hash, latest, provided, fetched_at, zone, context, member, component "
            "FROM main.raw_record WHERE id = ?1"),
      last_import_(database, "SELECT last_import FROM main.raw_record WHERE id = ?1"),
      update_(database,
              "UPDATE main.raw_record SET last_import = ?2, content_hash = ?3, payload = ?4, "
              "payload_bytes = ?5, dictionary_id = ?6, latest = ?7, provided = ?8, "
              "fetched_at = ?9, zone = ?10, context = ?11, member = ?12 WHERE id = ?1"),
      set_fetched_at_(database, "UPDATE main.raw_record SET fetched_at = ?2 WHERE id = ?1"),
      set_component_(database, "UPDATE main.raw_record SET component = ?2 WHERE id = ?1"),
      set_rank_(database,
                "UPDATE main.raw_record SET latest = ?2, provided = ?3, content_hash = ?4 "
                "WHERE id = ?1"),
      records_of_(database, "SELECT id FROM main.raw_record WHERE component = ?1 ORDER BY id"),
      more_records_(database,
                    "SELECT 1 FROM main.raw_record WHERE component = ?1 LIMIT 1 OFFSET ?2"),
      records_sharing_(database, "SELECT raw_id FROM main.record_link WHERE hash = ?1"),
      count_sharing_(
          database,
          "SELECT count(*) FROM (SELECT 1 FROM main.record_link WHERE hash = ?1 LIMIT ?2)"),
      named_(database, "SELECT vendor, source, record_id FROM main.raw_record WHERE key_hash = ?1"),
      add_link_(database, "INSERT OR IGNORE INTO main.record_link VALUES (?1, ?2)"),
      remove_link_(database, "DELETE FROM main.record_link WHERE hash = ?1 AND raw_id = ?2"),
      remove_(database, "DELETE FROM main.raw_record WHERE id = ?1"),
      enough_(database,
              "SELECT id FROM main.raw_record WHERE vendor = ?1 AND resource = ?2 "
              "AND payload IS NOT NULL LIMIT ?3"),
      dictionary_of_(database,
                     "SELECT max(id) FROM main.zstd_dictionary WHERE vendor = ?1 AND resource = "
                     "?2"),
      insert_(database, "raw_record", {std::begin(new_columns), std::end(new_columns)},
              BulkInsert::Conflict::fail, {"content_hash", "payload"}),
      add_links_(database, "record_link", {"hash", "raw_id"}, BulkInsert::Conflict::ignore) {}

std::int64_t RawStore::last_id() {
  Statement select(database_, "SELECT max(id) FROM main.raw_record");
  auto rows = select.query();
  return rows.next() ? rows.integer(0) : 0;
}

std::optional<RawStore::Known> RawStore::find(const RawData& raw) {
  if (following_) {
    if (following_->next() && is_key(*following_, raw)) return known(*following_);
    following_.reset();
  }
  auto rows = find_.query(raw.key_hash);
  while (rows.next()) {
    if (!is_key(rows, raw)) continue;
    const std::int64_t before = std::exchange(found_, rows.integer(0));
    if (found_ == before + 1) following_.emplace(follow_.query(found_));
    return known(rows);
  }
  return std::nullopt;
}

bool RawStore::is_key(const Statement::Rows& row, const RawData& raw) {
  return static_cast<std::uint64_t>(row.integer(9)) == raw.key_hash &&
         row.text(13) == raw.record_id && row.text(12) == raw.source &&
         row.text(11) == raw.as.resource->name && row.text(10) == raw.as.vendor->name;
}

RawStore::Known RawStore::known(const Statement::Rows& rows) {
  Known known{rows.integer(0), rows.integer(1), rows.integer(14), {}};
  Version& version = known.version;
  read_hash(rows.blob(2), version.rank);
  if (!rows.is_null(3)) version.rank.latest = Instant{rows.integer(3)};
  version.rank.provided = static_cast<std::uint64_t>(rows.integer(4));
  version.fetched_at = rows.optional_integer(5);
  // The row's texts are lost at the statement's next step.
  const std::string_view texts[] = {rows.text(6), rows.text(7), rows.text(8)};
  found_text_.clear();
  for (const std::string_view text : texts) found_text_ += text;
  std::string_view rest = found_text_;
  const auto take = [&rest](std::size_t size) {
    const std::string_view text = rest.substr(0, size);
    rest.remove_prefix(size);
    return text;
  };
  version.zone = take(texts[0].size());
  version.context = take(texts[1].size());
  version.member = take(texts[2].size());
  return known;
}

Recognised RawStore::named(std::string_view vendor, std::string_view resource) const {
  for (const Vendor* each : vendors())
    if (each->name == vendor)
      for (const Resource& of : each->resources)
        if (of.name == resource) return {each, &of};
  throw Error("the warehouse: a raw record is of " + std::string(vendor) + "'s kind '" +
              std::string(resource) +
              "', which libcdr " CDR_VERSION
              " does not know; use the libcdr that imported it, or a newer one");
}

RawData RawStore::read(std::int64_t id, Arena& arena) {
  auto rows = read_.query(id);
  if (!rows.next())
    throw Error("the warehouse: raw record " + std::to_string(id) +
                " is missing; cdr_check() says what else is missing");
  if (rows.is_null(4))
    throw Error("the warehouse: raw record " + std::to_string(id) +
                " was imported with keep_raw false, so its interaction cannot be rebuilt; " +
                not_kept_remedy);
  RawData raw;
  raw.id = id;
  raw.as = named(rows.text(0), rows.text(1));
  raw.source = arena.keep(rows.text(2));
  raw.record_id = arena.keep(rows.text(3));
  raw.key_hash = key_hash_of(raw.as, raw.record_id);
  const auto size = static_cast<std::size_t>(rows.integer(5));
  if (size > max_record_bytes)
    throw Error("the warehouse: raw record " + std::to_string(id) +
                " claims to be larger than a record may be; restore the file from a backup");
  char* json = arena.allocate(size + padding);
  compressor_.decompress(rows.blob(4), dictionary(rows.optional_integer(6)), json, size);
  std::memset(json + size, 0, padding);
  raw.json = {json, size};
  read_hash(rows.blob(7), raw.version.rank);
  if (!rows.is_null(8)) raw.version.rank.latest = Instant{rows.integer(8)};
  raw.version.rank.provided = static_cast<std::uint64_t>(rows.integer(9));
  raw.version.fetched_at = rows.optional_integer(10);
  raw.version.zone = arena.keep(rows.text(11));
  raw.version.context = arena.keep(rows.text(12));
  raw.version.member = arena.keep(rows.text(13));
  raw.component = rows.integer(14);
  return raw;
}

bool RawStore::has(std::int64_t id) {
  auto rows = last_import_.query(id);
  return rows.next();
}
std::int64_t RawStore::last_import(std::int64_t id) {
  auto rows = last_import_.query(id);
  return rows.next() ? rows.integer(0) : 0;
}

void RawParser::parse(const RawData& raw, Document& document, Record& record, Arena& texts) {
  require_json(raw, document.parse(raw.json, texts));
  describe(raw, document, record);
}
void RawParser::parse(const RawData& raw, Document& document, Record& record) {
  require_json(raw, document.parse(raw.json));
  describe(raw, document, record);
}

void RawParser::require_json(const RawData& raw, const std::optional<Problem>& problem) {
  if (problem)
    throw Error("the warehouse: raw record " + std::to_string(raw.id) +
                " is not JSON; restore the file from a backup");
}

void RawParser::describe(const RawData& raw, const Document& document, Record& record) {
  record = Record();
  record.resource = raw.as.resource;
  record.root = document.root();
  record.source = raw.source;
  record.zone = &zone_named(raw.version.zone);
  record.context = raw.version.context;
  record.member = raw.version.member;
}

const Zone& RawParser::zone_named(std::string_view name) {
  auto found = zones_.find(name);
  if (found == zones_.end())
    found = zones_.emplace(name, name.empty() ? Zone() : Zone::named(name)).first;
  return found->second;
}

void RawStore::forget() {
  insert_.forget();
  add_links_.forget();
  new_hashes_.clear();
  crowded_.clear();
  newest_.clear();
  dictionaries_.clear();
}

std::optional<std::int64_t>& RawStore::dictionary_id(const Recognised& as) {
  const auto [at, added] = newest_.try_emplace(as.resource);
  if (added) {
    auto rows = dictionary_of_.query(as.vendor->name, as.resource->name);
    if (rows.next()) at->second = rows.optional_integer(0);
  }
  return at->second;
}

RawStore::Coding RawStore::coding(const Recognised& as) {
  const auto id = dictionary_id(as);
  return {id, dictionary(id)};
}

const Dictionary* RawStore::dictionary(std::optional<std::int64_t> id) {
  if (!id) return nullptr;
  auto& kept = dictionaries_[*id];
  if (kept) return kept.get();
  Statement select(database_, "SELECT dictionary FROM main.zstd_dictionary WHERE id = ?1");
  auto rows = select.query(*id);
  if (!rows.next())
    throw Error("the warehouse: the dictionary " + std::to_string(*id) +
                " is missing from zstd_dictionary; restore the file from a backup");
  kept = std::make_unique<Dictionary>(rows.blob(0));
  return kept.get();
}

void RawStore::prepare(const Recognised& as, std::span<const std::string_view> samples) {
  const bool new_kind = !newest_.contains(as.resource);
  if (dictionary_id(as)) return;
  if (samples.size() >= enough_samples)
    return train(as, samples.first(std::min(samples.size(), most_samples)));
  // Records that come a few at a time add up, and one check per import is enough.
  if (!new_kind) return;
  Arena arena;
  const Samples stored = stored_samples(as, arena);
  if (stored.size() >= most_samples) train(as, stored);
}

RawStore::Samples RawStore::stored_samples(const Recognised& as, Arena& arena) {
  std::vector<std::int64_t> ids;
  {
    auto rows = enough_.query(as.vendor->name, as.resource->name, std::uint64_t{most_samples});
    while (rows.next()) ids.push_back(rows.integer(0));
  }
  Samples samples;
  if (ids.size() < most_samples) return samples;
  for (const std::int64_t id : ids) samples.push_back(read(id, arena).json);
  return samples;
}

std::optional<std::int64_t> RawStore::add_dictionary(std::string_view vendor,
                                                     std::string_view resource,
                                                     std::span<const std::string_view> samples) {
  const std::string bytes = Dictionary::train(samples);
  if (bytes.empty()) return std::nullopt;
  Statement insert(database_,
                   "INSERT INTO main.zstd_dictionary (vendor, resource, dictionary, records) "
                   "VALUES (?1, ?2, ?3, ?4)");
  insert.execute(vendor, resource, Statement::Blob{bytes}, std::uint64_t{samples.size()});
  return sqlite3_last_insert_rowid(database_);
}

void RawStore::train(const Recognised& as, std::span<const std::string_view> samples) {
  if (const auto id = add_dictionary(as.vendor->name, as.resource->name, samples))
    dictionary_id(as) = id;
}

void RawStore::insert(const RawData& raw, std::string_view payload,
                      std::optional<std::int64_t> dictionary, std::int64_t import_id) {
  if (insert_.size() == most_new) write_new();
  const auto number = [](auto value) { return Value::integer(static_cast<std::int64_t>(value)); };
  const auto optional = [&](const std::optional<std::int64_t>& value) {
    return value ? number(*value) : Value();
  };
  const auto hash = canonical(raw.version.rank);
  const Value row[] = {
      number(raw.id),
      Value::text(raw.as.vendor->name),
      Value::text(raw.as.resource->name),
      Value::text(raw.source),
      Value::text(raw.record_id),
      number(raw.key_hash),
      Value::text(new_hashes_.keep({reinterpret_cast<const char*>(hash.data()), hash.size()})),
      Value::text(payload),
      number(raw.json.size()),
      optional(dictionary),
      optional(micros(raw.version.rank.latest)),
      number(raw.version.rank.provided),
      optional(raw.version.fetched_at),
      text_value(raw.version.zone),
      text_value(raw.version.context),
      text_value(raw.version.member),
      number(raw.component),
      number(import_id),
      number(import_id),
  };
  static_assert(std::size(row) == std::size(new_columns));
  std::copy(std::begin(row), std::end(row), insert_.add().begin());
}

void RawStore::write_new() {
  insert_.write();
  new_hashes_.rewind();
}

void RawStore::update(const RawData& raw, std::string_view payload,
                      std::optional<std::int64_t> dictionary, std::int64_t import_id) {
  const auto hash = canonical(raw.version.rank);
  update_.execute(raw.id, import_id,
                  Statement::Blob{{reinterpret_cast<const char*>(hash.data()), hash.size()}},
                  Statement::Blob{payload}, std::uint64_t{raw.json.size()}, dictionary,
                  micros(raw.version.rank.latest), raw.version.rank.provided,
                  raw.version.fetched_at, text_value(raw.version.zone),
                  text_value(raw.version.context), text_value(raw.version.member));
}

void RawStore::set_fetched_at(std::int64_t id, std::int64_t fetched_at) {
  set_fetched_at_.execute(id, fetched_at);
}
void RawStore::set_component(std::int64_t id, std::int64_t component) {
  set_component_.execute(id, component);
}
void RawStore::set_rank(std::int64_t id, const Rank& rank) {
  const auto hash = canonical(rank);
  set_rank_.execute(id, micros(rank.latest), rank.provided,
                    Statement::Blob{{reinterpret_cast<const char*>(hash.data()), hash.size()}});
}
void RawStore::drop_payloads(std::int64_t first_import, std::int64_t last_import) {
  Statement(database_,
            "UPDATE main.raw_record SET payload = NULL WHERE last_import BETWEEN ?1 AND ?2 "
            "AND payload IS NOT NULL")
      .execute(first_import, last_import);
}

void RawStore::records_of(std::int64_t component, std::vector<std::int64_t>& ids) {
  auto rows = records_of_.query(component);
  while (rows.next()) ids.push_back(rows.integer(0));
}
bool RawStore::has_more_records(std::int64_t component, std::size_t than) {
  auto rows = more_records_.query(component, std::uint64_t{than});
  return rows.next();
}
bool RawStore::records_sharing(const LinkId& link, std::vector<std::int64_t>& ids) {
  if (const auto known = crowded_.find(link); known != crowded_.end() && !known->second)
    return false;
  const std::size_t before = ids.size();
  all_sharing(link, ids);
  if (link.names == 0 || ids.size() - before <= group_limits.joined || is_followed(link))
    return true;
  ids.resize(before);
  return false;
}
void RawStore::all_sharing(const LinkId& link, std::vector<std::int64_t>& ids) {
  auto rows = records_sharing_.query(link.low);
  while (rows.next()) ids.push_back(rows.integer(0));
}
void RawStore::remove(std::int64_t id) {
  remove_.execute(id);
}
std::size_t RawStore::count_sharing(const LinkId& link, std::size_t most) {
  auto rows = count_sharing_.query(link.low, std::uint64_t{most});
  rows.next();
  return static_cast<std::size_t>(rows.integer(0));
}
bool RawStore::is_followed(const LinkId& link) {
  if (link.names == 0) return true;
  if (const auto known = crowded_.find(link); known != crowded_.end()) return known->second;
  const std::size_t count = count_sharing(link, group_limits.joined + 1);
  if (count < worth_knowing && count <= group_limits.joined) return true;
  return crowded_[link] = count <= group_limits.joined || names_record(link);
}
bool RawStore::is_shared_by_few(std::uint64_t low) {
  return count_sharing({0, low, 0}, group_limits.joined + 1) <= group_limits.joined;
}
// Whether the record that the link names is there.
bool RawStore::names_record(const LinkId& link) {
  const auto is_it = [&](std::string_view vendor, std::string_view source, std::string_view id) {
    const LinkId own = link_id(vendor, source, id);
    return own.high == link.high && own.low == link.low;
  };
  for (const RawData* each : expected_)
    if (each->key_hash == link.names && is_it(each->as.vendor->name, each->source, each->record_id))
      return true;
  auto rows = named_.query(link.names);
  while (rows.next())
    if (is_it(rows.text(0), rows.text(1), rows.text(2))) return true;
  return false;
}
void RawStore::add_link(LinkId link, std::int64_t id) {
  crowded_.clear();
  add_link_.execute(link.low, id);
}
void RawStore::add_links(std::span<const std::pair<LinkId, std::int64_t>> links) {
  crowded_.clear();
  for (const auto& [link, id] : links) {
    if (add_links_.size() == most_new) add_links_.write();
    const std::span<Value> row = add_links_.add();
    row[0] = Value::integer(static_cast<std::int64_t>(link.low));
    row[1] = Value::integer(id);
  }
  add_links_.write();
}
void RawStore::remove_link(LinkId link, std::int64_t id) {
  crowded_.clear();
  remove_link_.execute(link.low, id);
}

}  // namespace cdr::ext
