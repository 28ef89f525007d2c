// Compression dictionaries hold pieces of the records that they were trained on. When records are
// erased, a dictionary with a piece that only they had is replaced, and every payload that was
// compressed with it is compressed again.
//
//   DictionaryRenewal renewal(database, raw_store);
//   renewal.leave(raw);             // for every record, before it is erased
//   …
//   renewal.renew(is_telling);      // after they are erased
//
// A piece is eight consecutive bytes, so a dictionary keeps less readable text than a number or
// a name and the quote after it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

#include "extension/warehouse/raw/raw_store.hpp"

namespace cdr::ext {

class DictionaryRenewal {
 public:
  DictionaryRenewal(sqlite3* database, RawStore& raw) : database_(database), raw_(raw) {}

  void leave(const RawData& raw);
  // The same for a record whose text is unknown.
  void leave_unknown(std::string_view vendor, std::string_view resource);

  // Also replaces dictionaries for whose text `is_telling` returns true. Returns the number of
  // kinds of record whose dictionaries were replaced.
  std::size_t renew(const std::function<bool(std::string_view dictionary)>& is_telling);

 private:
  using Kind = std::pair<std::string, std::string>;  // vendor, resource
  using Piece = std::uint64_t;
  struct Dictionaries {  // all dictionaries of a kind
    std::string bytes;
    std::unordered_set<Piece> pieces;  // in them
    std::unordered_set<Piece> left;    // of those: the ones that erased records had
    bool is_unsafe = false;
  };

  Dictionaries& of(const Kind& kind);
  template <class Use>
  void each_record(const Kind& kind, const char* condition, const Use& use);
  void keep_shared(const Kind& kind, Dictionaries& dictionaries);
  void replace(const Kind& kind);

  sqlite3* database_;
  RawStore& raw_;
  std::map<Kind, Dictionaries> kinds_;
};

}  // namespace cdr::ext
