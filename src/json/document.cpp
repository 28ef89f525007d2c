#include "json/document.hpp"

#include <simdjson.h>

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "json/checks.hpp"

namespace cdr {

struct Document::Parser {
  simdjson::dom::parser dom;
  KeyTable keys;
};

// Node

Node::Type Node::type() const noexcept {
  return document_ == nullptr ? Type::missing : document_->entries_[index_].type;
}

bool Node::provided() const noexcept {
  switch (type()) {
    case Type::missing:
    case Type::null:
      return false;
    case Type::string:
      return !string().empty();
    default:
      return true;
  }
}

std::string_view Node::string() const noexcept {
  return type() == Type::string ? document_->entries_[index_].text : std::string_view();
}

std::int64_t Node::integer() const noexcept {
  return type() == Type::integer ? document_->entries_[index_].integer : 0;
}

double Node::real() const noexcept {
  if (type() == Type::integer) return static_cast<double>(integer());
  return type() == Type::real ? document_->entries_[index_].real : 0;
}

bool Node::boolean() const noexcept {
  return type() == Type::boolean && document_->entries_[index_].boolean;
}

std::string_view Node::key() const noexcept {
  return document_ == nullptr ? std::string_view() : document_->entries_[index_].key;
}

std::uint32_t Node::size() const noexcept {
  return document_ == nullptr ? 0 : document_->entries_[index_].size;
}

Node Node::operator[](std::string_view name) const noexcept {
  if (type() != Type::object) return {};
  if (index_ == 0 &&
      size() >
          1) {  // the record itself, whose keys are still in the table that looked for duplicates
    const std::uint32_t place = document_->parser_->keys.find(name);
    return place == KeyTable::none ? Node() : Node(document_, place);
  }
  for (const Node member : children())
    if (member.key() == name) return member;
  return {};
}

Node::Range Node::children() const noexcept {
  if (document_ == nullptr) return {{nullptr, 0}, {nullptr, 0}};
  return {{document_, index_ + 1}, {document_, document_->entries_[index_].end}};
}

Node::Iterator& Node::Iterator::operator++() noexcept {
  index_ = document_->entries_[index_].end;
  return *this;
}

std::string_view Node::raw() const {
  if (document_ == nullptr) return {};
  if (document_->raws_.empty()) document_->index_raw();
  const std::string_view source = document_->raws_[index_];
  if (type() != Type::object && type() != Type::array) return source;
  char* const to = document_->minified_.allocate(source.size() + padding);
  std::size_t size = 0;
  if (simdjson::minify(source.data(), source.size(), to, size) != simdjson::SUCCESS) return source;
  return {to, size};
}

// Document

// What simdjson sets aside at first, several times as much in bytes; it grows with the records. A
// component of many records has as many documents.
constexpr std::size_t usual_record_bytes = 4 * 1024;

Document::Document() : parser_(std::make_unique<Parser>()) {
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

}  // namespace

// Copies simdjson's tree into entries, in document order, checking what simdjson leaves open.
struct Document::Checks {
  std::vector<Entry>& entries;
  KeyTable& keys;
  const bool
      escapes;  // the source holds a \u escape: only then can a string hold NUL or a lone surrogate
  std::size_t key_count = 0;
  std::size_t depth = 0;
  std::optional<Problem> found = std::nullopt;
  std::string_view in = {};  // key of the nearest member, for messages

  bool fail(ProblemCode code, std::string message) {
    found = problem(code, std::move(message));
    found->path = path_of(in, depth);
    return false;
  }

  bool too_deep() { return fail(ProblemCode::too_deep, deep_message()); }

  bool text(std::string_view characters) {
    if (characters.size() > max_string_bytes)
      return fail(ProblemCode::too_long_string,
                  "a string is longer than " + std::to_string(max_string_bytes) + " bytes");
    if (escapes && has_forbidden_character(characters))
      return fail(ProblemCode::bad_string, "a string holds NUL or half of a surrogate pair");
    return true;
  }

  bool add(simdjson::dom::element element, std::string_view key) {
    using simdjson::dom::element_type;
    const std::size_t at = entries.size();
    Entry& entry = entries.emplace_back();
    entry.key = key;
    entry.end = static_cast<std::uint32_t>(at + 1);
    switch (element.type()) {
      case element_type::OBJECT:
        entry.type = Node::Type::object;
        if (++depth > max_depth) return too_deep();
        return add_members(element.get_object().value_unsafe(), at);
      case element_type::ARRAY:
        entry.type = Node::Type::array;
        if (++depth > max_depth) return too_deep();
        return add_elements(element.get_array().value_unsafe(), at);
      case element_type::STRING:
        entry.type = Node::Type::string;
        entry.text = element.get_string().value_unsafe();
        return text(entry.text);
      case element_type::INT64:
        entry.type = Node::Type::integer;
        entry.integer = element.get_int64().value_unsafe();
        return true;
      case element_type::UINT64:
        return fail(ProblemCode::bad_number, large_integer_message);
      case element_type::DOUBLE:
        entry.type = Node::Type::real;
        entry.real = element.get_double().value_unsafe();
        return true;
      case element_type::BOOL:
        entry.type = Node::Type::boolean;
        entry.boolean = element.get_bool().value_unsafe();
        return true;
      case element_type::NULL_VALUE:
        entry.type = Node::Type::null;
        return true;
    }
    return true;
  }

  bool add_members(simdjson::dom::object object, std::size_t at) {
    std::uint32_t size = 0;
    for (const auto member : object) {
      const std::string_view outer = in;
      in = member.key;
      if (++key_count > max_keys)
        return fail(ProblemCode::too_many_keys,
                    "the record has more than " + std::to_string(max_keys) + " keys");
      if (!text(member.key) || !add(member.value, member.key)) return false;
      in = outer;
      ++size;
    }
    close(at, size);
    const bool good = !duplicate_key(at);
    --depth;
    return good;
  }

  bool add_elements(simdjson::dom::array array, std::size_t at) {
    std::uint32_t size = 0;
    for (const auto element : array) {
      if (!add(element, {})) return false;
      ++size;
    }
    close(at, size);
    --depth;
    return true;
  }

  void close(std::size_t at, std::uint32_t size) {
    entries[at].size = size;
    entries[at].end = static_cast<std::uint32_t>(entries.size());
  }

  // Two members of one name: which one counts is anybody's guess, so the record is refused.
  bool duplicate_key(std::size_t object) {
    if (entries[object].size < 2) return false;
    keys.start(entries[object].size);
    for (std::size_t i = object + 1; i < entries[object].end; i = entries[i].end)
      if (!keys.insert(entries[i].key, static_cast<std::uint32_t>(i))) {
        in = entries[i].key;
        fail(ProblemCode::duplicate_key, "a key occurs twice in one object");
        return true;
      }
    return false;
  }
};

std::optional<Problem> Document::parse(std::string_view json) {
  json_ = json;
  entries_.clear();
  raws_.clear();
  minified_.clear();
  simdjson::dom::element root;
  if (json.size() > max_record_bytes) {
    entries_.emplace_back();
    return problem(ProblemCode::too_large,
                   "the record is larger than " + std::to_string(max_record_bytes) + " bytes");
  }
  const auto error = parser_->dom.parse(json.data(), json.size(), false).get(root);
  if (error != simdjson::SUCCESS) {
    entries_.emplace_back();
    return diagnose(json, error);
  }
  Checks checks{entries_, parser_->keys, json.find("\\u") != std::string_view::npos};
  if (checks.add(root, {})) return std::nullopt;
  entries_.resize(1);
  entries_[0] = Entry();
  return checks.found;
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

  void blanks() {
    while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r') ++at;
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
  raws_.resize(entries_.size());
  Walker walker{json_.data()};
  const char* const end = json_.data() + json_.size();
  const auto value = [&](const auto& self, std::size_t i) -> void {
    walker.blanks();
    const char* const start = walker.at;
    const Entry& entry = entries_[i];
    if (entry.type == Node::Type::object || entry.type == Node::Type::array) {
      ++walker.at;
      for (std::size_t child = i + 1; child < entry.end; child = entries_[child].end) {
        if (entry.type == Node::Type::object) {
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
    raws_[i] = {start, static_cast<std::size_t>(walker.at - start)};
  };
  value(value, 0);
}

}  // namespace cdr
