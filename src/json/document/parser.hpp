// Checks a whole record, and writes the Tape from which its nodes are read.
//
// simdjson's first stage finds where the tokens begin, and checks that the text is UTF-8. One pass
// over the tokens does the rest: grammar, limits, repeated keys. It copies only strings with
// escapes and computes no numbers, because few values of a record are ever used. diagnose() finds
// what is wrong with a text that is refused, unless it is JSON beyond the limits.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/arena.hpp"
#include "json/document/keys.hpp"
#include "json/document/problem.hpp"
#include "json/document/tape.hpp"

namespace cdr {

class Parser {
 public:
  explicit Parser(KeyMarks marks_of_key = nullptr);

  // Whether `json` can be read. It must not be longer than a record may be, and must have `padding`
  // readable bytes after it. The functions below refer to it, and are valid as long as its text.
  // Strings with escapes are kept in `texts`, unescaped.
  bool parse(std::string_view json, Arena& texts) { return parse(json, texts, false); }
  // The same, but an object may repeat a member's name.
  bool parse_with_repeats(std::string_view json, Arena& texts) { return parse(json, texts, true); }

  const Tape& tape() const { return tape_; }
  // The place on the tape of the root's key of that name, or KeyTable::none. The root is an object.
  std::uint32_t find(std::string_view name) const {
    return root_keys_.follows() ? root_keys_.find(name) : keys_.find(root_, name);
  }
  // The root's keys, if they are the same as those of roots before it; otherwise null.
  const RootKeys* known_root() const { return root_keys_.follows() ? &root_keys_ : nullptr; }

  // The number of bytes of the strings that had escapes, without them.
  std::size_t unescaped_bytes() const { return unescaped_bytes_; }
  // Whether any value of the record is odd (Tape::is_odd).
  bool has_odd() const { return has_odd_; }

  // The marks of the keys inside the root; maybe also of keys that objects in the same place had in
  // records before. All bits if the parser was not given any.
  std::uint32_t marks() const { return marks_of_keys_.are_known() ? marks_ : ~std::uint32_t{0}; }

  // For a refused text: the limit that it exceeds, if it is JSON up to that place.
  const std::optional<Problem>& exceeded() const { return exceeded_; }
  simdjson::dom::parser& simdjson() { return simdjson_; }

 private:
  struct Pass;
  bool parse(std::string_view json, Arena& texts, bool repeats);
  bool find_tokens(std::string_view json);
  void make_room();

  simdjson::dom::parser simdjson_;
  std::unique_ptr<std::uint64_t[]> words_;
  std::size_t words_size_ = 0;
  std::string text_;  // the string with escapes being read
  Tape tape_;
  RootKeys root_keys_;
  KeyTable keys_;  // of objects with many keys, and of a root that does not follow root_keys_
  std::uint32_t root_ = 0;  // the root's number in keys_
  MarksOfKeys marks_of_keys_;
  std::uint32_t marks_ = 0;
  std::size_t known_inside_ = 0;  // number of keys inside the root that are remembered
  std::size_t unescaped_bytes_ = 0;
  bool has_odd_ = false;
  bool repeats_ = false;  // a key may occur twice in an object
  std::optional<Problem> exceeded_;
};

}  // namespace cdr
