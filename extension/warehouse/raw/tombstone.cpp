#include "extension/warehouse/raw/tombstone.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/identity.hpp"

namespace cdr::ext {
namespace {

constexpr std::string_view record_kind = "record", link_kind = "link",
                           interaction_kind = "interaction", customer_kind = "customer",
                           before_kind = "before";
constexpr const char* key_name = "erase_key";
constexpr std::string_view word_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

constexpr std::size_t shortest_word = 5;

std::string record_name(std::string_view vendor, std::string_view resource, std::string_view source,
                        std::string_view id) {
  std::string name;
  for (const std::string_view part : {vendor, resource, source, id})
    name.append(part).append(1, '\0');
  return name;
}

std::array<char, 16> read_hash(std::string_view bytes) {
  std::array<char, 16> hash{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

std::string name_of(const LinkId& link) {
  return std::to_string(link.high) + ' ' + std::to_string(link.low);
}

bool any_in(Node node, std::vector<std::string>& found, const UseIdentity& use) {
  const auto used = [&](std::string_view text) {
    found.clear();
    append_identities(text, found);
    return std::any_of(found.begin(), found.end(), use);
  };
  if (node.type() == Node::Type::string) return used(node.string());
  if (node.type() == Node::Type::integer) {
    const std::string digits = std::to_string(node.integer());
    return digits.size() >= min_unquoted_digits && used(digits);
  }
  for (const Node child : node.children())
    if (used(child.key()) || any_in(child, found, use)) return true;
  return false;
}

}  // namespace

bool any_identity(std::string_view text, const UseIdentity& use) {
  std::vector<std::string> found;
  append_identities(text, found);
  return std::any_of(found.begin(), found.end(), use);
}

bool any_identity(const Record& record, const UseIdentity& use) {
  std::vector<std::string> found;
  return any_identity(record.context, use) || any_identity(record.member, use) ||
         any_in(record.root, found, use);
}

bool is_telling_word(std::string_view text) {
  return text.size() >= shortest_word && text.find_first_not_of(word_characters) == text.npos;
}

bool any_word(std::string_view text, const std::function<bool(std::string_view word)>& use) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_of(word_characters, at);
    if (begin == text.npos) return false;
    at = std::min(text.find_first_not_of(word_characters, begin), text.size());
    std::string_view word = text.substr(begin, at - begin);
    while (word.size() >= shortest_word) {
      if (use(word)) return true;
      const std::size_t dot = word.rfind('.');
      if (dot == word.npos) break;
      if (word.size() - dot > shortest_word && use(word.substr(dot + 1))) return true;
      word = word.substr(0, dot);
    }
  }
  return false;
}

void Tombstones::read_key() {
  key_.clear();
  Statement select(database_, "SELECT value FROM main.cdr_meta WHERE name = ?1");
  auto rows = select.query(key_name);
  if (!rows.next()) return;
  const std::string_view hex = rows.text(0);
  key_.resize(hex.size() / 2);
  std::size_t size = 0;
  const int code = sodium_hex2bin(reinterpret_cast<unsigned char*>(key_.data()), key_.size(),
                                  hex.data(), hex.size(), nullptr, &size, nullptr);
  if (code != 0 || size < crypto_generichash_KEYBYTES_MIN || size > crypto_generichash_KEYBYTES_MAX)
    throw Error("the warehouse: erase_key in cdr_meta is damaged, and without it libcdr cannot " +
                std::string("recognise what was erased; restore the file from a backup"));
  key_.resize(size);
}

void Tombstones::refresh() {
  static const int ready = sodium_init();
  static_cast<void>(ready);  // without it the hash is the same, but slower
  {
    // It changes when other connections write. What this connection adds is also in memory.
    Statement select(database_, "PRAGMA main.data_version");
    auto rows = select.query();
    if (!rows.next() || version_ == rows.integer(0)) return;
    version_ = rows.integer(0);
  }
  ids_.clear();
  customers_.clear();
  before_.clear();
  has_interactions_ = false;
  read_key();
  Statement select(database_, "SELECT kind, hash, erased_at, last_import FROM main.tombstone");
  auto rows = select.query();
  while (rows.next()) {
    const std::string_view kind = rows.text(0);
    if (kind == customer_kind) {
      if (const auto at = parse_time(rows.text(2), Zone()))
        customers_.emplace(read_hash(rows.blob(1)), at->instant);
    } else if (kind == before_kind) {
      if (const auto at = parse_time(rows.blob(1), Zone()))
        before_.push_back({at->instant.us, rows.integer(3)});
    } else {
      ids_.insert(read_hash(rows.blob(1)));
      has_interactions_ = has_interactions_ || kind == interaction_kind;
    }
  }
  if (key_.empty() && !(ids_.empty() && customers_.empty()))
    throw Error(
        "the warehouse: erase_key is missing from cdr_meta, and without it libcdr cannot recognise "
        "what was erased; restore the file from a backup");
}

Tombstones::Hash Tombstones::hash(char kind, std::string_view text) const {
  crypto_generichash_state state;
  Hash made{};
  static_assert(made.size() == crypto_generichash_BYTES_MIN);
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(key_.data()), key_.size(),
                          made.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&kind), 1);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                            text.size());
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(made.data()), made.size());
  return made;
}

void Tombstones::make_key() {
  if (!key_.empty()) return;
  key_.resize(crypto_generichash_KEYBYTES);
  sqlite3_randomness(static_cast<int>(key_.size()), key_.data());
  std::string hex(key_.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(key_.data()),
                 key_.size());
  hex.pop_back();
  Statement(database_, "INSERT INTO main.cdr_meta VALUES (?1, ?2)").execute(key_name, hex);
}

// The current time, but not before the last one in the ledger: the clock may have been set back.
const std::string& Tombstones::now() {
  if (now_.empty()) {
    Statement select(database_,
                     "SELECT max(strftime('%Y-%m-%d %H:%M:%f', 'now'), ifnull((SELECT "
                     "max(finished_at) FROM main.import_file), ''))");
    auto rows = select.query();
    if (rows.next()) now_ = rows.text(0);
  }
  return now_;
}

// The import that was the last one to bring a record. No record comes while others are erased.
std::int64_t Tombstones::last_import() {
  if (!last_import_) {
    Statement select(database_, "SELECT ifnull(max(first_import), 0) FROM main.raw_record");
    auto rows = select.query();
    rows.next();
    last_import_ = rows.integer(0);
  }
  return *last_import_;
}

void Tombstones::add(std::string_view kind, std::string_view bytes) {
  if (!insert_)
    insert_.emplace(database_,
                    "INSERT INTO main.tombstone VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET "
                    "erased_at = max(erased_at, excluded.erased_at), "
                    "last_import = excluded.last_import");
  insert_->execute(kind, Statement::Blob{bytes}, now(), last_import());
}
void Tombstones::add_hash(std::string_view kind, const Hash& made) {
  add(kind, {made.data(), made.size()});
}

void Tombstones::add_record(std::string_view vendor, std::string_view resource,
                            std::string_view source, std::string_view id) {
  make_key();
  const Hash made = hash('r', record_name(vendor, resource, source, id));
  if (ids_.insert(made).second) add_hash(record_kind, made);
}

void Tombstones::add_link(const LinkId& link) {
  make_key();
  const Hash made = hash('l', name_of(link));
  if (ids_.insert(made).second) add_hash(link_kind, made);
}

void Tombstones::add_half_link(std::uint64_t low) {
  make_key();
  const Hash made = hash('h', std::to_string(low));
  if (ids_.insert(made).second) add_hash(link_kind, made);
}

void Tombstones::add_interaction(std::string_view id) {
  make_key();
  const Hash made = hash('i', id);
  has_interactions_ = true;
  if (ids_.insert(made).second) add_hash(interaction_kind, made);
}

void Tombstones::add_customer(std::string_view identity) {
  make_key();
  add_hash(customer_kind, hash('c', identity));
}

void Tombstones::add_before(Instant instant) {
  const std::string date = format_time(instant);
  // A later date covers everything that an earlier one does.
  Statement(database_, "DELETE FROM main.tombstone WHERE kind = 'before' AND hash < ?1")
      .execute(Statement::Blob{date});
  add(before_kind, date);
}

bool Tombstones::cover(const Vendor& vendor, const Record& record, std::string_view id,
                       std::span<const LinkId> links, std::optional<Instant> latest) const {
  return covers_ids(vendor, record, id, links) || covers_customer(record, latest);
}

bool Tombstones::covers_ids(const Vendor& vendor, const Record& record, std::string_view id,
                            std::span<const LinkId> links) const {
  if (ids_.empty()) return false;
  const auto is_erased = [&](std::string_view resource, std::string_view of) {
    return ids_.contains(hash('r', record_name(vendor.name, resource, record.source, of)));
  };
  const Resource& resource = *record.resource;
  if (is_erased(resource.name, id)) return true;
  if (resource.id_of_about != nullptr && is_erased(resource.about, resource.id_of_about(id)))
    return true;
  return std::any_of(links.begin(), links.end(), [this](const LinkId& link) {
    return ids_.contains(hash('l', name_of(link))) ||
           ids_.contains(hash('h', std::to_string(link.low)));
  });
}

bool Tombstones::covers_customer(const Record& record, std::optional<Instant> latest) const {
  return !customers_.empty() && any_identity(record, [&](const std::string& identity) {
    const auto found = customers_.find(hash('c', identity));
    return found != customers_.end() && (!latest || *latest < found->second);
  });
}

bool Tombstones::cover_date(const RawData& raw) const {
  const std::optional<Instant> latest = raw.version.rank.latest;
  return latest && std::any_of(before_.begin(), before_.end(), [&](const Before& before) {
           if (latest->us >= before.instant) return false;
           Statement select(database_,
                            "SELECT first_import FROM main.raw_record WHERE key_hash = ?1 "
                            "AND vendor = ?2 AND resource = ?3 AND source = ?4 "
                            "AND record_id = ?5");
           auto rows = select.query(raw.key_hash, raw.as.vendor->name, raw.as.resource->name,
                                    raw.source, raw.record_id);
           return !rows.next() || rows.integer(0) > before.last_import;
         });
}

bool Tombstones::cover(std::string_view text) const {
  if (!customers_.empty() && any_identity(text, [this](const std::string& identity) {
        return customers_.contains(hash('c', identity));
      }))
    return true;
  return has_interactions_ &&
         any_word(text, [this](std::string_view word) { return ids_.contains(hash('i', word)); });
}

}  // namespace cdr::ext
