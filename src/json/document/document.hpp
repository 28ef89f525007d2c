// One JSON record, validated as a whole and then walked as Nodes.
//
// The whole record is checked, whichever fields a query uses. A Node is a place on the tape that
// Parser writes, and reads the record's text on demand.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/arena.hpp"
#include "json/document/problem.hpp"
#include "json/document/tape.hpp"

namespace cdr {

// A record that exceeds these limits is refused (docs/limits.md).
inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_record_bytes = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t max_keys = 10'000;
inline constexpr std::size_t max_string_bytes = std::size_t{1024} * 1024;
// Bytes that must be readable (not meaningful) after a record, for wide loads.
inline constexpr std::size_t padding = 64;

class Document;
class Parser;
class RootIndex;

// A record that was parsed elsewhere, for example on another thread. It must outlive everything
// that uses it.
struct ParsedRecord {
  Tape tape;
  std::size_t unescaped_bytes = 0;  // of the tape's strings without their escapes
  bool has_odd = false;
  const RootIndex* index = nullptr;       // of the root's keys
  std::span<const std::uint32_t> places;  // of these keys on the tape
  std::uint32_t marks = 0;                // Parser::marks
};

class Node {
 public:
  enum class Type : std::uint8_t { missing, null, boolean, integer, real, string, array, object };

  Node() noexcept = default;  // missing
  Type type() const noexcept;
  // Missing, null and "" all mean that the vendor did not provide the value.
  bool provided() const noexcept;
  explicit operator bool() const noexcept { return provided(); }
  bool is_object() const noexcept { return type() == Type::object; }
  bool is_array() const noexcept { return type() == Type::array; }
  bool is_container() const noexcept { return is_object() || is_array(); }

  std::string_view string() const noexcept;  // unescaped; "" unless a string
  std::int64_t integer() const noexcept;     // 0 unless an integer
  double real() const noexcept;              // an integer's or a real's value, otherwise 0
  bool boolean() const noexcept;
  // The value's exact source text: tokens untouched, white space between them removed. It belongs
  // to the document.
  std::string_view raw() const;

  // Whether it is a string with NUL or half of a surrogate pair, which string() replaces with
  // U+FFFD, or a number beyond int64 and double, which integer() and real() cannot return.
  bool is_odd() const noexcept { return document_ != nullptr && tape().is_odd(index_); }
  // Whether the node's key is odd text. written_key() is then the key as it is written in the
  // record; otherwise it is the same as key().
  bool has_odd_key() const noexcept { return key_ != no_key && tape().is_odd(key_); }
  std::string_view written_key() const noexcept;
  // Whether any value or key in its document is odd.
  bool is_among_odd() const noexcept;
  // An odd scalar as a JSON string that contains its source text, so that every JSON reader can
  // keep it; otherwise the same as raw().
  std::string kept() const;

  bool is_same(Node other) const noexcept {
    return document_ == other.document_ && index_ == other.index_;
  }
  std::string_view key() const noexcept;  // a member's name (unescaped), "" otherwise
  std::uint32_t size() const noexcept;    // members or elements
  // The member of that name; a missing Node if it is absent or this is not an object.
  Node operator[](std::string_view name) const noexcept;

  // Members or elements, in document order: for (Node child : node.children()).
  class Iterator {
   public:
    Node operator*() const noexcept {
      return in_object_ ? Node(document_, value(), index_) : Node(document_, index_, no_key);
    }
    Iterator& operator++() noexcept;
    bool operator!=(const Iterator& other) const noexcept { return index_ != other.index_; }

   private:
    friend class Node;
    Iterator(const Document* document, std::uint32_t index, bool in_object) noexcept
        : document_(document), index_(index), in_object_(in_object) {}
    std::uint32_t value() const noexcept;  // after the key
    const Document* document_;
    std::uint32_t index_;  // of the member's key, or of the element
    bool in_object_;
  };
  struct Range {
    Iterator first, last;
    Iterator begin() const noexcept { return first; }
    Iterator end() const noexcept { return last; }
  };
  Range children() const noexcept;

 private:
  friend class Document;
  static constexpr std::uint32_t no_key = 0;
  Node(const Document* document, std::uint32_t index, std::uint32_t key) noexcept
      : document_(document), index_(index), key_(key) {}
  const Tape& tape() const noexcept;

  const Document* document_ = nullptr;
  std::uint32_t index_ = 0;  // on the tape
  std::uint32_t key_ = no_key;
};

class Document {
 public:
  Document() : Document(nullptr) {}
  // Gives every record the marks of its keys.
  explicit Document(std::uint32_t (*marks_of_key)(std::string_view name));
  // A copy of `parsed` without the parser's memory: for callers that keep thousands of records.
  // `memory` holds the copy's tape, and must be the arena in which `parsed` keeps its texts.
  // Finding a member of the copy's root is a linear search.
  Document(const Document& parsed, Arena& memory);
  // A record that was parsed elsewhere. Texts that its nodes make are kept in `texts`.
  Document(const ParsedRecord& parsed, Arena& texts);
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // Parses `json`, which must have `padding` readable bytes after it. Both must outlive the nodes.
  // nullopt: it is valid, and root() is its root until the next parse. Otherwise returns the
  // problem: code, path, message, and the offset within `json` if known (the caller adds file and
  // record).
  std::optional<Problem> parse(std::string_view json);
  // Like parse, but unescaped texts are kept in `texts`, so that they outlive the next parse.
  std::optional<Problem> parse(std::string_view json, Arena& texts);
  // Like parse, but keeps its own padded copy of `json`.
  std::optional<Problem> parse_copy(std::string_view json);
  // Takes a record that was parsed elsewhere. root() is its root until the next parse.
  void take(const ParsedRecord& parsed);
  // The record in a form that another Document can take() for as long as this one has it. nullopt
  // unless the record's root has the same keys as roots before it.
  std::optional<ParsedRecord> parsed() const;
  Node root() const noexcept { return {this, root_index, Node::no_key}; }
  // A number that is the same for all records of this document whose roots have the same keys. 0 if
  // the root does not have the keys of roots before it.
  std::uint32_t root_keys() const noexcept;
  // The marks of the keys inside the root; maybe others too.
  std::uint32_t marks() const noexcept;
  // Whether a key occurred twice in an object, with the same value. The object has it only once.
  bool had_repeats() const noexcept { return had_repeats_; }

 private:
  friend class Node;
  friend class Node::Iterator;
  static constexpr std::uint32_t root_index = 0;

  std::optional<Problem> parse(std::string_view json, Arena* texts);
  enum class Repeats : std::uint8_t { equal, differ, unreadable };
  Repeats parse_without_repeats(std::string_view json);
  Arena& texts() const { return texts_ != nullptr ? *texts_ : own_texts_; }

  std::uint32_t find(std::string_view name) const noexcept;

  std::unique_ptr<Parser> parser_;
  const ParsedRecord* taken_ = nullptr;  // the record given to take(); null: parser_ has parsed it
  std::string copy_;
  Tape tape_;                // of the parser, or of a missing value
  mutable Arena own_texts_;  // texts without white space or escapes
  Arena* texts_ = nullptr;   // null: own_texts_
  bool has_odd_ = false;
  bool had_repeats_ = false;
};

inline const Tape& Node::tape() const noexcept {
  return document_->tape_;
}

inline Node::Type Node::type() const noexcept {
  if (document_ == nullptr) return Type::missing;
  switch (tape().kind(index_)) {
    case '{':
      return Type::object;
    case '[':
      return Type::array;
    case '"':
      return Type::string;
    case 'l':
      return Type::integer;
    case 'd':
    case 'o':
      return Type::real;
    case 't':
    case 'f':
      return Type::boolean;
    case 'n':
      return Type::null;
    default:
      return Type::missing;
  }
}

inline bool Node::is_among_odd() const noexcept {
  return document_ != nullptr && document_->has_odd_;
}

inline std::string_view Node::string() const noexcept {
  return type() == Type::string ? tape().text(index_) : std::string_view();
}

inline std::string_view Node::key() const noexcept {
  return key_ == no_key ? std::string_view() : tape().text(key_);
}

inline std::uint32_t Node::Iterator::value() const noexcept {
  return document_->tape_.behind(index_);
}

inline std::string_view Node::written_key() const noexcept {
  if (!has_odd_key()) return key();
  const std::string_view quoted = tape().source(key_);
  return quoted.substr(1, quoted.size() - 2);
}

inline Node::Iterator& Node::Iterator::operator++() noexcept {
  index_ = document_->tape_.behind(in_object_ ? value() : index_);
  return *this;
}

// The version of simdjson that this is compiled with, such as "3.0.1". Other folders call this
// function instead of including simdjson's header, which takes seconds to compile.
std::string_view simdjson_version();

}  // namespace cdr
