// Brings the records of each interaction together: from any number of files, in any order, split
// and repeated as exports are.
//
//   GroupReader groups(source, sink, GroupReader::Scope::linked);
//   while (groups.next()) groups.vendor().map(groups.records(), wanted, facts);
//
// If two records have the same id, the newer one counts. Content decides which one is newer, not
// arrival (rank.hpp). Records that name each other, directly or through others, form one group,
// within group_limits. Both must be known before the first row, so the source is read more than
// once. The first pass finds the ids, and the links if a vendor has any. If ids occur twice,
// another pass finds the record that counts for each of these ids, and one more finds the links
// again, without the other records. The last pass reads the records themselves. Memory between
// passes: 8 bytes per record, about 100 more for each id that links records, and the records of
// groups that are not complete yet. One pass is enough for many sources: see Once.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/large_pages.hpp"
#include "reading/id_set.hpp"
#include "reading/reader.hpp"

namespace cdr {

class GroupReader {
 public:
  enum class Scope : std::uint8_t {
    linked,  // groups that the vendors' links make
    single,  // each record by itself, for vendors whose records each make their own row
             // (Vendor::dialog_per_record)
  };
  // `linked`: it is known that some record is linked. Then most records probably are, and the first
  // pass parses all of them.
  GroupReader(const Source& source, ProblemSink& sink, Scope scope, bool linked = false);
  // Reads the source once. A group is taken as complete when all records that it names have been
  // read. Only at the end is it certain that no other record belongs to it, so the caller must keep
  // the rows that it makes until then. Groups that name records that do not exist come last.
  // `most_bytes`: the memory that may be used for this.
  struct Once {
    std::size_t most_bytes;
  };
  GroupReader(const Source& source, ProblemSink& sink, Scope scope, Once once);
  ~GroupReader();
  // Whether reading once was not enough: an id occurred twice, a record belongs to a group that was
  // taken as complete, or too much would have to be kept. next() has then ended too early.
  bool has_failed() const { return has_failed_; }
  // The position of the group's last record among all records of the source.
  std::uint64_t place() const { return place_; }
  // The bytes of memory that reading once needs.
  std::size_t bytes() const;

  // The next complete group; its records, sorted by resource and id, are valid until the next call.
  bool next();
  std::span<const Record> records() const { return {records_.data(), records_.size()}; }
  const Vendor& vendor() const { return *vendor_; }

  // Whether such records can be linked. A record that cannot be linked is a group of its own.
  static bool is_linked(const Vendor& vendor, const Resource& resource, Scope scope) {
    return resource.links != nullptr && !(scope == Scope::single && vendor.dialog_per_record);
  }

  // A link that joins no records: more than group_limits.joined name it, and no record has that id.
  struct Hub {
    const Vendor* vendor;
    std::size_t records;
    std::string file;  // of the first of them
    std::uint64_t number, offset;
  };
  std::span<const Hub> hubs() const { return hubs_; }
  static Problem problem_of(const Hub& hub);

 private:
  struct Place {  // of a record: its file, and its offset in the file
    std::uint64_t file = 0, offset = 0;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const {
      return place.file * 0x9E3779B97F4A7C15u ^ place.offset;
    }
  };
  struct Member {  // a record that waits for the rest of its group
    std::unique_ptr<char[]> memory;
    std::size_t memory_bytes = 0;
    std::string_view bytes, member, id;  // in `memory`
    std::shared_ptr<const RootIndex> index;
    std::optional<ParsedRecord> parsed;  // in `memory` too, as long as all members need little
    std::string_view file;               // belongs to the reader
    std::uint64_t number, offset, place;
    Recognised as;
  };
  class Graph;
  class CensusPolicy;

  bool next_at_once();
  bool take_at_once();
  bool next_of_rest();

  void take_census(bool linked);
  void choose_newest(const std::unordered_set<std::uint64_t>& twice);
  void link_records();
  void leave_out_hubs();
  bool is_linked(const Vendor& vendor, const Resource& resource) const {
    return is_linked(vendor, resource, scope_);
  }
  void link(const Vendor& vendor, const Record& record, const RawRecord& raw);
  std::optional<std::uint32_t> group();
  bool open_record();
  Member hold();
  void gather(std::vector<Member>& members);
  Place place(const RawRecord& raw);

  const Source& source_;
  ProblemSink& sink_;
  const Scope scope_;
  std::unique_ptr<Reader> reader_;
  std::unordered_map<std::string, std::uint64_t> files_;
  std::unordered_set<Place, PlaceHash> superseded_;
  std::unordered_set<Place, PlaceHash> refused_;  // their groups would be too large
  std::unique_ptr<Graph> graph_;
  // The result of linking each readable record that is linked, in the order of reading, so that its
  // ids need not be looked up again.
  struct Known {
    std::uint32_t id_hash;  // shows if the file has changed meanwhile
    std::uint32_t node;     // of the graph
  };
  std::vector<Known, LargePages<Known>> known_;
  std::size_t linked_ = 0;  // number of linked records that the last pass has read
  std::vector<Hub> hubs_;
  std::unordered_map<std::uint32_t, std::vector<Member>> waiting_;
  std::size_t waiting_bytes_ = 0;

  // For reading once.
  const std::size_t most_bytes_ = 0;  // 0: the source is read more than once
  IdSet ids_;
  std::uint64_t read_ = 0, place_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> rest_;  // groups by their last record
  std::size_t next_of_rest_ = 0;
  bool has_ended_ = false, has_failed_ = false;

  const Vendor* vendor_ = nullptr;
  std::vector<Record> records_;
  std::vector<Member> gathered_;
  Document parser_;
  std::deque<Document> documents_;
  Arena tapes_;
  std::string id_;
  Links links_;
};

}  // namespace cdr
