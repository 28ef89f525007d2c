// What of a record no table of its vendor reads: fields that have no column, and values that did
// not convert. Nothing is lost (it stands in `extra`, and in the raw record), but somebody should
// know: a vendor that adds a field tells nobody else.
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
  // Of a time that did not convert: how it is written, if it consists of what times are written
  // with, or how long it is. Empty: it is no time.
  std::string time;
  bool operator<(const UnmappedField& other) const {
    return std::pair(std::string_view(path), kind) <
           std::pair(std::string_view(other.path), other.kind);
  }
};

class UnmappedFields {
 public:
  // Those of one record, each once. Valid until the next call.
  const std::vector<UnmappedField>& of(const Vendor& vendor, const Record& record);

  // Whether what was made of some records shows that none of them has any: each gave a row of
  // cdr_dialog, which is all the tables there are of such records, and `extra` is empty in it.
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
