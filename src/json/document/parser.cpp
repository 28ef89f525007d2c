#include "json/document/parser.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "core/text.hpp"
#include "json/document/diagnosis.hpp"
#include "json/document/document.hpp"
#include "json/document/number.hpp"
#include "json/document/scan.hpp"

namespace cdr {
namespace {

// The record size for which simdjson allocates memory at first: several times as many bytes. The
// memory grows with the records. The size is small because a component of many records has as many
// documents.
constexpr std::size_t usual_record_bytes = std::size_t{4} * 1024;

// The largest number of keys inside the root that are remembered until the root's own keys are
// remembered again. The limit saves memory and time on objects that never come again.
constexpr std::size_t most_known_inside = 4096;
static_assert(KnownKey::longest <= padding);

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

std::size_t find_backslash(std::string_view json, std::size_t from) {
  const std::size_t at = json.find('\\', from);
  return at == json.npos ? nowhere : at;
}

}  // namespace

// One pass over the tokens of a record. A token is the offset at which a bracket, comma, colon,
// string, number or word begins. The last token is the root's bracket; the text's size comes after
// it. Every step takes the positions of reading and writing, and returns the new ones. A null token
// means that the record is refused.
struct Parser::Pass {
  struct At {
    const std::uint32_t* token;
    std::uint32_t word;  // not a pointer: gcc would move both back and forth as one vector
    explicit operator bool() const { return token != nullptr; }
  };

  Parser& parser;
  const std::string_view text;
  const std::uint32_t* const end;  // of the tokens
  // The offset of the next backslash: strings that end after it need more work than those before.
  // 0 if strings may be too long, so that each is checked.
  std::size_t special;
  char* const unescaped_text;  // strings without their escapes
  const char* const json = text.data();
  std::uint64_t* const words = parser.words_.get();
  std::size_t unescaped = 0;                             // bytes written to unescaped_text
  const bool has_long = text.size() > max_string_bytes;  // strings may be too long
  std::size_t depth = 0;
  std::size_t key_count = 0;
  std::size_t nowhere = 0;  // the depth at which a limit was exceeded, until the key is known

  static constexpr At refused{nullptr, 0};

  // Refuses a record that is JSON but exceeds a limit.
  At exceed(ProblemCode code, std::string message) {
    parser.exceeded_.emplace();
    parser.exceeded_->code = code;
    parser.exceeded_->message = std::move(message);
    nowhere = depth;
    return refused;
  }
  // Refuses the record because of this key or its value. The innermost key gives the path of the
  // problem.
  At refused_under(std::uint32_t key) {
    if (nowhere != 0) parser.exceeded_->path = path_of(parser.tape_.text(key), nowhere);
    nowhere = 0;
    return refused;
  }

  // Whether a number or word ends at `behind`: there must be white space or the next token.
  bool ends(At at, const char* behind) const {
    return behind == json + at.token[1] || is_space(*behind);
  }

  At string(At at) {
    const std::uint32_t begin = *at.token + 1;
    std::uint32_t last = at.token[1] - 1;
    while (json[last] != '"') --last;  // only white space can come before it
    words[at.word] = Tape::word('"', begin, last - begin);
    if (special < last) return special_string(at, {json + begin, last - begin});
    return {at.token + 1, at.word + 1};
  }
  At special_string(At at, std::string_view raw);
  At too_long() {
    return exceed(ProblemCode::too_long_string,
                  "a string is longer than " + std::to_string(max_string_bytes) + " bytes");
  }

  template <std::size_t Size>
  At word(At at, const char (&expected)[Size]) {
    const char* const begin = json + *at.token;
    constexpr std::size_t size = Size - 1;
    if (std::memcmp(begin, expected, size) != 0 || !ends(at, begin + size)) return refused;
    words[at.word] = Tape::word(*begin, *at.token, size);
    return {at.token + 1, at.word + 1};
  }

  At number(At at);

  // `known`: the keys of the object that the value is, or of the objects in a list; null: unknown.
  [[gnu::always_inline]] At value(At at, KnownKeys* known) {
    const char first = json[*at.token];
    if (first == '"') return string(at);  // most are; the switch is hard to predict
    if (first == 'n') return word(at, "null");
    switch (first) {
      case '{':
        return object<false>(at, known);
      case '[':
        return array(at, known);
      case 't':
        return word(at, "true");
      case 'f':
        return word(at, "false");
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
        return number(at);
      default:
        return refused;
    }
  }

  // A container that is being read; its words are written at its end.
  struct Open {
    std::uint32_t word;
    std::uint32_t begin;
    std::size_t count = 0;
  };
  Open open(At& at) {
    ++depth;
    const Open container{at.word, *at.token};
    at = {at.token + 1, at.word + 2};
    return container;
  }
  At close(At at, const Open& container, char kind) {
    --depth;
    words[container.word] = Tape::word(kind, at.word, container.count);
    words[container.word + 1] = Tape::pair(container.begin, *at.token + 1 - container.begin);
    return {at.token + 1, at.word};
  }
  At too_deep() { return exceed(ProblemCode::too_deep, deep_message()); }

  template <bool is_root>
  class NewKeys;
  At array(At at, KnownKeys* known);
  template <bool is_root>
  At object(At at, KnownKeys* known);
  template <class Keys>
  void insert_members(const Open& container, std::uint32_t word_behind, Keys& keys);
  template <class Keys>
  At unknown_key(At at, Keys& keys);
  void remember(KnownKeys& known, const Open& object);
  At root(At at);

  At too_many_keys() {
    return exceed(ProblemCode::too_many_keys,
                  "the record has more than " + std::to_string(max_keys) + " keys");
  }
  // Two members have the same name. Unless their values are equal, it is unknown which one counts.
  // The record is refused here, and Document reads it again to compare them.
  At duplicate() { return exceed(ProblemCode::duplicate_key, "a key occurs twice in one object"); }
};

Parser::Pass::At Parser::Pass::special_string(At at, std::string_view raw) {
  const auto end_of_string = static_cast<std::size_t>(raw.data() + raw.size() - json);
  if (!has_long) special = find_backslash(text, end_of_string);
  if (raw.find('\\') == raw.npos) {
    if (raw.size() > max_string_bytes) return too_long();
    return {at.token + 1, at.word + 1};
  }
  const Unescaped result = unescape(raw, parser.text_);
  if (result == Unescaped::broken) return refused;
  words[at.word] |= Tape::escaped_mark;
  words[at.word + 1] = Tape::pair(static_cast<std::uint32_t>(unescaped), parser.text_.size());
  std::memcpy(unescaped_text + unescaped, parser.text_.data(), parser.text_.size());
  unescaped += parser.text_.size();
  if (parser.text_.size() > max_string_bytes) return too_long();
  if (result == Unescaped::odd) {
    words[at.word + 1] |= Tape::odd_mark;
    parser.has_odd_ = true;
  }
  return {at.token + 1, at.word + 2};
}

Parser::Pass::At Parser::Pass::number(At at) {
  const char* const begin = json + *at.token;
  const char* to = begin;
  const auto digits = [&to] {
    const char* const first = to;
    while (is_digit(*to)) ++to;
    return to - first;
  };
  if (*to == '-') ++to;
  const bool zero = *to == '0';
  const auto whole = digits();
  if (whole == 0 || (zero && whole > 1)) return refused;
  const bool has_fraction = *to == '.';
  if (has_fraction && (++to, digits() == 0)) return refused;
  const bool has_exponent = lower(*to) == 'e';
  if (has_exponent) {
    ++to;
    if (*to == '-' || *to == '+') ++to;
    if (digits() == 0) return refused;
  }
  if (!ends(at, to)) return refused;
  const std::string_view token(begin, static_cast<std::size_t>(to - begin));
  const bool real = has_fraction || has_exponent;
  char kind = real ? 'd' : 'l';
  if ((!real && whole > 18 && !int64_of(token)) ||
      (real && (has_exponent || whole > 300) && !std::isfinite(double_of(token)))) {
    kind = 'o';
    parser.has_odd_ = true;
  }
  words[at.word] = Tape::word(kind, *at.token, token.size());
  return {at.token + 1, at.word + 1};
}

Parser::Pass::At Parser::Pass::array(At at, KnownKeys* known) {
  if (depth == max_depth) return too_deep();
  Open container = open(at);
  if (json[*at.token] == ']') return close(at, container, '[');
  for (;; ++at.token) {
    at = value(at, known);
    if (!at || at.token == end) return refused;
    ++container.count;
    const char behind = json[*at.token];
    if (behind == ']') return close(at, container, '[');
    if (behind != ',') return refused;
  }
}

// The keys of an object that does not follow the known keys. Each is compared with the keys before
// it. The root's keys go into the table from the first one on, so that find() finds them.
template <bool is_root>
class Parser::Pass::NewKeys {
 public:
  explicit NewKeys(Parser& parser) : parser_(parser) {}
  // false: the object has that key already.
  bool insert(std::uint32_t key) {
    if (!is_root) parser_.marks_ |= parser_.marks_of_keys_.of(parser_.tape_.text(key));
    if (!is_root && few_.size() < FewKeys::most) return few_.insert(parser_.tape_, key);
    if (!is_root && many_ == 0) {
      many_ = parser_.keys_.start_object();
      for (std::size_t i = 0; i < few_.size(); ++i) parser_.keys_.insert(many_, few_[i]);
    }
    return parser_.keys_.insert(is_root ? parser_.root_ : many_, key);
  }

 private:
  Parser& parser_;
  FewKeys few_;
  std::uint32_t many_ = 0;  // the object's number in the table
};

// As long as the object's keys are the known ones, they need no check for duplicates.
template <bool is_root>
Parser::Pass::At Parser::Pass::object(At at, KnownKeys* known) {
  if (depth == max_depth) return too_deep();
  Open container = open(at);
  if (json[*at.token] == '}') return close(at, container, '{');
  const std::span<KnownKey> keys = known == nullptr ? std::span<KnownKey>() : known->keys();
  std::uint32_t* const places = is_root ? parser.root_keys_.places() : nullptr;
  NewKeys<is_root> others(parser);
  bool follows = true;
  for (;; ++at.token) {
    const std::uint32_t place_of_key = at.word;
    KnownKeys* inner = nullptr;
    if (follows && container.count < keys.size() && keys[container.count].is_at(json + *at.token)) {
      KnownKey& key = keys[container.count];
      if (is_root) places[container.count] = place_of_key;
      inner = &key.inner();
      words[at.word] = Tape::word('"', *at.token + 1, key.size());
      ++key_count;
      at = {at.token + 1, at.word + 1};
    } else {
      if (std::exchange(follows, false)) insert_members(container, at.word, others);
      at = unknown_key(at, others);
      if (!at) return refused_under(place_of_key);
    }
    ++container.count;
    if (json[*at.token] != ':') return refused;
    at = value({at.token + 1, at.word}, inner);
    if (!at) return refused_under(place_of_key);
    if (at.token == end) return refused;
    const char behind = json[*at.token];
    if (behind == ',') continue;
    if (behind != '}') return refused;
    if (key_count <= max_keys) break;
    too_many_keys();
    return refused_under(place_of_key);
  }
  if (follows && container.count < keys.size()) {
    follows = false;
    if (is_root) insert_members(container, at.word, others);
  }
  at = close(at, container, '{');
  if (is_root && follows) parser.root_keys_.follow();
  if (!is_root && known != nullptr) parser.marks_ |= known->marks();
  if (!is_root && known != nullptr && !parser.repeats_ && known->miss(follows))
    remember(*known, container);
  return at;
}

template <class Keys>
void Parser::Pass::insert_members(const Open& container, std::uint32_t word_behind, Keys& keys) {
  const Tape& tape = parser.tape_;
  for (std::uint32_t key = Tape::first(container.word); key != word_behind;
       key = tape.behind(tape.behind(key)))
    keys.insert(key);
}

template <class Keys>
Parser::Pass::At Parser::Pass::unknown_key(At at, Keys& keys) {
  if (json[*at.token] != '"') return refused;
  const std::uint32_t place_of_key = at.word;
  at = string(at);
  if (at && ++key_count > max_keys) return too_many_keys();
  return at && !keys.insert(place_of_key) && !parser.repeats_ ? duplicate() : at;
}

void Parser::Pass::remember(KnownKeys& known, const Open& object) {
  if (parser.known_inside_ + object.count > most_known_inside) return;
  parser.known_inside_ += object.count;
  known.remember(parser.tape_, object.word);
  const Tape& tape = parser.tape_;
  std::uint32_t marks = 0;
  const std::uint32_t behind = tape.behind(object.word);
  for (std::uint32_t key = Tape::first(object.word); key != behind;
       key = tape.behind(tape.behind(key)))
    marks |= parser.marks_of_keys_.of(tape.text(key));
  known.set_marks(marks);
}

// Reads the whole record. The last token is the root's bracket, so every other token has a token
// after it.
Parser::Pass::At Parser::Pass::root(At at) {
  const char first = json[*at.token], last = json[end[-1]];
  if (first == '{' || first == '[') {
    if (last != (first == '{' ? '}' : ']')) return refused;
    at = first == '{' ? object<true>(at, &parser.root_keys_.known()) : array(at, nullptr);
  } else {
    at = value(at, nullptr);
  }
  return at && at.token == end ? at : refused;
}

Parser::Parser(KeyMarks marks_of_key) : marks_of_keys_(marks_of_key) {
  // simdjson does not count an empty container as a level, so Pass counts the levels. The number
  // given here only bounds simdjson's own work.
  if (simdjson_.allocate(usual_record_bytes, max_depth + 1) != simdjson::SUCCESS)
    throw std::bad_alloc();
}

bool Parser::find_tokens(std::string_view json) {
  if (simdjson_.capacity() < json.size() &&
      simdjson_.allocate(std::max(json.size(), 2 * simdjson_.capacity()), max_depth + 1) !=
          simdjson::SUCCESS)
    throw std::bad_alloc();
  return simdjson_.implementation->stage1(reinterpret_cast<const std::uint8_t*>(json.data()),
                                          json.size(),
                                          simdjson::stage1_mode::regular) == simdjson::SUCCESS;
}

// A value takes at most two words, and has two tokens: its own, and the comma, colon or bracket
// after it. The additional words are for containers that are still open and for the last string.
void Parser::make_room() {
  const std::size_t words = simdjson_.implementation->n_structural_indexes + 2 * max_depth;
  if (words_size_ < words) {
    const std::size_t size = std::max(words, 2 * words_size_);
    words_.reset(new std::uint64_t[size]);
    words_size_ = size;
  }
}

bool Parser::parse(std::string_view json, Arena& texts, bool repeats) {
  repeats_ = repeats;
  has_odd_ = false;
  marks_ = 0;
  exceeded_.reset();
  if (!find_tokens(json)) return false;
  const std::uint32_t* const tokens = simdjson_.implementation->structural_indexes.get();
  // A root that is not a container is read from a copy, because the bytes after the text must not
  // count as part of it.
  std::string alone;
  const char first = json[*tokens];
  if (first != '{' && first != '[') alone.assign(json).append(padding, '\0');
  const std::string_view text = alone.empty() ? json : std::string_view(alone.data(), json.size());

  const std::size_t backslash = find_backslash(json, 0);
  make_room();
  char* const unescaped = backslash != nowhere ? texts.allocate(json.size()) : nullptr;
  tape_ = {words_.get(), json.data(), unescaped};
  keys_.start_record(tape_);
  root_ = keys_.start_object();
  root_keys_.start_record(tape_);
  Pass pass{*this, text, tokens + simdjson_.implementation->n_structural_indexes,
            json.size() > max_string_bytes ? 0 : backslash, unescaped};
  if (!pass.root({tokens, 0})) return false;
  unescaped_bytes_ = pass.unescaped;
  // Keys are only remembered if none occurs twice.
  if (first == '{' && !repeats_ && root_keys_.known().miss(root_keys_.follows())) {
    root_keys_.remember(0);
    known_inside_ = 0;
  }
  return true;
}

}  // namespace cdr
