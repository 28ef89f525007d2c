// The parts of a record that no table of its vendor reads: fields that have no column, and values
// that did not convert. Nothing is lost (they are in `extra`, and in the raw record), but they are
// reported, because vendors add fields without notice.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/vendor.hpp"

namespace cdr {

struct UnmappedField {
  enum class Kind : std::uint8_t { unknown, unconverted };
  std::string path;  // 'guest.mood'; 'operators[].mood' inside a list
  Kind kind;
  std::string_view type;  // of the value, as JSON calls it
  // For a time that did not convert: its text, if that consists of characters that times use,
  // otherwise its length. Empty: it is not a time.
  std::string time;
  // It is a local time that a clock change skips or repeats. It has an instant nevertheless.
  bool at_clock_change = false;
  bool operator<(const UnmappedField& other) const {
    return std::pair(std::string_view(path), kind) <
           std::pair(std::string_view(other.path), other.kind);
  }
};

class UnmappedFields {
 public:
  // The unmapped fields of one record, each once. Valid until the next call.
  const std::vector<UnmappedField>& of(const Vendor& vendor, const Record& record);

  // Whether the facts of some records show that none of them has unmapped parts: each gave a row of
  // cdr_dialog, the only table for such records, and its `extra` is empty.
  static bool none_in(const Vendor& vendor, std::span<const Record> records, const Facts& facts);

 private:
  void look(const VendorTable& table, const std::string& prefix, const Record& record,
            Node element);

  std::map<const VendorTable*, FieldReader> readers_;
  std::vector<UnmappedField> found_;
  std::vector<Value> cells_;
  Arena arena_;
  Document extra_;
};

}  // namespace cdr
