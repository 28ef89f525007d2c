// One JSON record, validated as a whole and then walked as Nodes.
//
// simdjson parses it (so everything is checked, whichever fields a query uses); the nodes are kept
// in document order in one array that is reused from record to record. What a value looked like in
// the source is found only when asked for (`Node::raw`), because few columns need it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/arena.hpp"
#include "json/problem.hpp"

namespace cdr {

// Over these, a record is refused (`design.md`, limits).
inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_record_bytes = 16 * 1024 * 1024;
inline constexpr std::size_t max_keys = 10'000;
inline constexpr std::size_t max_string_bytes = 1024 * 1024;
// Bytes that must be readable (not meaningful) behind a record, for wide loads.
inline constexpr std::size_t padding = 64;

class Document;

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

  std::string_view string() const noexcept;  // unescaped; "" unless a string
  std::int64_t integer() const noexcept;     // 0 unless an integer
  double real() const noexcept;              // an integer's or a real's value, else 0
  bool boolean() const noexcept;
  // The value's exact source text: tokens untouched, white space between them removed. Lives in the
  // document.
  std::string_view raw() const;

  bool is_same(Node other) const noexcept {
    return document_ == other.document_ && index_ == other.index_;
  }
  std::string_view key() const noexcept;  // its name as a member (unescaped), "" otherwise
  std::uint32_t size() const noexcept;    // members or elements
  // The member of that name; a missing Node when absent or when this is no object.
  Node operator[](std::string_view name) const noexcept;

  // Members or elements, in document order: for (Node child : node.children()).
  class Iterator {
   public:
    Node operator*() const noexcept { return {document_, index_}; }
    Iterator& operator++() noexcept;
    bool operator!=(const Iterator& other) const noexcept { return index_ != other.index_; }

   private:
    friend class Node;
    Iterator(const Document* document, std::uint32_t index) noexcept
        : document_(document), index_(index) {}
    const Document* document_;
    std::uint32_t index_;
  };
  struct Range {
    Iterator first, last;
    Iterator begin() const noexcept { return first; }
    Iterator end() const noexcept { return last; }
  };
  Range children() const noexcept;

 private:
  friend class Document;
  Node(const Document* document, std::uint32_t index) noexcept
      : document_(document), index_(index) {}
  const Document* document_ = nullptr;
  std::uint32_t index_ = 0;
};

class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // Parses `json`, behind which `padding` bytes are readable. Both must outlive the nodes. nullopt:
  // it is valid, and root() stands for it until the next parse. Else what is wrong: code, path,
  // message, and offset within `json` where known (file and record are the caller's).
  std::optional<Problem> parse(std::string_view json);
  // As parse, but keeps its own padded copy of `json`.
  std::optional<Problem> parse_copy(std::string_view json);
  Node root() const noexcept { return {this, 0}; }

 private:
  friend class Node;
  struct Entry {
    std::string_view key;
    std::string_view text;
    union {
      std::int64_t integer = 0;
      double real;
      bool boolean;
    };
    std::uint32_t end = 0;   // the index behind its last descendant
    std::uint32_t size = 0;  // members or elements
    Node::Type type = Node::Type::missing;
  };
  struct Parser;
  struct Checks;
  void index_raw() const;

  std::unique_ptr<Parser> parser_;
  std::string copy_;
  std::string_view json_;
  std::vector<Entry> entries_;
  mutable std::vector<std::string_view> raws_;  // by entry; empty until asked for
  mutable Arena minified_;
};

}  // namespace cdr
