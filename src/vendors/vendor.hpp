// The declaration of a vendor: how its records are recognised, its own tables, and its mapping into
// the model. Each vendor's folder declares one `Vendor`, registry.cpp lists them, and other code
// loops over `vendors()`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "json/document/record.hpp"
#include "json/input/source.hpp"
#include "model/facts.hpp"
#include "vendors/field.hpp"
#include "vendors/mapping.hpp"
#include "vendors/row_filter.hpp"

namespace cdr {

struct Vendor;
struct Resource;

// The ids by which a record finds the others of its interaction, as Resource::links collects them.
// Placeholder ids (names_nothing) are left out here, for every vendor.
class Links {
 public:
  struct Link {
    std::string id;
    const Resource* names;
  };
  // The id of the whole to which the record belongs: an interaction, or everything known about an
  // agent. All records with that id belong to the same whole, however many there are. `kind`
  // distinguishes the wholes of one vendor.
  void add_whole(std::string_view id, std::string_view kind = {}) { add(id, kind, nullptr); }
  // The id of a record of that kind: the record's own, or another's.
  void add_record(const Resource& resource, std::string_view id) { add(id, {}, &resource); }

  std::span<const Link> all() const { return links_; }
  bool empty() const { return links_.empty(); }
  void clear() { links_.clear(); }

 private:
  void add(std::string_view id, std::string_view kind, const Resource* names) {
    if (names_nothing(id)) return;
    std::string text(kind);
    text += id;
    links_.push_back({std::move(text), names});
  }
  std::vector<Link> links_;
};

// A kind of record, recognised by its own keys at the top level: all of `all_of`, one of `any_of`
// and one of `also_any_of` (if not empty), and none of `none_of`. The vendor's other resources
// share the id's key, so only this kind of record may have all these keys together.
struct Resource {
  std::string_view name;  // 'session'; `raw_record.resource` in the warehouse
  std::string_view doc;
  std::span<const std::string_view> all_of = {};
  std::span<const std::string_view> any_of = {};
  std::span<const std::string_view> also_any_of = {};
  std::span<const std::string_view> none_of = {};
  // A top-level key that only this kind of record has and that no envelope has: framing then knows
  // a record without reading all of it. "" = none.
  std::string_view decisive_key = {};
  // True for records that are the members' values of an object keyed by name (uContact's
  // campaign status).
  bool keyed = false;

  // Appends the record's id, unique with vendor, source and resource; leaves `id` empty if the
  // record has none.
  void (*record_id)(const Record& record, std::string& id);
  // The key of the top-level member whose text is the record_id, so that duplicates can be found
  // without parsing; "" if the id is made in another way.
  std::string_view id_key = {};
  // Adds the ids by which records of one interaction find each other (within vendor and source):
  // records that share one, directly or through others, are mapped together. Null: every record_id
  // is a group of its own.
  void (*links)(const Record& record, Links& links) = nullptr;
  // For a record that names another one without taking part in its interaction: the other's
  // resource, and the other's id within the record_id of this one, or "". It is erased with the
  // other, and stays out with it. Null: the records name no other.
  std::string_view about = {};
  std::string_view (*id_of_about)(std::string_view record_id) = nullptr;
  // The vendor's update time, otherwise the latest instant inside the record; decides between two
  // records with one id.
  std::optional<Instant> (*latest)(const Record& record);
  // Which of two instants a local time in that member means, in the hour that a clock change
  // repeats, if the record's other values show it; nullopt: they do not.
  std::optional<Instant> (*settle)(const Record& record, std::string_view key) = nullptr;
  // The number of seconds by which the record's local times are off when read in the source's zone,
  // if the record shows it: the source was then given the wrong zone. nullopt: the record does not
  // show it.
  std::optional<std::int32_t> (*zone_error)(const Record& record) = nullptr;
  // The id that only the path of a file carries (".../Sessions/123/routingHistory.json" → "123"),
  // or "". Null: no such id.
  std::string_view (*context_of_path)(std::string_view path) = nullptr;
};

struct Vendor {
  std::string_view name;   // 'mluvii'
  std::string_view title;  // 'mluvii'
  std::string_view doc;    // one line
  std::span<const Resource> resources;
  std::span<const VendorTable> tables;
  // Top-level keys (and keys inside them) that hold the records in answers: "data", "Data",
  // "List".
  std::span<const std::string_view> envelope_keys;
  // Keys inside records that no field names, and objects whose keys are the customer's own, which
  // keep them. Both are for records whose keys are spelled in another way.
  std::span<const std::string_view> inner_keys = {};
  std::span<const std::string_view> free_objects = {};
  // Converts a line of the vendor's own text format to a record's JSON; null: it has none.
  bool (*record_of_line)(std::string_view line, std::string& json) = nullptr;
  // The fields of cdr_dialog that are read as they are (Conpeek's 48 and their flattened objects);
  // problems are also searched for in them.
  std::span<const VendorTable> unregistered_tables = {};
  // True if one record suffices for its cdr_dialog row, except for interaction_id: that table is
  // then streamed.
  bool dialog_per_record = false;
  // True if the column `extra` of those rows holds everything in a record that no field names.
  bool dialog_keeps_extra = false;
  // The filter of the vendor's own interface, which cdr_dialog takes as its second argument. Throws
  // an Error (mismatch) that names what is allowed. Null: the vendor has none; at most one vendor
  // has.
  std::unique_ptr<RowFilter> (*dialog_filter)(std::string_view text) = nullptr;

  // True when RING counts from the session's creation, which under preview dialling is not ringing.
  bool rings_from_creation = false;
  // A record that carries `routing` (a JSON list, or an object that holds one) for that session, to
  // be read with it; null: the vendor has no separate routing.
  std::string (*attach_routing)(Node session, std::string_view routing) = nullptr;

  // Derives the facts of one interaction (or of another subject of the records) from its latest
  // records: no two have the same id; they are sorted by resource, then record id. Must not depend
  // on anything else. Calls facts.identify(name, source, interaction_id) first.
  void (*map)(std::span<const Record> records, const Wanted& wanted, Facts& facts);
  // Every column that the vendor fills, for cdr_mapping; columns that are not listed are not
  // provided.
  std::vector<MappingDoc> (*mapping)();
};

// All vendors, by name.
std::span<const Vendor* const> vendors();
// Throws Error, which begins with `who` and names the vendors, if none has that name.
void require_vendor(std::string_view name, std::string_view who);

// cdr_dialog's second argument, read by the vendor that has such a filter. Throws Error.
std::unique_ptr<RowFilter> dialog_filter(std::string_view text);

struct Recognised {
  const Vendor* vendor = nullptr;
  const Resource* resource = nullptr;
  explicit operator bool() const { return resource != nullptr; }
};
// Recognises a record by its own top-level keys; empty if no vendor, or more than one, claims it.
Recognised recognise(Node record);

// How a record that a vendor claims as it is spells its keys: some of them are words of any spelling
// (`id`, `channel`, `created`), by which a vendor may claim a record whose other keys are spelt in
// another way.
enum class Spelt : std::uint8_t {
  as_declared,
  otherwise,  // a key at its root is the vendor's in another spelling
  inside,     // the keys inside its members decide
  unsure,     // a key occurs in two spellings, of which one may have no value
};
// Depends on the keys of the root alone.
Spelt spelt(const Recognised& as, Node record);
// `marks`: those of the record's document, with FramingRules::marks.
bool needs_respelling(const Recognised& as, Spelt spelt, Node record, std::uint32_t marks);

// Recognises a record when case, underscores, hyphens and blanks in keys are ignored; empty if no
// vendor, or more than one, claims it.
Recognised recognise_respelt(Node record);
// Writes a record with its keys as that vendor spells them. If several members have one key then,
// the one that has a value counts. Returns a key that several members have with different values,
// none of them in the vendor's spelling; "" if there is none.
std::string_view respell(const Recognised& as, Node record, std::string& json);

// For an object that no vendor claims: says what it lacks to be the record that it resembles most.
std::string unrecognised_message(Node record);

// The rules for finding records in files, from all vendors' declarations.
const FramingRules& framing_rules();

}  // namespace cdr
