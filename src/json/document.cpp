#include "json/document.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "json/checks.hpp"
#include "json/keys.hpp"

namespace cdr {

namespace {

// A container that is being checked.
struct Level {
  enum class Kind : std::uint8_t { array, one_key, few_keys, many_keys } kind = Kind::array;
  std::uint32_t key = 0;     // of the member that is being read
  std::uint32_t object = 0;  // its name in the table of many keys
  FewKeys few;
};

}  // namespace

struct Document::Parser {
  simdjson::dom::parser dom;
  RootKeys root_keys;
  KeyTable keys;  // of objects that have many, and of a root that does not follow root_keys
  std::uint32_t root = 0;                   // the root's name in `keys`
  std::array<Level, max_depth + 1> levels;  // from 1 on

  // Where the root's key stands, or KeyTable::none.
  std::uint32_t find(std::string_view name) const {
    return root_keys.follows() ? root_keys.find(name) : keys.find(root, name);
  }
};

namespace {

// Where root() points when there is no document.
constexpr std::uint64_t nothing[] = {0, 0};

}  // namespace

// Node

bool Node::provided() const noexcept {
  switch (type()) {
    case Type::missing:
    case Type::null:
      return false;
    case Type::string:
      return !tape().text(index_).empty();
    default:
      return true;
  }
}

std::int64_t Node::integer() const noexcept {
  return type() == Type::integer ? tape().integer(index_) : 0;
}

double Node::real() const noexcept {
  if (type() == Type::integer) return static_cast<double>(integer());
  return type() == Type::real ? tape().real(index_) : 0;
}

bool Node::boolean() const noexcept {
  return document_ != nullptr && tape().kind(index_) == 't';
}

std::uint32_t Node::size() const noexcept {
  return is_object() || is_array() ? tape().count(index_) : 0;
}

Node Node::operator[](std::string_view name) const noexcept {
  if (type() != Type::object) return {};
  // The record itself, whose keys were all looked at for duplicates.
  if (index_ == Document::root_index && size() > 1) {
    const std::uint32_t key = document_->parser_->find(name);
    return key == KeyTable::none ? Node() : Node(document_, key + 1, key);
  }
  for (const Node member : children())
    if (member.key() == name) return member;
  return {};
}

Node::Range Node::children() const noexcept {
  const bool in_object = is_object();
  if (!in_object && !is_array()) return {{nullptr, 0, false}, {nullptr, 0, false}};
  return {{document_, index_ + 1, in_object},
          {document_, tape().behind_container(index_) - 1, in_object}};
}

std::string_view Node::raw() const {
  if (document_ == nullptr) return {};
  if (!document_->knows_raws_) document_->index_raw();
  const std::string_view source = document_->raws_[index_];
  if (document_->is_minified_ || (!is_object() && !is_array())) return source;
  char* const to = document_->minified_.allocate(source.size() + padding);
  std::size_t size = 0;
  if (simdjson::minify(source.data(), source.size(), to, size) != simdjson::SUCCESS) return source;
  return {to, size};
}

// Document

// What simdjson sets aside at first, several times as much in bytes; it grows with the records. A
// component of many records has as many documents.
constexpr std::size_t usual_record_bytes = 4 * 1024;

Document::Document() : parser_(std::make_unique<Parser>()), tape_{nothing, nullptr} {
  // simdjson does not count an empty container as a level: Checks counts, this bounds its
  // recursion.
  if (parser_->dom.allocate(usual_record_bytes, max_depth + 1) != simdjson::SUCCESS)
    throw std::bad_alloc();
}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

namespace {

std::string deep_message() {
  return "the record nests deeper than " + std::to_string(max_depth) + " levels";
}

Problem problem(ProblemCode code, std::string message, std::uint64_t offset = 0) {
  Problem found;
  found.code = code;
  found.message = std::move(message);
  found.offset = offset;
  return found;
}

constexpr const char* large_integer_message = "an integer is beyond the range of int64";

// Of a value in the member of that name, in an object at that depth: '$..key' is one at any depth.
std::string path_of(std::string_view key, std::size_t depth) {
  constexpr std::size_t longest = 64;
  if (key.empty() || key.size() > longest) return {};
  return (depth > 1 ? "$.." : "$.") + std::string(key);
}

// Where and how a text stops being JSON. simdjson only says that it does; this second reading is
// for the failed record alone.
struct Diagnosis : nlohmann::json_sax<nlohmann::json> {
  std::size_t byte = 0;
  bool overflow = false;
  bool surrogate = false;
  const char* string_fault = nullptr;
  std::string large_integer;  // path of the first integer beyond int64
  std::string last_key;
  std::size_t depth = 0;
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t number) override {
    if (number > std::numeric_limits<std::int64_t>::max()) note_large_integer();
    return true;
  }
  bool number_float(number_float_t, const string_t& token) override {
    if (token.find_first_of(".eE") == string_t::npos) note_large_integer();
    return true;
  }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return start(); }
  bool key(string_t& name) override {
    last_key = name;
    return true;
  }
  bool end_object() override { return end(); }
  bool start_array(std::size_t) override { return start(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& e) override {
    byte = position;
    overflow = e.id == 406;  // its number for a double out of range
    const auto says = [&](const char* text) { return std::strstr(e.what(), text) != nullptr; };
    // A string, number or word in the wrong place is reported by its end; where it begins is meant.
    if (says("unexpected ") && says(" literal; ") && token.size() <= position)
      byte = position - token.size() + 1;
    surrogate = says("surrogate");
    if (says("control character"))
      string_fault = "a control character in a string is not escaped";
    else if (says("backslash") || says("hex digits"))
      string_fault = "a string holds an escape that JSON does not have";
    return false;
  }

 private:
  bool start() {
    ++depth;
    return true;
  }
  bool end() {
    --depth;
    return true;
  }
  void note_large_integer() {
    if (large_integer.empty()) large_integer = path_of(last_key, depth);
  }
};

// How many bytes the character at the front takes; 0 when it is none.
std::size_t character_size(std::string_view text) {
  struct Lead {  // and what its second byte may be
    unsigned char first, last, low, high;
    std::size_t size;
  };
  static constexpr Lead leads[] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                   {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
                                   {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                                   {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  for (const Lead& lead : leads) {
    if (byte(0) < lead.first || byte(0) > lead.last) continue;
    if (text.size() < lead.size || byte(1) < lead.low || byte(1) > lead.high) return 0;
    for (std::size_t i = 2; i < lead.size; ++i)
      if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    return lead.size;
  }
  return 0;
}

Problem not_utf8(std::string_view json) {
  std::size_t at = 0;
  while (at < json.size()) {
    const std::size_t size = character_size(json.substr(at));
    if (size == 0) break;
    at += size;
  }
  std::string found = at < json.size() ? ", found " + describe(json[at]) : std::string();
  return problem(ProblemCode::bad_utf8, "expected UTF-8" + found, at);
}

Problem diagnose(std::string_view json, simdjson::error_code error) {
  using simdjson::error_code;
  if (error == error_code::UTF8_ERROR) return not_utf8(json);
  if (error == error_code::DEPTH_ERROR) return problem(ProblemCode::too_deep, deep_message());
  Diagnosis found;
  const bool accepted = nlohmann::json::sax_parse(json.begin(), json.end(), &found);
  const std::size_t at = found.byte > 0 ? found.byte - 1 : 0;
  if (accepted && error == error_code::NUMBER_ERROR) {
    Problem large = problem(ProblemCode::bad_number, large_integer_message);
    large.path = found.large_integer;
    return large;
  }
  if (found.overflow)
    return problem(ProblemCode::bad_number, "a number is beyond the range of double", at);
  if (found.surrogate)
    return problem(ProblemCode::bad_string, "a string holds half of a surrogate pair", at);
  if (error == error_code::UNCLOSED_STRING || (!accepted && at >= json.size()))
    return problem(ProblemCode::truncated, "the record ends before it is complete", json.size());
  if (accepted) {
    return problem(ProblemCode::not_json,
                   std::string("not valid JSON: ") + simdjson::error_message(error));
  }
  if (found.string_fault != nullptr) return problem(ProblemCode::not_json, found.string_fault, at);
  return problem(ProblemCode::not_json,
                 "not valid JSON: found " + describe(json[at]) + " where it may not stand", at);
}

// The words that a value takes on the tape, by kind, where that is all there is to know; else 0.
using PlainWords = std::array<std::uint8_t, 256>;
constexpr PlainWords plain_words(bool strings_are_plain) {
  PlainWords words{};
  for (const char c : {'t', 'f', 'n'}) words[static_cast<unsigned char>(c)] = 1;
  for (const char c : {'l', 'd'}) words[static_cast<unsigned char>(c)] = 2;
  if (strings_are_plain) words['"'] = 1;
  return words;
}
constexpr PlainWords with_strings = plain_words(true), without_strings = plain_words(false);

}  // namespace

// One pass over the tape for what simdjson leaves open.
struct Document::Checks {
  const Tape& tape;
  Parser& parser;
  const bool inspect_texts;  // a string may be too long or hold what it must not
  const PlainWords& plain = inspect_texts ? without_strings : with_strings;
  std::array<Level, max_depth + 1>& levels = parser.levels;
  std::size_t key_count = 0;
  std::size_t depth = 0;
  std::optional<Problem> found = std::nullopt;

  bool fail(ProblemCode code, std::string message) {
    found = problem(code, std::move(message));
    std::size_t nearest = depth;
    while (nearest > 0 && levels[nearest].key == Node::no_key) --nearest;
    if (nearest > 0) found->path = path_of(tape.text(levels[nearest].key), depth);
    return false;
  }

  bool text(std::uint32_t at) {
    const std::string_view characters = tape.text(at);
    if (characters.size() > max_string_bytes)
      return fail(ProblemCode::too_long_string,
                  "a string is longer than " + std::to_string(max_string_bytes) + " bytes");
    if (has_forbidden_character(characters))
      return fail(ProblemCode::bad_string, "a string holds NUL or half of a surrogate pair");
    return true;
  }

  bool count_key(Level& object, std::uint32_t at) {
    object.key = at;
    if (++key_count <= max_keys) return true;
    return fail(ProblemCode::too_many_keys,
                "the record has more than " + std::to_string(max_keys) + " keys");
  }

  // Two members of one name: which one counts is anybody's guess, so the record is refused.
  bool key(Level& object, std::uint32_t at) {
    if (!count_key(object, at) || (inspect_texts && !text(at))) return false;
    const bool is_new =
        object.kind == Level::Kind::one_key ||
        (object.kind == Level::Kind::few_keys ? object.few.insert(tape, at)
                                              : parser.keys.insert(object.object, at));
    return is_new || fail(ProblemCode::duplicate_key, "a key occurs twice in one object");
  }

  bool open(std::uint32_t at) {
    if (depth == max_depth) return fail(ProblemCode::too_deep, deep_message());
    Level& level = levels[++depth];
    level.key = Node::no_key;
    const std::uint32_t count = tape.count(at);
    if (tape.kind(at) == '[') {
      level.kind = Level::Kind::array;
    } else if (count < 2) {
      level.kind = Level::Kind::one_key;
    } else if (count <= FewKeys::most && at != root_index) {
      level.kind = Level::Kind::few_keys;
      level.few.start_object();
    } else {
      level.kind = Level::Kind::many_keys;
      level.object = parser.keys.start_object();
      if (at == root_index) parser.root = level.object;
    }
    return true;
  }

  // The value at `at`, and all that is in it.
  bool value(std::uint32_t at) {
    const std::size_t outer = depth;
    do {
      Level& level = levels[depth];
      if (depth > outer && level.kind != Level::Kind::array && tape.kind(at) == '"' &&
          !key(level, at++))
        return false;
      const char kind = tape.kind(at);
      const std::uint32_t words = plain[static_cast<unsigned char>(kind)];
      if (words == 0 && !other_value(kind, at)) return false;
      at += words == 0 ? 1 : words;
    } while (depth > outer);
    return true;
  }
  bool other_value(char kind, std::uint32_t at) {
    switch (kind) {
      case '{':
      case '[':
        return open(at);
      case '"':
        return text(at);
      case 'u':
        return fail(ProblemCode::bad_number, large_integer_message);
      default:
        --depth;  // a closing bracket
        return true;
    }
  }

  // The root's members, as long as its keys are the remembered ones.
  bool followed_members() {
    Level& root = levels[++depth];
    const std::uint32_t end = tape.behind_container(root_index) - 1;
    for (std::uint32_t at = root_index + 1; at != end;) {
      if (!count_key(root, at)) return false;
      if (!parser.root_keys.follow(at)) return true;
      const std::uint32_t words = plain[static_cast<unsigned char>(tape.kind(++at))];
      if (words == 0 && !value(at)) return false;
      at = words == 0 ? tape.behind(at) : at + words;
    }
    return true;
  }

  bool record() {
    const bool has_keys = tape.kind(root_index) == '{' && tape.count(root_index) > 1;
    parser.keys.start_record(tape);
    parser.root_keys.start_record(tape, has_keys ? tape.count(root_index) : 0);
    if (parser.root_keys.follows() && !followed_members()) return false;
    if (!parser.root_keys.follows()) {
      key_count = depth = 0;
      parser.keys.start_record(tape);
      if (!value(root_index)) return false;
    }
    if (has_keys) parser.root_keys.end_record(root_index);
    return true;
  }
};

std::optional<Problem> Document::parse(std::string_view json) {
  json_ = json;
  tape_ = {nothing, nullptr};
  knows_raws_ = false;
  minified_.clear();
  if (json.size() > max_record_bytes) {
    return problem(ProblemCode::too_large,
                   "the record is larger than " + std::to_string(max_record_bytes) + " bytes");
  }
  simdjson::dom::parser& dom = parser_->dom;
  const auto error = dom.parse(json.data(), json.size(), false).error();
  if (error != simdjson::SUCCESS) return diagnose(json, error);
  const Tape tape{dom.doc.tape.get(), dom.doc.string_buf.get()};
  Checks checks{tape, *parser_,
                json.size() > max_string_bytes || may_hold_forbidden_character(json)};
  if (!checks.record()) return checks.found;
  tape_ = tape;
  return std::nullopt;
}

std::uint32_t Document::root_keys() const noexcept {
  return tape_.words != nothing && parser_->root_keys.follows() ? parser_->root_keys.version() : 0;
}

std::optional<Problem> Document::parse_copy(std::string_view json) {
  copy_.reserve(json.size() + padding);
  copy_.assign(json);
  return parse({copy_.data(), json.size()});
}

namespace {

// Walks JSON that is known to be valid.
struct Walker {
  const char* at;
  bool any_blank = false;

  void blanks() {
    for (; *at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'; ++at) any_blank = true;
  }
  void string() {
    for (++at; *at != '"'; ++at)
      if (*at == '\\') ++at;
    ++at;
  }
  void scalar(const char* end) {
    if (*at == '"') return string();
    while (at < end && std::strchr(",]} \t\r\n", *at) == nullptr) ++at;
  }
};

}  // namespace

void Document::index_raw() const {
  knows_raws_ = true;
  raws_.resize(std::max<std::size_t>(raws_.size(), tape_.behind(root_index)));
  Walker walker{json_.data()};
  const char* const end = json_.data() + json_.size();
  const auto value = [&](const auto& self, Node node) -> void {
    walker.blanks();
    const char* const start = walker.at;
    if (node.is_object() || node.is_array()) {
      ++walker.at;
      for (const Node child : node.children()) {
        if (node.is_object()) {
          walker.blanks();
          walker.string();
          walker.blanks();
          ++walker.at;  // the colon
        }
        self(self, child);
        walker.blanks();
        if (*walker.at == ',') ++walker.at;
      }
      walker.blanks();
      ++walker.at;  // the closing bracket
    } else {
      walker.scalar(end);
    }
    raws_[node.index_] = {start, static_cast<std::size_t>(walker.at - start)};
  };
  walker.blanks();
  walker.any_blank = false;  // around the record it is none of it
  value(value, root());
  is_minified_ = !walker.any_blank;
}

}  // namespace cdr
