// A vendor's record, field by field: the declarations of the vendor tables, and the one routine
// that reads records by them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/value.hpp"
#include "json/document/convert.hpp"
#include "json/document/record.hpp"
#include "json/document/writer.hpp"
#include "model/table.hpp"

namespace cdr {

enum class Kind : std::uint8_t {
  text,      // TEXT: ids, names, enums, free text; every scalar keeps its characters
  id,        // TEXT: an id by which rows are related, as id_of() reads it
  integer,   // INTEGER, in the vendor's unit
  real,      // DOUBLE, in the vendor's unit
  boolean,   // INTEGER 0 or 1
  utc,       // TIMESTAMP, from text that is UTC unless it says otherwise
  zoned,     // TIMESTAMP, from text in the source's zone unless it says otherwise
  epoch_ms,  // TIMESTAMP, from a number of milliseconds
  duration,  // TEXT: as text, if cdr_duration reads it

  // TEXT: as JSON, white space removed, tokens untouched
  list,
  wrapped_list,  // a list, or an object that has nothing but one: {"item": [...]}
  elements,      // a list, or one of its elements, which becomes a list of one
  texts,         // a list of scalars, without its lists and objects, which do not convert
  wrapped_texts,
  object,
  json,  // an object or a list

  context,   // TEXT: as text; if the record does not hold it, Record::context
  member,    // TEXT: as text; if the record does not hold it, Record::member
  resource,  // TEXT: the name of the record's resource, for tables of several; needs no key
};
std::string_view declared_type(Kind kind);

struct Field {
  // The path of the value: 'talking_time', 'guest.identity'. A path with a leading '/' starts at
  // the record's root, not at the row's element ('/id' in a table over operators). Alternatives are
  // tried in order until one is provided: 'CallDuration|Duration'. '' = nowhere.
  std::string_view key;
  std::string_view column;
  Kind kind;
  std::string_view doc;
};

// The source of a vendor table's rows: each record of the resource, or each element of a list
// inside it. An object in place of the list counts as one element.
struct Origin {
  std::string_view resource;
  std::string_view list = {};  // 'operators'; empty = the record itself
};

struct VendorTable {
  std::string_view name;  // 'mluvii_operator'
  std::string_view grain;
  std::span<const Origin> origins;
  std::span<const Field> fields;  // in column order; 'extra' follows by itself
};

// Reads fields of one element into cells. Built once per field list; keys are resolved to member
// look-ups here.
class FieldReader {
 public:
  explicit FieldReader(std::span<const Field> fields);
  ~FieldReader();
  FieldReader(FieldReader&&) noexcept;

  // Fills cells[i] from fields[i] where `used` has column first_column + i, and returns the `extra`
  // object when `want_extra`: members of `element` that no field reads, and values that did not
  // convert (each also reported to record.sink), as JSON text kept in `arena`; NULL if there are
  // none. If only parts of an object have fields, its other members appear as "object.member".
  Value read(const Record& record, Node element, const ColumnSet& used, std::size_t first_column,
             bool want_extra, std::span<Value> cells, Arena& arena) const;

 private:
  struct Path {
    bool from_root = false;
    std::string_view name;  // as declared, without the leading '/'
    std::vector<std::string_view> steps;
  };
  struct Target {
    std::vector<Path> paths;
    Kind kind{};
  };
  struct Claims;
  // trimmed: the value, without the blanks around it.
  enum class Outcome : std::uint8_t { good, trimmed, partly, bad, ambiguous, skipped };

  Value convert(const Target& target, const Path& path, Node node, const Record& record,
                Arena& arena, Outcome& outcome) const;
  void collect_unread(const Record& record, Node element, JsonObject& extra) const;

  std::span<const Field> fields_;
  std::vector<Target> targets_;
  std::unique_ptr<Claims> claims_;          // of the members of an element inside the record
  std::unique_ptr<Claims> claims_at_root_;  // of the members of the record, if it is the element
};

}  // namespace cdr
