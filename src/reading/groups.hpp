// The records of one interaction, brought together: from any number of files, in any order, split
// and repeated as exports are.
//
//   GroupReader groups(source, sink, GroupReader::Scope::linked);
//   while (groups.next()) groups.vendor().map(groups.records(), wanted, facts);
//
// Of two records with one id, the newer counts, by content, not by arrival (rank.hpp). Records that
// name each other, directly or through others, make one group, within group_limits. To know both
// before the first row, the source is read more than once: first for its ids, and for links if a
// vendor has any; if ids occur twice, again for those ids, and for the links without them;
// and last for the records themselves. Memory between passes: 8 bytes a record, about
// 100 more for each id that links records, and the records of groups that are not complete yet.
// Once says when one reading is enough.
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
    linked,  // groups as the vendors' links make them
    single,  // each record for itself, for vendors whose record gives its row alone
             // (Vendor::dialog_per_record)
  };
  // `linked`: some record is known to be linked. Then most will be, and all are parsed at once.
  GroupReader(const Source& source, ProblemSink& sink, Scope scope, bool linked = false);
  // Reads the source once. A group is taken for complete when the last of the records that it names
  // has been read; that there were no more is only known at the end, so that whoever asks must keep
  // what it made of the groups until then. Groups that name records which are nowhere come last.
  // `most_bytes`: how much may be needed for it.
  struct Once {
    std::size_t most_bytes;
  };
  GroupReader(const Source& source, ProblemSink& sink, Scope scope, Once once);
  ~GroupReader();
  // Whether reading once was not enough: an id came twice, a record belongs to a group that was
  // complete, or too much would have to be kept. Then next() has ended too early.
  bool has_failed() const { return has_failed_; }
  // Of the last record of the group among all of the source.
  std::uint64_t place() const { return place_; }
  // The bytes of memory that reading once needs.
  std::size_t bytes() const;

  // The next complete group; its records, sorted by resource and id, are valid until the next call.
  bool next();
  std::span<const Record> records() const { return {records_.data(), records_.size()}; }
  const Vendor& vendor() const { return *vendor_; }

  // Whether such records can be linked; each that cannot is a group of one.
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
  struct Place {  // of a record: which file, where in it
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
    std::string_view bytes, member, id;  // in it
    std::shared_ptr<const RootIndex> index;
    std::optional<ParsedRecord> parsed;  // in it too, as long as all of them need little memory
    std::string_view file;               // the reader's
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
  // What was found of each readable record that is linked, in the order of reading, so that its ids
  // need not be looked up again.
  struct Known {
    std::uint32_t id_hash;  // the file may have changed meanwhile
    std::uint32_t node;     // of the graph
  };
  std::vector<Known, LargePages<Known>> known_;
  std::size_t linked_ = 0;  // records of that kind that the last reading has passed
  std::vector<Hub> hubs_;
  std::unordered_map<std::uint32_t, std::vector<Member>> waiting_;
  std::size_t waiting_bytes_ = 0;

  // Of reading once.
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
