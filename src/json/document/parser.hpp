// Checks a record as a whole, and makes the Tape that its nodes are read from.
//
// simdjson finds where the tokens begin, and that the text is UTF-8 (its first stage); one pass
// over the tokens does the rest: grammar, limits, keys that come twice. Nothing is copied and no
// number computed: few values of a record are ever asked for. What is wrong with a text that is
// refused, diagnose() finds out, unless it is JSON beyond the limits.
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
  Parser();

  // Whether `json`, no longer than a record may be and with `padding` readable bytes behind it, can
  // be read: then what follows is about it, as long as its text stands. Strings that have escapes
  // are kept without them in `texts`.
  bool parse(std::string_view json, Arena& texts) { return parse(json, texts, false); }
  // The same, but members may have the name of another of their object.
  bool parse_with_repeats(std::string_view json, Arena& texts) { return parse(json, texts, true); }

  const Tape& tape() const { return tape_; }
  // Where the key of that name in the root, an object, stands on the tape, or KeyTable::none.
  std::uint32_t find(std::string_view name) const {
    return root_keys_.follows() ? root_keys_.find(name) : keys_.find(root_, name);
  }
  // The same number, but 0, for records whose roots have the same keys.
  std::uint32_t root_keys() const { return root_keys_.follows() ? root_keys_.version() : 0; }

  // Whether any value of the record is odd, as Tape calls it.
  bool has_odd() const { return has_odd_; }
  // Whether no space stands between the root's tokens.
  bool has_no_space() const { return has_no_space_; }

  // Of a text that was refused: the limit that it exceeds, if it is JSON up to there.
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
  std::string text_;  // the string with escapes that is being read
  Tape tape_;
  RootKeys root_keys_;
  KeyTable keys_;  // of objects that have many, and of a root that does not follow root_keys_
  std::uint32_t root_ = 0;        // the root's name in keys_
  std::size_t known_inside_ = 0;  // keys of objects in the root that were learnt
  bool has_no_space_ = false;
  bool has_odd_ = false;
  bool repeats_ = false;  // a key may come twice in an object
  std::optional<Problem> exceeded_;
};

}  // namespace cdr
