#include "json/input/framer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/stop.hpp"
#include "core/text.hpp"
#include "json/document/document.hpp"
#include "json/input/format.hpp"

namespace cdr {
namespace {

// Resuming inside a broken record reads its bytes again. Real input needs little of that. The limit
// keeps an input that is made of nothing but broken records from taking quadratic time.
constexpr std::uint64_t free_rereading = std::uint64_t{64} * 1024 * 1024;
constexpr std::uint64_t rereading_per_byte = 4;

// If so many records do not end at their line's end, the stream is not made of lines.
constexpr unsigned wrong_guesses = 8;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool ends_word(char c) {
  return is_space(c) || c == ',' || c == ':' || c == '"' || c == '{' || c == '}' || c == '[' ||
         c == ']';
}

std::string bytes_from(std::uint64_t offset) {
  return "at byte " + std::to_string(offset);
}

}  // namespace

void Framer::open(std::unique_ptr<ByteStream> stream, std::string_view file, std::size_t size) {
  window_.open(std::move(stream), size);
  file_ = file;
  record_ = {};
  frames_.clear();
  pos_ = number_ = read_again_ = 0;
  anchor_ = none;
  open_ = true;
  arrived_ = false;
  begun_ = ended_ = failed_ = lines_ = lenient_ = resumable_ = guessed_ = false;
  guesses_left_ = ends_ == RecordEnds::guessed ? wrong_guesses : 0;
}

bool Framer::next() {
  resumable_ = guessed_ = false;
  while (open_) {
    check_stop();
    if (step()) return true;
  }
  return false;
}

bool Framer::step() {
  anchor_ = none;
  if (!begun_) {
    begin_stream();
    return false;
  }
  if (skip_space() == Stop::ended) {
    open_ = false;
    window_.close();
    if (!path_.empty() && !arrived_ && !lenient_) tell_of_path();
    if (!frames_.empty() && !lenient_) {
      problem(ProblemCode::truncated, pos_,
              std::string("expected ") +
                  (frames_.back().kind == Frame::Kind::array ? "']'" : "'}'") +
                  " for what begins " + bytes_from(frames_.back().begin) +
                  ", found the end of the input");
    }
    return false;
  }
  if (lines_) return text_line();
  if (frames_.empty()) return top_level();
  return frames_.back().kind == Frame::Kind::array ? array_element() : member();
}

// Decides by the first bytes what kind of stream it is.
void Framer::begin_stream() {
  begun_ = true;
  while (window_.end() < 4 && fill()) {
  }
  const std::string_view first = held(0, std::min<std::uint64_t>(window_.end(), 4));
  if (first.starts_with(byte_order_mark)) pos_ = byte_order_mark.size();
  const bool utf16 = first.starts_with("\xff\xfe") || first.starts_with("\xfe\xff") ||
                     (first.size() > 1 && (first[0] == '\0') != (first[1] == '\0'));
  const bool blank = !utf16 && skip_space() == Stop::ended;
  if (!utf16 && !blank && (byte() == '{' || byte() == '[')) return;
  if (!utf16 && !blank && byte() == '"' && begins_json_string()) return;
  if (!utf16 && !blank) {
    anchor_ = 0;
    while (window_.end() < format_bytes && fill()) {
    }
    anchor_ = none;
    const std::string_view known =
        format_named(held(0, std::min<std::uint64_t>(window_.end(), format_bytes)));
    if (!known.empty()) {
      open_ = false;
      window_.close();
      file_problem(ProblemCode::other_format, 0, "the file is " + std::string(known));
      return;
    }
  }
  if (!utf16 && !blank) {
    lines_ = true;
    return;
  }
  open_ = false;
  window_.close();
  if (utf16) {
    file_problem(ProblemCode::bad_utf8, 0, "expected UTF-8, found UTF-16 or UTF-32");
  } else if (!lenient_) {
    file_problem(ProblemCode::empty_file, 0,
                 window_.end() == 0 ? "expected records, found no bytes at all"
                                    : "expected records, found only white space");
  }
}

// Reads a value that is not inside another one. Anything else is skipped to the end of its line.
bool Framer::top_level() {
  switch (byte()) {
    case '{':
      return object();
    case '[':
      push(Frame::Kind::array);
      ++pos_;
      return false;
    case '"':
      if (begins_json_string()) return string_record();
      break;
    case ',':
    case ']':
    case '}':
      if (!lenient_)
        problem(ProblemCode::not_json, pos_,
                "expected an object or an array, found " + describe(byte()));
      skip_any_of(",]}");
      return false;
    default:
      break;
  }
  anchor_ = pos_;
  while (window_.end() - pos_ < byte_order_mark.size() && fill()) {
  }
  anchor_ = none;
  // Concatenated files may each begin with a byte order mark.
  if (held(pos_, window_.end()).starts_with(byte_order_mark)) {
    pos_ += byte_order_mark.size();
    return false;
  }
  problem(ProblemCode::not_json, pos_, "expected an object or an array, found " + describe(byte()));
  skip_line();
  return false;
}

bool Framer::array_element() {
  if (separator(']')) return false;
  if (byte() == '{') return object();
  if (byte() == '[' && frames_.size() < max_depth) {  // an array of pages
    push(Frame::Kind::array);
    ++pos_;
    return false;
  }
  problem(ProblemCode::not_json, pos_,
          "expected an object in the array, found " + describe(byte()));
  skip_outside();
  return false;
}

bool Framer::member() {
  const std::uint64_t before = number_;
  if (separator('}')) return false;
  if (byte() == '"') {
    const std::uint64_t begin = pos_;
    anchor_ = begin;
    const Stop stop = read_key();
    if (stop == Stop::none) return member_value();
    unreadable_value(stop, begin);
    return false;
  }
  if (!lenient_ && number_ == before)
    problem(ProblemCode::not_json, pos_,
            "expected a key in double quotes, found " + describe(byte()));
  if (byte() == '{') {
    // The object around this one is not closed, and the next one has begun.
    lenient_ = true;
    return object();
  }
  skip_outside();
  return false;
}

// Reads the value after key_, in an object that was entered.
bool Framer::member_value() {
  anchor_ = none;
  if (!path_.empty()) {
    const std::size_t steps = steps_taken();
    if (steps == 0 || key_ != path_[steps - 1]) {
      skip_outside();
      return false;
    }
    if (byte() == '{') return object();
    if (byte() == '"' && steps == path_.size()) return string_record();
    if (byte() != '[' || frames_.size() >= max_depth) {
      skip_outside();
      return false;
    }
    arrived_ = arrived_ || steps == path_.size();
    push(Frame::Kind::array);
    ++pos_;
    return false;
  }
  const bool keyed = frames_.back().kind == Frame::Kind::keyed;
  if (keyed && byte() == '{') return keyed_value();
  if (keyed) {
    problem(ProblemCode::not_json, pos_,
            "expected an object under every key, found " + describe(byte()));
  } else if (rules_.role(key_) == FramingRules::Role::envelope) {
    if (byte() == '{') return object();
    if (byte() == '[' && frames_.size() < max_depth) {
      push(Frame::Kind::array);
      ++pos_;
      return false;
    }
  }
  skip_outside();
  return false;
}

// Reads the comma before an element or member, or the bracket that ends the container instead.
// true: it was read, and the caller's step is done.
bool Framer::separator(char closer) {
  using After = Frame::After;
  const char c = byte();
  Frame& frame = frames_.back();
  const auto expected = [&](const std::string& what) {
    if (!lenient_)
      problem(ProblemCode::not_json, pos_, "expected " + what + ", found " + describe(c));
  };
  const std::string separators = std::string("',' or '") + closer + "'";
  if (c == ',') {
    if (frame.after != After::value) expected("a value before the comma");
    frame.after = After::comma;
    ++pos_;
    if (skip_space() == Stop::none && byte() == ',') {
      expected("a value after the comma");
      skip_any_of(",");
    }
    return true;
  }
  if (c == closer) {
    if (frame.after == After::comma) expected("a value after the comma");
    frames_.pop_back();
    ++pos_;
    return true;
  }
  if (c == ']' || c == '}') {
    expected(separators);
    // A bracket of the other kind closes the outer container, if that is of its kind.
    const std::size_t outer = frames_.size() - 2;
    if (frames_.size() > 1 && (frames_[outer].kind == Frame::Kind::array) == (c == ']')) {
      frames_.pop_back();
    } else {
      skip_any_of("]}");
    }
    return true;
  }
  if (frame.after == After::value) expected(separators);
  frame.after = After::value;
  return false;
}

// Reads an object that is a record or contains records. The loop enters envelopes.
bool Framer::object() {
  if (!path_.empty()) return object_on_path();
  for (;;) {
    const std::uint64_t begin = pos_;
    anchor_ = begin;
    switch (walk(begin)) {
      case Walked::record:
        return yield(begin, pos_, {});
      case Walked::keyed:
        push(Frame::Kind::keyed);
        frames_.back().after = Frame::After::value;
        return yield(value_, pos_, key_);
      case Walked::stopped:
        give_up(begin);
        return false;
      case Walked::envelope:
      case Walked::undecided:
        break;
    }
    if (frames_.size() + 2 > max_depth) {
      problem(ProblemCode::too_deep, begin,
              "records are nested in more than " + std::to_string(max_depth) + " envelopes");
      pos_ = begin;
      anchor_ = none;
      skip_outside();
      return false;
    }
    anchor_ = none;
    frames_.push_back({Frame::Kind::envelope, Frame::After::value, begin});
    if (byte() == '{') continue;
    push(Frame::Kind::array);
    ++pos_;
    return false;
  }
}

// The number of objects that were entered on the path. Arrays are not counted, because the path
// leads to each of their elements.
std::size_t Framer::steps_taken() const {
  return static_cast<std::size_t>(
      std::count_if(frames_.begin(), frames_.end(),
                    [](const auto& each) { return each.kind == Frame::Kind::envelope; }));
}

bool Framer::object_on_path() {
  const std::uint64_t begin = pos_;
  if (steps_taken() < path_.size()) {
    push(Frame::Kind::envelope);
    ++pos_;
    return false;
  }
  arrived_ = true;
  anchor_ = begin;
  stop_ = Stop::none;
  if (whole_object(begin) == Walked::record) return yield(begin, pos_, {});
  give_up(begin);
  return false;
}

bool Framer::begins_json_string() {
  anchor_ = pos_;
  while (window_.end() - pos_ < 2 && fill()) {
  }
  anchor_ = none;
  const char second = window_.end() - pos_ < 2 ? '\0' : *window_.at(pos_ + 1);
  return second == '{' || second == '[';
}

// A string that contains JSON is delivered as a record. Its parser reads the JSON inside.
bool Framer::string_record() {
  const std::uint64_t begin = pos_;
  anchor_ = begin;
  arrived_ = true;
  stop_ = skip_string();
  if (stop_ == Stop::none) return yield(begin, pos_, {});
  give_up(begin);
  return false;
}

// Whether the object under an envelope key is only a part of a record: then a key that only records
// have comes after it. Looks at a fixed number of bytes, so that the result does not depend on how
// the stream is read.
bool Framer::is_record_behind() {
  constexpr std::uint64_t looked_at = std::uint64_t{64} * 1024;
  while (window_.end() - pos_ < looked_at && fill()) {
  }
  const std::string_view text = held(pos_, std::min(window_.end(), pos_ + looked_at));
  std::size_t at = 0;
  const auto skip_to = [&](auto is_wanted) {
    while (at < text.size() && !is_wanted(text[at])) ++at;
    return at < text.size();
  };
  const auto skip_quoted = [&] {
    for (++at; at < text.size(); at += 2) {
      at += find_quote_or_backslash(text.data() + at, text.size() - at);
      if (at < text.size() && text[at] == '"') return ++at, true;
    }
    return false;
  };
  const auto no_space = [](char c) { return !is_space(c); };
  while (skip_to(no_space)) {
    if (text[at] == '{' || text[at] == '[') {
      ContainerScan scan;
      std::size_t end = 0;
      if (scan.scan_bytewise(text.data() + at, end, text.size() - at) !=
          ContainerScan::Result::closed)
        return false;
      at += end;
    } else if (text[at] == '"') {
      if (!skip_quoted()) return false;
    } else if (!skip_to([](char c) { return ends_word(c); })) {
      return false;
    }
    if (!skip_to(no_space) || text[at] != ',') return false;
    ++at;
    if (!skip_to(no_space) || text[at] != '"') return false;
    const std::size_t key = at + 1;
    if (!skip_quoted()) return false;
    const FramingRules::Role role = rules_.role(text.substr(key, at - 1 - key));
    if (role == FramingRules::Role::record || role == FramingRules::Role::message) return true;
    if (!skip_to(no_space) || text[at] != ':') return false;
    ++at;
  }
  return false;
}

// Reads the object at `begin` until it is known what the object is.
Framer::Walked Framer::walk(std::uint64_t begin) {
  if (begins_as_known(begin)) {
    pos_ = begin + known_beginning_.size();
    stop_ = Stop::none;
    if (guess_end(begin)) return Walked::record;
    pos_ = begin;
  }
  ++pos_;
  stop_ = skip_space();
  if (stop_ == Stop::none && byte() == '}') {
    ++pos_;
    return Walked::record;
  }
  message_ = false;
  for (bool first = true; stop_ == Stop::none; first = false) {
    const Walked walked = walk_member(first);
    if (walked == Walked::record) {
      if (first && stop_ == Stop::none) know_beginning(begin);
      return guess_end(begin) ? walked : whole_object(begin);
    }
    if (walked != Walked::undecided) return walked;
    if (byte() == '}') {
      ++pos_;
      return Walked::record;
    }
    if (byte() != ',') return whole_object(begin);
    ++pos_;
    stop_ = skip_space();
  }
  return Walked::stopped;
}

// If the first key already says that an object is a record, the next record most likely begins with
// the same bytes.
void Framer::know_beginning(std::uint64_t begin) {
  constexpr std::size_t longest = 64;
  if (pos_ - begin <= longest) known_beginning_.assign(held(begin, pos_));
}

bool Framer::begins_as_known(std::uint64_t begin) const {
  const std::size_t size = known_beginning_.size();
  return guesses_left_ != 0 && size != 0 && window_.end() - begin > size &&
         std::memcmp(window_.at(begin), known_beginning_.data(), size) == 0;
}

// Guesses that the record is alone in its line and ends at the line's end. Looks only at the bytes
// in memory.
bool Framer::guess_end(std::uint64_t begin) {
  if (guesses_left_ == 0 || !frames_.empty() || stop_ != Stop::none) return false;
  const auto size = static_cast<std::size_t>(window_.end() - pos_);
  const void* const feed = std::memchr(window_.at(pos_), '\n', size);
  if (feed == nullptr) return false;
  const char* last = static_cast<const char*>(feed) - 1;  // the first key is before it
  while (is_space(*last)) --last;
  const std::uint64_t end = pos_ + static_cast<std::uint64_t>(last + 1 - window_.at(pos_));
  if (*last != '}' || end - begin > max_record_bytes) return false;
  pos_ = end;
  guessed_ = true;
  return true;
}

// Takes the object as a record, because a key says so or because it is not JSON.
Framer::Walked Framer::whole_object(std::uint64_t begin) {
  pos_ = begin;
  stop_ = skip_container();
  return stop_ == Stop::none ? Walked::record : Walked::stopped;
}

// Reads one member and the space after it. Returns what its key says about the object.
Framer::Walked Framer::walk_member(bool first) {
  using Role = FramingRules::Role;
  stop_ = byte() == '"' ? read_key() : Stop::malformed;
  if (stop_ == Stop::none) {
    const Role role = rules_.role(key_);
    if (role == Role::record) return Walked::record;
    if (role == Role::envelope && byte() == '[') return Walked::envelope;
    if (role == Role::envelope && byte() == '{')
      return message_ || is_record_behind() ? Walked::record : Walked::envelope;
    message_ = message_ || role == Role::message;
    const std::uint64_t value = pos_;
    const bool may_be_keyed = first && byte() == '{';
    stop_ = skip_value();
    if (stop_ == Stop::none && may_be_keyed && rules_.keyed(held(value, pos_))) {
      value_ = value;
      return Walked::keyed;
    }
  }
  if (stop_ == Stop::none) stop_ = skip_space();
  if (stop_ == Stop::none) return Walked::undecided;
  return stop_ == Stop::malformed ? Walked::record : Walked::stopped;
}

bool Framer::keyed_value() {
  const std::uint64_t begin = pos_;
  anchor_ = begin;
  stop_ = skip_container();
  if (stop_ == Stop::none) return yield(begin, pos_, key_);
  give_up(begin);
  return false;
}

bool Framer::text_line() {
  const std::uint64_t begin = pos_;
  const bool first = number_ == 0;
  anchor_ = begin;
  std::uint64_t end = none;
  while (end == none) {
    const Stop stop = need();
    if (stop == Stop::too_large) break;
    const std::uint64_t to = std::min(window_.end(), begin + max_record_bytes);
    const void* feed =
        stop == Stop::ended ? nullptr : std::memchr(window_.at(pos_), '\n', to - pos_);
    if (feed != nullptr)
      pos_ += static_cast<std::uint64_t>(static_cast<const char*>(feed) - window_.at(pos_));
    if (feed != nullptr || stop == Stop::ended) end = pos_;
    if (end == none) pos_ = to;
  }
  if (failed_ && end == window_.end()) {
    anchor_ = none;
    return false;
  }
  line_.clear();
  if (end != none && path_.empty() && rules_.line(trim(held(begin, end)), line_)) {
    const std::size_t size = line_.size();
    line_.append(padding, ' ');
    yield(begin, end, {});
    record_.bytes = std::string_view(line_).substr(0, size);
    resumable_ = false;
    return true;
  }
  const std::string_view line = end == none ? std::string_view() : trim(held(begin, end));
  const std::string_view format = first ? text_format_named(line) : std::string_view();
  const std::string what = describe(held(begin, std::min(window_.end(), begin + 4)));
  anchor_ = none;
  if (!format.empty()) {
    const std::string columns(format);
    skip_line();
    if (skip_space() == Stop::ended || (byte() != '{' && byte() != '[')) {
      open_ = false;
      window_.close();
      return file_problem(ProblemCode::other_format, 0, "the file is " + columns), false;
    }
    lines_ = false;
    return problem(ProblemCode::not_json, begin,
                   "expected an object or an array, found " + columns),
           false;
  }
  if (first) {
    refuse_first_line(begin, "expected an object or an array, found " + what);
    return false;
  }
  if (end == none) {
    problem(ProblemCode::too_large, begin, "the line is longer than 16 MiB");
    skip_line();
  } else {
    problem(ProblemCode::not_json, begin, "the line does not have the form of the lines before it");
  }
  return false;
}

// Reports text that no vendor writes. If a later line begins like JSON, everything before it counts
// as one faulty record; otherwise the whole file is faulty.
void Framer::refuse_first_line(std::uint64_t begin, std::string message) {
  do {
    skip_line();
  } while (skip_space() == Stop::none && byte() != '{' && byte() != '[');
  if (pos_ < window_.end()) {
    lines_ = false;
    problem(ProblemCode::not_json, begin, std::move(message));
    return;
  }
  open_ = false;
  window_.close();
  file_problem(ProblemCode::not_json, begin, std::move(message));
}

// Reads the key at pos_ into key_, and moves on to its value.
Framer::Stop Framer::read_key() {
  const std::uint64_t begin = pos_ + 1;
  Stop stop = skip_string();
  if (stop != Stop::none) return stop;
  const std::string_view raw = held(begin, pos_ - 1);
  if (raw.find('\\') == raw.npos) {
    key_.assign(raw);
  } else {
    unescape(raw, key_);
  }
  stop = skip_space();
  if (stop != Stop::none) return stop;
  if (byte() != ':') return Stop::malformed;
  ++pos_;
  return skip_space();
}

Framer::Stop Framer::skip_value() {
  const char c = byte();
  if (c == '"') return skip_string();
  if (c == '{' || c == '[') return skip_container();
  if (ends_word(c)) return Stop::malformed;
  while (!ends_word(byte())) {
    ++pos_;
    if (const Stop stop = need(); stop != Stop::none) return stop;
  }
  return Stop::none;
}

Framer::Stop Framer::skip_string() {
  ++pos_;
  for (;;) {
    if (const Stop stop = need(); stop != Stop::none) return stop;
    const auto size = static_cast<std::size_t>(window_.end() - pos_);
    const std::size_t at = find_quote_or_backslash(window_.at(pos_), size);
    pos_ += at;
    if (at == size) continue;
    if (byte() == '"') {
      ++pos_;
      return Stop::none;
    }
    ++pos_;
    if (const Stop stop = need(); stop != Stop::none) return stop;
    ++pos_;
  }
}

Framer::Stop Framer::skip_container() {
  ContainerScan scan;
  const std::uint64_t begin = pos_;
  for (;;) {
    if (const Stop stop = need(); stop != Stop::none) return stop;
    const std::uint64_t base = std::max(begin, window_.begin());
    const std::uint64_t limit = anchor_ == none ? none : anchor_ + max_record_bytes;
    auto at = static_cast<std::size_t>(pos_ - base);
    const auto to = static_cast<std::size_t>(std::min(window_.end(), limit) - base);
    const ContainerScan::Result result = scan.scan(window_.at(base), at, to);
    pos_ = base + at;
    if (result == ContainerScan::Result::closed) return Stop::none;
    if (result == ContainerScan::Result::broken) return Stop::broken;
  }
}

Framer::Stop Framer::skip_space() {
  for (;;) {
    if (const Stop stop = need(); stop != Stop::none) return stop;
    if (!is_space(byte())) return Stop::none;
    ++pos_;
  }
}

// Skips a value outside of records, or whatever is in its place.
void Framer::skip_outside() {
  anchor_ = none;
  const std::uint64_t begin = pos_;
  const Stop stop = skip_value();
  if (stop == Stop::malformed) skip_garbage();
  if (stop != Stop::none && stop != Stop::malformed) unreadable_value(stop, begin);
}

// Reports a value outside of records that cannot be read.
void Framer::unreadable_value(Stop stop, std::uint64_t begin) {
  switch (stop) {
    case Stop::ended:
      if (!lenient_) problem(ProblemCode::truncated, begin, "the input ends inside a value");
      break;
    case Stop::broken:
      problem(ProblemCode::not_json, begin,
              "the value is not closed before the line at byte " + std::to_string(pos_) +
                  ": a quote or a bracket is missing");
      break;
    case Stop::too_large:
      problem(ProblemCode::too_large, begin, "a key is longer than 16 MiB");
      skip_garbage();
      break;
    default:
      problem(ProblemCode::not_json, pos_,
              "expected ':' and a value after a key, found " + describe(byte()));
      skip_garbage();
      break;
  }
  lenient_ = lenient_ || stop == Stop::ended || stop == Stop::broken;
}

// Skips to the next bracket or comma.
void Framer::skip_garbage() {
  anchor_ = none;
  while (need() == Stop::none) {
    const char c = byte();
    if (c == ',' || c == '{' || c == '}' || c == '[' || c == ']') return;
    if (c == '"') {
      skip_string();
    } else {
      ++pos_;
    }
  }
}

// Skips these bytes and white space.
void Framer::skip_any_of(std::string_view bytes) {
  while (need() == Stop::none && (is_space(byte()) || bytes.find(byte()) != bytes.npos)) ++pos_;
}

void Framer::skip_line() {
  anchor_ = none;
  while (need() == Stop::none) {
    const auto size = static_cast<std::size_t>(window_.end() - pos_);
    const void* feed = std::memchr(window_.at(pos_), '\n', size);
    if (feed != nullptr) {
      pos_ += static_cast<std::uint64_t>(static_cast<const char*>(feed) - window_.at(pos_));
      return;
    }
    pos_ += size;
  }
}

// Makes the byte at pos_ readable.
Framer::Stop Framer::need() {
  if (anchor_ != none && pos_ - anchor_ >= max_record_bytes) return Stop::too_large;
  while (pos_ >= window_.end())
    if (!fill()) return Stop::ended;
  return Stop::none;
}

bool Framer::fill() {
  if (ended_) return false;
  try {
    if (window_.more(std::min(anchor_, pos_))) return true;
    ended_ = true;
  } catch (const ReadFailure& failure) {
    ended_ = lenient_ = true;
    failed_ = failure.code == ProblemCode::unreadable;
    file_problem(failure.code, window_.end(), failure.message);
  }
  return false;
}

bool Framer::yield(std::uint64_t begin, std::uint64_t end, std::string_view member) {
  record_ = {held(begin, end), file_, ++number_, begin, member, nullptr};
  resumable_ = true;
  return true;
}

// Reports that the record at `begin` could not be read to its end (stop_), and goes on where the
// next one may begin.
void Framer::give_up(std::uint64_t begin) {
  if (failed_ && stop_ == Stop::ended) {
    anchor_ = none;
    return;
  }
  const bool too_large = stop_ == Stop::too_large;
  const std::uint64_t end = too_large ? begin + max_record_bytes : pos_;
  if (too_large) {
    problem(ProblemCode::too_large, begin, "the record is longer than 16 MiB");
  } else if (stop_ == Stop::ended) {
    problem(ProblemCode::truncated, begin,
            "the input ends at byte " + std::to_string(end) + ", inside the record");
  } else {
    problem(ProblemCode::not_json, begin,
            "the record is not closed before the line at byte " + std::to_string(end) +
                ": a quote or a bracket is missing");
  }
  if (resume_inside(begin, end, !too_large)) return;
  anchor_ = none;
  if (too_large) {
    // Nothing shows that it has swallowed others, so it is one record. It is skipped to its end
    // without being kept in memory.
    pos_ = begin;
    stop_ = skip_container();
  }
  lenient_ = lenient_ || stop_ != Stop::none;
}

// Goes back into the broken record [begin, end) to read the records that it has swallowed: to the
// first line that begins with '{', or to the first sign that a bracket is missing. Such a sign is
// required, unless it is `certain` that the record was never closed.
bool Framer::resume_inside(std::uint64_t begin, std::uint64_t end, bool certain) {
  const bool line_at_end = stop_ == Stop::broken;
  const std::string_view text = held(begin, end + (line_at_end ? 1 : 0));
  const std::size_t line = text.find("\n{");
  const std::size_t beginning = find_beginning(text, certain && line == text.npos);
  std::size_t at = std::min(line == text.npos ? text.size() : line + 1, beginning);
  if (!certain || line == text.npos) {
    const std::size_t misfit = find_misfit(text.data(), text.size());
    if (misfit == text.size() && beginning == text.size()) return false;
    at = misfit == text.size() ? beginning : std::min(at, misfit);
  }
  read_again_ += text.size() - at;
  if (read_again_ > free_rereading + rereading_per_byte * end) return false;
  pos_ = begin + at;
  lenient_ = true;
  return true;
}

// In a stream without lines, finds where the next record begins inside a broken one: at the next
// place that has the broken record's first bytes, up to the end of its first key. If not only
// records have that key, an object inside the record may begin in the same way. Then it must be
// `certain` that the record was never closed.
std::size_t Framer::find_beginning(std::string_view text, bool certain) const {
  const std::size_t quote = text.find_first_not_of(" \t\r\n", 1);
  if (quote == text.npos || text[quote] != '"') return text.size();
  const std::size_t end = text.find('"', quote + 1);
  if (end == text.npos) return text.size();
  const std::string_view key = text.substr(quote + 1, end - quote - 1);
  if (rules_.role(key) != FramingRules::Role::record && !certain) return text.size();
  const std::size_t found = text.find(text.substr(0, end + 1), end);
  return std::min(found, text.size());
}

void Framer::tell_of_path() {
  std::string path = "$";
  for (const std::string& step : path_) path += '.' + step;
  file_problem(ProblemCode::unrecognised, 0,
               "there is no object or list at " + path + ", where the records were expected");
}

Recut Framer::recut() {
  if (!guessed_) return Recut::same;
  const unsigned left = std::exchange(guesses_left_, 0);
  const std::size_t guess = record_.bytes.size();
  resumable_ = guessed_ = false;
  --number_;
  pos_ = record_.offset;
  const bool cut = object();
  const bool same = cut && record_.bytes.size() == guess;
  guesses_left_ = same ? left : left - 1;
  if (same) return Recut::same;
  return cut ? Recut::changed : Recut::gone;
}

void Framer::resynchronise() {
  if (!resumable_) return;
  resumable_ = false;
  stop_ = Stop::none;
  resume_inside(record_.offset, record_.offset + record_.bytes.size(), false);
}

void Framer::problem(ProblemCode code, std::uint64_t offset, std::string message) {
  sink_.report({code, std::string(file_), ++number_, offset, {}, std::move(message)});
}

void Framer::file_problem(ProblemCode code, std::uint64_t offset, std::string message) {
  sink_.report({code, std::string(file_), 0, offset, {}, std::move(message)});
}

}  // namespace cdr
