// What was erased from a warehouse, so that an import does not bring it back.
//
//   Tombstones tombstones(database);
//   tombstones.refresh();
//   if (tombstones.cover(vendor, record…)) …   // counts as stale
//
// The file holds keyed hashes, not what was erased: the ids of records, those that they share with
// others, customers' numbers and addresses; and dates as they are. The key is made at random for
// each warehouse and kept in its cdr_meta: who has the file can try out whether a number that he
// knows was erased, and no more.
//
// Whether a record is covered depends on what is in it, and not on what came before it: any order
// of imports after an erasure gives the same.
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

// Calls `use` with every number and address in a record, keys of members among them, until it gives
// true; gives whether it did.
using UseIdentity = std::function<bool(const std::string& identity)>;
bool any_identity(const Record& record, const UseIdentity& use);
bool any_identity(std::string_view text, const UseIdentity& use);

// Stands in the place of a path that named what was erased.
inline constexpr std::string_view erased_text = "(erased)";

class Tombstones {
 public:
  explicit Tombstones(sqlite3* database) : database_(database) {}
  // Reads those that there are, unless nothing has come since.
  void refresh();
  bool is_empty() const { return ids_.empty() && customers_.empty() && before_.empty(); }

  // Whether the record was erased, or belongs to what was: by its ids or its customer, for which
  // the database is not needed, or by its date.
  bool cover(const Vendor& vendor, const Record& record, std::string_view id,
             std::span<const LinkId> links, std::optional<Instant> latest) const;
  bool cover_date(const RawData& raw) const;
  // Whether a customer that was erased stands in what is no record, or an erased interaction's id
  // does, as a word.
  bool cover(std::string_view text) const;

  void add_record(std::string_view vendor, std::string_view resource, std::string_view source,
                  std::string_view id);
  void add_link(const LinkId& link);
  // Its id alone, which keeps no record away, but what is no record from being kept.
  void add_interaction(std::string_view id);
  // A number or an address. Records with it are kept out when nothing in them is later than now.
  void add_customer(std::string_view identity);
  // Records in which nothing is later are kept out, save new versions of those that stay.
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
  void add(std::string_view kind, std::string_view bytes);

  sqlite3* database_;
  std::optional<std::int64_t> version_;  // of the file when they were read
  std::string key_;
  std::set<Hash> ids_;  // of records, links and interactions
  bool has_interactions_ = false;
  std::map<Hash, Instant> customers_;  // when they were erased
  std::vector<Before> before_;
};

// The words of a text that may be ids, shorter ones left out because they may be anything; and what
// is left of a word without what follows a dot: '880104.json' and '880104' of 'in/880104.json'.
bool any_word(std::string_view text, const std::function<bool(std::string_view word)>& use);
// Whether any_word can find it.
bool is_telling_word(std::string_view text);

}  // namespace cdr::ext
