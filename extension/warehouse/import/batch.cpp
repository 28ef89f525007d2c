#include "extension/warehouse/import/batch.hpp"

#include <cstring>

#include "core/text.hpp"

namespace cdr::ext {
namespace {

// The larger a batch, the more neighbouring rows of a table are written together. Two batches are
// in memory at a time.
constexpr std::size_t most_records = std::size_t{8} * 1024;
constexpr std::size_t most_bytes = std::size_t{12} * 1024 * 1024;

bool holds_noncharacter(std::string_view text) {
  constexpr std::string_view escape = "\\ufff";
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    if (text[at] == '\xEF' && text[at + 1] == '\xBF' &&
        (text[at + 2] == '\xBE' || text[at + 2] == '\xBF'))
      return true;
    const std::string_view escaped = text.substr(at, escape.size() + 1);
    if (escaped.size() > escape.size() &&
        equal_ignoring_case(escaped.substr(0, escape.size()), escape) &&
        (lower(escaped.back()) == 'e' || lower(escaped.back()) == 'f'))
      return true;
  }
  return false;
}

}  // namespace

bool has_noncharacter(const Record& record) {
  return holds_noncharacter(record.root.raw()) || holds_noncharacter(record.context) ||
         holds_noncharacter(record.member);
}

bool Batch::add(const Vendor& vendor, const Record& record, std::string_view id,
                std::optional<std::int64_t> fetched_at, const Tombstones& tombstones, Look look) {
  // All of a record's content decides whether it was erased.
  const bool is_looked_into = look == Look::full || !tombstones.is_empty();
  std::vector<LinkId> links;
  if (is_looked_into) links = link_ids(vendor, record);
  const Rank rank = is_looked_into ? rank_of(record) : hash_of(record);
  if (is_looked_into && tombstones.cover(vendor, record, id, links, rank.latest)) return false;
  Incoming& incoming = records_.emplace_back();
  incoming.is_looked_into = is_looked_into;
  RawData& raw = incoming.raw;
  raw.as = {&vendor, record.resource};
  raw.source = arena_.keep(record.source);
  raw.record_id = arena_.keep(id);
  raw.key_hash = key_hash_of(raw.as, id);
  const std::string_view json = record.root.raw();
  char* const copy = arena_.allocate(json.size() + padding);
  std::memcpy(copy, json.data(), json.size());
  std::memset(copy + json.size(), 0, padding);
  raw.json = {copy, json.size()};
  raw.version.fetched_at = fetched_at;
  raw.version.rank = rank;
  if (!record.zone->is_utc()) raw.version.zone = arena_.keep(record.zone->name());
  raw.version.context = arena_.keep(record.context);
  raw.version.member = arena_.keep(record.member);
  incoming.links = std::move(links);
  incoming.number = record.number;
  incoming.offset = record.offset;
  bytes_ += json.size();
  return true;
}

bool Batch::is_full() const {
  return records_.size() >= most_records || bytes_ >= most_bytes;
}

void Batch::clear() {
  records_.clear();
  arena_.rewind();
  bytes_ = 0;
}

}  // namespace cdr::ext
