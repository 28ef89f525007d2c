#include "json/document/document.hpp"

#include <simdjson.h>

#include <cstring>
#include <unordered_map>
#include <utility>

#include "core/stop.hpp"
#include "core/text.hpp"
#include "json/document/diagnosis.hpp"
#include "json/document/number.hpp"
#include "json/document/parser.hpp"

namespace cdr {

namespace {

// The tape of a document without a record: root() is a missing Node.
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
  return type() == Type::integer ? int64_of(tape().source(index_)).value_or(0) : 0;
}

double Node::real() const noexcept {
  if (type() == Type::integer) return static_cast<double>(integer());
  return type() == Type::real && !is_odd() ? double_of(tape().source(index_)) : 0;
}

bool Node::boolean() const noexcept {
  return document_ != nullptr && tape().kind(index_) == 't';
}

std::uint32_t Node::size() const noexcept {
  return is_container() ? tape().count(index_) : 0;
}

Node Node::operator[](std::string_view name) const noexcept {
  if (type() != Type::object) return {};
  // The root's keys can be looked up, because all of them were checked for duplicates.
  if (index_ == Document::root_index &&
      (document_->parser_ != nullptr || document_->taken_ != nullptr)) {
    const std::uint32_t key = document_->find(name);
    return key == KeyTable::none ? Node() : Node(document_, tape().behind(key), key);
  }
  for (const Node member : children())
    if (member.key() == name) return member;
  return {};
}

Node::Range Node::children() const noexcept {
  const bool in_object = is_object();
  if (!in_object && !is_array()) return {{nullptr, 0, false}, {nullptr, 0, false}};
  return {{document_, Tape::first(index_), in_object},
          {document_, tape().behind(index_), in_object}};
}

std::string_view Node::raw() const {
  if (document_ == nullptr) return {};
  const std::string_view source = tape().source(index_);
  if ((!is_object() && !is_array()) || tape().size_without_space(index_) == source.size())
    return source;
  char* const to = document_->texts().allocate(source.size() + padding);
  std::size_t size = 0;
  if (simdjson::minify(source.data(), source.size(), to, size) != simdjson::SUCCESS) return source;
  return {to, size};
}

std::string Node::kept() const {
  if (!is_odd()) return std::string(raw());
  std::string_view written = tape().source(index_);
  if (type() == Type::string) written = written.substr(1, written.size() - 2);
  std::string text;
  append_json_string(text, written);
  return text;
}

// Document

Document::Document(KeyMarks marks_of_key)
    : parser_(std::make_unique<Parser>(marks_of_key)), tape_{nothing, nullptr, nullptr} {}
Document::Document(const Document& parsed, Arena& memory)
    : tape_(parsed.tape_), texts_(&memory), has_odd_(parsed.has_odd_) {
  if (tape_.words == nothing) return;
  const std::size_t size = tape_.behind(root_index) * sizeof *tape_.words;
  char* const at = memory.allocate(size + alignof(std::uint64_t));
  const std::size_t off = reinterpret_cast<std::uintptr_t>(at) % alignof(std::uint64_t);
  char* const words = off == 0 ? at : at + (alignof(std::uint64_t) - off);
  std::memcpy(words, tape_.words, size);
  tape_.words = reinterpret_cast<const std::uint64_t*>(words);
}
Document::Document(const ParsedRecord& parsed, Arena& texts) : tape_{nothing, nullptr, nullptr} {
  take(parsed);
  texts_ = &texts;
}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

std::optional<Problem> Document::parse(std::string_view json) {
  own_texts_.clear();
  return parse(json, nullptr);
}
std::optional<Problem> Document::parse(std::string_view json, Arena& texts) {
  return parse(json, &texts);
}

std::optional<Problem> Document::parse(std::string_view json, Arena* texts) {
  tape_ = {nothing, nullptr, nullptr};
  texts_ = texts;
  taken_ = nullptr;
  has_odd_ = had_repeats_ = false;
  Problem problem;
  if (json.size() > max_record_bytes) {
    problem.code = ProblemCode::too_large;
    problem.message = "the record is larger than " + std::to_string(max_record_bytes) + " bytes";
    return problem;
  }
  if (parser_->parse(json, this->texts())) {
    tape_ = parser_->tape();
    has_odd_ = parser_->has_odd();
    return std::nullopt;
  }
  if (parser_->exceeded() && parser_->exceeded()->code == ProblemCode::duplicate_key) {
    const std::optional<Problem> duplicate = parser_->exceeded();
    const Repeats repeats = parse_without_repeats(json);
    if (repeats == Repeats::equal) return std::nullopt;
    if (repeats == Repeats::differ) return duplicate;
  }
  if (auto found = diagnose(json, parser_->simdjson())) return found;
  if (parser_->exceeded()) return parser_->exceeded();
  problem.code = ProblemCode::not_json;
  problem.message = "not valid JSON";
  return problem;
}

namespace {

// Writes a value as JSON, each member once. false: two members with the same name differ.
bool write_once(Node node, std::string& json) {
  if (!node.is_object() && !node.is_array()) {
    json += node.raw();
    return true;
  }
  check_stop();
  const bool object = node.is_object();
  std::unordered_map<std::string_view, Node> known;
  json += object ? '{' : '[';
  bool first = true;
  for (const Node child : node.children()) {
    if (object) {
      const auto [before, is_new] = known.try_emplace(child.key(), child);
      if (!is_new && before->second.raw() != child.raw()) return false;
      if (!is_new) continue;
    }
    if (!std::exchange(first, false)) json += ',';
    if (object) {
      append_json_string(json, child.key());
      json += ':';
    }
    if (!write_once(child, json)) return false;
  }
  json += object ? '}' : ']';
  return true;
}

}  // namespace

// If a key occurs twice with the same value, the record is read without the second occurrence.
Document::Repeats Document::parse_without_repeats(std::string_view json) {
  if (!parser_->parse_with_repeats(json, texts())) return Repeats::unreadable;
  tape_ = parser_->tape();
  std::string once;
  const bool same = write_once(root(), once);
  tape_ = {nothing, nullptr, nullptr};
  if (!same) return Repeats::differ;
  char* const text = texts().allocate(once.size() + padding);
  std::memcpy(text, once.data(), once.size());
  std::memset(text + once.size(), 0, padding);
  if (!parser_->parse({text, once.size()}, texts())) return Repeats::unreadable;
  tape_ = parser_->tape();
  has_odd_ = parser_->has_odd();
  had_repeats_ = true;
  return Repeats::equal;
}

std::optional<Problem> Document::parse_copy(std::string_view json) {
  copy_.reserve(json.size() + padding);
  copy_.assign(json);
  return parse({copy_.data(), json.size()});
}

void Document::take(const ParsedRecord& parsed) {
  own_texts_.clear();
  texts_ = nullptr;
  taken_ = &parsed;
  tape_ = parsed.tape;
  has_odd_ = parsed.has_odd;
  had_repeats_ = false;
}

std::optional<ParsedRecord> Document::parsed() const {
  if (taken_ != nullptr) return *taken_;
  const bool has_parsed = tape_.words != nothing && parser_ != nullptr;
  const RootKeys* const known = has_parsed ? parser_->known_root() : nullptr;
  if (known == nullptr) return std::nullopt;
  return ParsedRecord{tape_,           parser_->unescaped_bytes(),
                      has_odd_,        known->index().get(),
                      known->places(), parser_->marks()};
}

std::uint32_t Document::find(std::string_view name) const noexcept {
  return taken_ != nullptr ? taken_->index->find(taken_->places.data(), name) : parser_->find(name);
}

std::uint32_t Document::root_keys() const noexcept {
  if (taken_ != nullptr) return taken_->index->version();
  const bool has_parsed = tape_.words != nothing && parser_ != nullptr;
  const RootKeys* const known = has_parsed ? parser_->known_root() : nullptr;
  return known != nullptr ? known->index()->version() : 0;
}

std::uint32_t Document::marks() const noexcept {
  return taken_ != nullptr ? taken_->marks : parser_->marks();
}

std::string_view simdjson_version() {
  return SIMDJSON_STRINGIFY(SIMDJSON_VERSION);
}

}  // namespace cdr
