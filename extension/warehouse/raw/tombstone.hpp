// Remembers what was erased from a warehouse, so that an import does not bring it back.
//
//   Tombstones tombstones(database);
//   tombstones.refresh();
//   if (tombstones.cover(vendor, record…)) …   // counts as stale
//
// The file holds keyed hashes, not the erased data: hashes of records' ids, of ids that they share
// with others, and of customers' numbers and addresses. Dates are kept as they are. The key is
// random for each warehouse, and kept in its cdr_meta. Someone who has the file can test whether a
// number that they already know was erased, and no more.
//
// Whether a record is covered depends on its content, and not on earlier records: any order
// of imports after an erasure gives the same result.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extension/binding/statement.hpp"
#include "extension/warehouse/raw/raw_store.hpp"

namespace cdr::ext {

// Calls `use` with every number and address in a record, also in keys, until `use` returns
// true. Returns whether it did.
using UseIdentity = std::function<bool(const std::string& identity)>;
bool any_identity(const Record& record, const UseIdentity& use);
bool any_identity(std::string_view text, const UseIdentity& use);

// Replaces a path that named something erased.
inline constexpr std::string_view erased_text = "(erased)";

class Tombstones {
 public:
  explicit Tombstones(sqlite3* database) : database_(database) {}
  // Reads the tombstones again, unless nothing was added since the last time.
  void refresh();
  bool is_empty() const { return ids_.empty() && customers_.empty() && before_.empty(); }

  // Whether the record was erased, or belongs to something erased, or names it (Resource::about): by
  // its ids or its customer, which takes no query, or by its date.
  bool cover(const Vendor& vendor, const Record& record, std::string_view id,
             std::span<const LinkId> links, std::optional<Instant> latest) const;
  bool cover_date(const RawData& raw) const;
  // Whether a text that is not a record names an erased customer, or contains an erased
  // interaction's id as a word.
  bool cover(std::string_view text) const;

  void add_record(std::string_view vendor, std::string_view resource, std::string_view source,
                  std::string_view id);
  void add_link(const LinkId& link);
  // A link of which only the half in record_link is known (LinkId::low).
  void add_half_link(std::uint64_t low);
  // Adds the id alone. It does not keep out records, only texts outside records that contain the
  // id.
  void add_interaction(std::string_view id);
  // Adds a number or an address. Records with it are kept out if nothing in them is later than now.
  void add_customer(std::string_view identity);
  // Keeps out records in which nothing is later, except new versions of records that stay.
  void add_before(Instant instant);

 private:
  using Hash = std::array<char, 16>;
  struct Before {
    std::int64_t instant, last_import;
  };
  bool covers_ids(const Vendor& vendor, const Record& record, std::string_view id,
                  std::span<const LinkId> links) const;
  bool covers_customer(const Record& record, std::optional<Instant> latest) const;
  Hash hash(char kind, std::string_view text) const;
  void read_key();
  void make_key();
  void add_hash(std::string_view kind, const Hash& made);
  const std::string& now();
  std::int64_t last_import();
  void add(std::string_view kind, std::string_view bytes);

  sqlite3* database_;
  std::optional<std::int64_t> version_;  // of the file when they were read
  std::string key_;
  std::set<Hash> ids_;  // of records, links and interactions
  bool has_interactions_ = false;
  std::map<Hash, Instant> customers_;  // when they were erased
  std::vector<Before> before_;
  // At the first addition.
  std::string now_;
  std::optional<std::int64_t> last_import_;
  std::optional<Statement> insert_;
};

// Calls `use` with the words of a text that may be ids. Short words are left out, because they may
// be anything. A word is also passed without the part after a dot: '880104.json' and '880104' of
// 'in/880104.json'.
bool any_word(std::string_view text, const std::function<bool(std::string_view word)>& use);
// Whether any_word can find the text.
bool is_telling_word(std::string_view text);

}  // namespace cdr::ext
