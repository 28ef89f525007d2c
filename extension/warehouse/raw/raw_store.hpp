// Finds, reads, writes and links the raw records of a warehouse.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/arena.hpp"
#include "extension/binding/bulk_insert.hpp"
#include "extension/binding/statement.hpp"
#include "extension/warehouse/raw/compressor.hpp"
#include "reading/rank.hpp"
#include "vendors/vendor.hpp"

namespace cdr::ext {

// Decides between two records with one id that were read in the same zone; the greater version
// counts. Context and member affect the record's meaning too. They decide if the rest is equal, so
// that the order of arrival never does. Ingest::replaces() says what counts between two zones.
struct Version {
  std::optional<std::int64_t> fetched_at;
  Rank rank;
  std::string_view zone, context, member;  // zone "" = UTC
  auto operator<=>(const Version&) const = default;
  bool same_content(const Version& other) const {
    return rank.hash_high == other.rank.hash_high && rank.hash_low == other.rank.hash_low &&
           context == other.context && member == other.member;
  }
  // The rest of the rank of one record follows from its content and its zone.
  bool same_reading(const Version& other) const {
    return same_content(other) && zone == other.zone;
  }
};

// An id that records share, as a hash of the vendor, the source and the id. record_link keeps the
// low half.
struct LinkId {
  std::uint64_t high = 0, low = 0;
  // If it is a record's id: the key_hash of that record. 0: the id of a whole (Links::add_whole).
  std::uint64_t names = 0;
  auto operator<=>(const LinkId&) const = default;
};
struct LinkHash {
  std::size_t operator()(const LinkId& link) const { return link.low; }
};
// The ids that a record shares, each once, sorted. Empty if its resource has no links.
std::vector<LinkId> link_ids(const Vendor& vendor, const Record& record);

// raw_record.key_hash, by which a record is found. Records of one kind form a range. Several
// records may have the same hash, if only because their sources differ.
std::uint64_t key_hash_of(const Recognised& as, std::string_view record_id);
struct KeyRange {
  std::uint64_t first, last;
};
KeyRange key_hashes_of(const Recognised& as);

// A record as the warehouse keeps it. Its texts live as long as the arena that it was read into.
struct RawData {
  std::int64_t id = 0;
  Recognised as;
  std::string_view source, record_id;
  std::uint64_t key_hash = 0;
  std::string_view json;  // `padding` bytes after it are readable
  Version version;
  std::int64_t component = 0;  // 0: none yet
};

// Parses stored records again, for mapping. Each thread has its own.
class RawParser {
 public:
  // `document`, and the data of `raw`, must outlive the record. The texts of the record's values
  // need only `raw` and `texts`.
  void parse(const RawData& raw, Document& document, Record& record, Arena& texts);
  void parse(const RawData& raw, Document& document, Record& record);

 private:
  static void require_json(const RawData& raw, const std::optional<Problem>& problem);
  void describe(const RawData& raw, const Document& document, Record& record);
  const Zone& zone_named(std::string_view name);
  std::map<std::string, Zone, std::less<>> zones_;
};

// The order in which records are mapped.
inline auto key_of(const RawData& raw) {
  return std::tuple(raw.as.vendor->name, raw.as.resource->name, raw.source, raw.record_id);
}

// The remedy if facts have to be made from a record that was imported with keep_raw false.
inline constexpr const char* not_kept_remedy =
    "import the files into a new warehouse, with keep_raw true";

class RawStore {
 public:
  explicit RawStore(sqlite3* database);

  std::int64_t last_id();
  // Forgets what was read or trained, because it may be undone with the file that was abandoned.
  void forget();

  // The stored record with the key of `raw`; nothing else of `raw` is used. The texts in its
  // version are valid until the next call. A search in the order in which records are stored
  // continues from the last one, with a statement that runs as long as a Search lives.
  struct Known {
    std::int64_t id, component, first_import;
    Version version;
  };
  class Search {
   public:
    explicit Search(RawStore& store) : store_(store) {}
    ~Search() { store_.following_.reset(); }
    Search(const Search&) = delete;
    Search& operator=(const Search&) = delete;
    std::optional<Known> find(const RawData& raw) { return store_.find(raw); }

   private:
    RawStore& store_;
  };

  // The whole record, with its text in `arena`. Throws Error if the text is not available:
  // `keep_raw` was false, or the file is damaged.
  RawData read(std::int64_t id, Arena& arena);

  bool has(std::int64_t id);
  // The import that brought the stored version.
  std::int64_t last_import(std::int64_t id);

  // Gives a kind of record that has no dictionary yet one that is trained on these samples or on
  // stored records, if there are enough.
  void prepare(const Recognised& as, std::span<const std::string_view> samples);
  // A dictionary is trained on at most this many samples.
  static constexpr std::size_t most_samples = 1000;
  // Null without an id.
  const Dictionary* dictionary(std::optional<std::int64_t> id);
  // Stores a dictionary that is trained on the samples; nullopt if they have too little in common.
  std::optional<std::int64_t> add_dictionary(std::string_view vendor, std::string_view resource,
                                             std::span<const std::string_view> samples);
  // The dictionary for payloads of that kind from now on; null: compress without one.
  struct Coding {
    std::optional<std::int64_t> dictionary_id;
    const Dictionary* dictionary = nullptr;
  };
  Coding coding(const Recognised& as);
  // Adds a new record with its payload, compressed as coding() says. It is written with others, by
  // write_new() at the latest; until then its texts must be there, and nothing finds it.
  void insert(const RawData& raw, std::string_view payload, std::optional<std::int64_t> dictionary,
              std::int64_t import_id);
  void write_new();
  // Writes everything except the record's component.
  void update(const RawData& raw, std::string_view payload, std::optional<std::int64_t> dictionary,
              std::int64_t import_id);
  void set_fetched_at(std::int64_t id, std::int64_t fetched_at);
  void set_component(std::int64_t id, std::int64_t component);
  void set_rank(std::int64_t id, const Rank& rank);
  // Of the records that these imports brought.
  void drop_payloads(std::int64_t first_import, std::int64_t last_import);

  void records_of(std::int64_t component, std::vector<std::int64_t>& ids);
  // Whether the component has more records than that.
  bool has_more_records(std::int64_t component, std::size_t than);
  // Appends the records that share the link. false, and none, if it is not followed: more than
  // group_limits.joined records name it, and no record has that id (reading/group_limits.hpp).
  bool records_sharing(const LinkId& link, std::vector<std::int64_t>& ids);
  // Whether the link is followed.
  bool is_followed(const LinkId& link);
  // Whether every link with this half (LinkId::low) is followed, because few records share it.
  bool is_shared_by_few(std::uint64_t low);
  // The records that share the link, whether it is followed or not.
  void all_sharing(const LinkId& link, std::vector<std::int64_t>& ids);
  // The number of records that share the link, counted up to `most`.
  std::size_t count_sharing(const LinkId& link, std::size_t most);
  // Records that are about to be stored; the record that a link names may be one of them.
  void expect(std::span<const RawData* const> records) { expected_ = records; }
  void add_link(LinkId link, std::int64_t id);
  // The links are sorted by their low halves, in which record_link keeps them.
  void add_links(std::span<const std::pair<LinkId, std::int64_t>> links);
  void remove_link(LinkId link, std::int64_t id);
  // Does not remove the record's links.
  void remove(std::int64_t id);

 private:
  using Samples = std::vector<std::string_view>;

  std::optional<Known> find(const RawData& raw);
  static bool is_key(const Statement::Rows& row, const RawData& raw);
  Known known(const Statement::Rows& row);

  // The newest dictionary of a kind; it is looked up once.
  std::optional<std::int64_t>& dictionary_id(const Recognised& as);
  void train(const Recognised& as, std::span<const std::string_view> samples);
  Samples stored_samples(const Recognised& as, Arena& arena);
  Recognised named(std::string_view vendor, std::string_view resource) const;

  bool names_record(const LinkId& link);

  sqlite3* database_;
  Statement find_, follow_, read_, last_import_, update_, set_fetched_at_, set_component_,
      set_rank_;
  Statement records_of_, more_records_, records_sharing_, count_sharing_, named_, add_link_,
      remove_link_, remove_, enough_, dictionary_of_;
  BulkInsert insert_, add_links_;
  Compressor compressor_;
  std::map<const Resource*, std::optional<std::int64_t>> newest_;
  std::unordered_map<std::int64_t, std::unique_ptr<Dictionary>> dictionaries_;
  std::optional<Statement::Rows> following_;  // after the record that was found last
  std::int64_t found_ = 0;
  // Whether links that many records share are followed; valid until one is added or removed.
  std::unordered_map<LinkId, bool, LinkHash> crowded_;
  std::span<const RawData* const> expected_;
  std::string found_text_;
  Arena new_hashes_;  // of the records that insert_ has
};

}  // namespace cdr::ext
