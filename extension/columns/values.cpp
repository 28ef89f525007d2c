#include "extension/columns/values.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "core/time.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace cdr::ext {
namespace {

// From this many rows on, texts of which fewer than half repeat are stored one by one, which takes
// less memory.
constexpr std::size_t enough_to_tell = 8192;
constexpr std::uint32_t most_characters = 0x7FFF'0000;
constexpr double ms_per_second = 1000;
// The difference of two numbers within this limit fits in 64 bits.
constexpr std::int64_t most_number = std::int64_t{1} << 62;

template <class T>
std::size_t room(const std::vector<T>& values) {
  return values.capacity() * sizeof(T);
}

std::string_view time_text(std::int64_t ms, Arena& arena) {
  return format_time(Instant{ms * 1000}, arena);
}

// The number of whole milliseconds, if it converts back to the same number of seconds.
std::optional<std::int32_t> millis_of(double seconds) {
  const double ms = std::round(seconds * ms_per_second);
  constexpr double most = std::numeric_limits<std::int32_t>::max();
  if (!(ms > -most && ms < most) || ms / ms_per_second != seconds) return std::nullopt;
  return static_cast<std::int32_t>(ms);
}

// Maps doubles to numbers in the same order. None is 0, the key of NULL.
std::uint64_t ordered(double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

// The operand of a comparison with times, as milliseconds: other numbers come before all times, and
// blobs after them. nullopt: a text that is not a canonical time.
std::optional<Cell> among_times(const Cell& operand) {
  switch (operand.kind) {
    case Cell::Kind::null:
      return operand;
    case Cell::Kind::blob:
      return Cell::of(INT64_MAX);
    case Cell::Kind::text: {
      const auto ms = ms_of_canonical(operand.text);
      return ms ? std::optional(Cell::of(*ms)) : std::nullopt;
    }
    default:
      return Cell::of(INT64_MIN);
  }
}

struct Bounds {
  std::int64_t low, high;
};
// The bounds between which a number must lie for the comparison to hold.
std::optional<Bounds> bounds_of(const Comparison& comparison) {
  if (comparison.operands().size() != 1) return std::nullopt;
  const Cell& operand = comparison.operands().front();
  if (operand.kind != Cell::Kind::integer) return std::nullopt;
  constexpr std::int64_t least = INT64_MIN + 1, most = INT64_MAX;
  const std::int64_t number = operand.integer;
  if (number <= least || number == most) return std::nullopt;
  switch (comparison.op()) {
    case Operator::eq:
    case Operator::in:
    case Operator::is:
      return Bounds{number, number};
    case Operator::lt:
      return Bounds{least, number - 1};
    case Operator::le:
      return Bounds{least, number};
    case Operator::gt:
      return Bounds{number + 1, most};
    case Operator::ge:
      return Bounds{number, most};
    default:
      return std::nullopt;
  }
}

}  // namespace

void Codes::add(std::uint32_t code) {
  if (code > 0xFFFF)
    widen(4);
  else if (code > 0xFF)
    widen(2);
  if (width_ == 1)
    bytes_.push_back(static_cast<std::uint8_t>(code));
  else if (width_ == 2)
    shorts_.push_back(static_cast<std::uint16_t>(code));
  else
    words_.push_back(code);
}

void Codes::add_zeros(std::size_t count) {
  if (width_ == 1)
    bytes_.resize(bytes_.size() + count);
  else if (width_ == 2)
    shorts_.resize(shorts_.size() + count);
  else
    words_.resize(words_.size() + count);
}

void Codes::widen(int width) {
  if (width <= width_) return;
  if (width == 2) {
    shorts_.assign(bytes_.begin(), bytes_.end());
  } else if (width_ == 1) {
    words_.assign(bytes_.begin(), bytes_.end());
  } else {
    words_.assign(shorts_.begin(), shorts_.end());
    shorts_ = {};
  }
  bytes_ = {};
  width_ = width;
}

std::size_t Codes::size() const {
  return bytes_.size() + shorts_.size() + words_.size();
}

std::size_t Codes::bytes() const {
  return room(bytes_) + room(shorts_) + room(words_);
}

void Codes::trim() {
  bytes_.shrink_to_fit();
  shorts_.shrink_to_fit();
  words_.shrink_to_fit();
}

std::size_t ColumnValues::bytes() const {
  return codes_.bytes() + room(characters_) + room(ends_) + room(slots_) + room(hashes_) +
         room(firsts_) + room(ranks_) + room(numbers_) + room(millis_) + room(reals_);
}

bool ColumnValues::add(const Cell& cell) {
  bool fits = true;
  switch (cell.kind) {
    case Cell::Kind::null:
      add_null();
      break;
    case Cell::Kind::integer:
      fits = add_integer(cell.integer);
      break;
    case Cell::Kind::real:
      fits = add_real(cell.real);
      break;
    case Cell::Kind::text:
      fits = add_text(cell.text);
      break;
    case Cell::Kind::blob:
      return false;
  }
  size_ += fits ? 1 : 0;
  return fits;
}

// The values so far are all NULL, and are stored as NULL in the new form.
void ColumnValues::become(Form form) {
  form_ = form;
  switch (form) {
    case Form::words:
      codes_.add_zeros(size_);
      if (size_ > 0) first_null_ = 0;
      break;
    case Form::times:
    case Form::integers:
      numbers_.assign(size_, no_number);
      break;
    case Form::millis:
      millis_.assign(size_, no_millis);
      break;
    case Form::reals:
      reals_.assign(size_, std::numeric_limits<double>::quiet_NaN());
      break;
    case Form::nulls:
    case Form::texts:
      break;
  }
}

void ColumnValues::add_null() {
  switch (form_) {
    case Form::nulls:
      break;
    case Form::words:
      add_null_word();
      break;
    case Form::texts:
      ends_.push_back(static_cast<std::uint32_t>(characters_.size()) | null_mark);
      break;
    case Form::times:
    case Form::integers:
      numbers_.push_back(no_number);
      break;
    case Form::millis:
      millis_.push_back(no_millis);
      break;
    case Form::reals:
      reals_.push_back(std::numeric_limits<double>::quiet_NaN());
      break;
  }
}

void ColumnValues::note(std::int64_t number) {
  least_ = std::min(least_, number);
  greatest_ = std::max(greatest_, number);
}

bool ColumnValues::add_integer(std::int64_t number) {
  if (form_ == Form::nulls) become(Form::integers);
  if (form_ != Form::integers || number < -most_number || number > most_number) return false;
  note(number);
  numbers_.push_back(number);
  return true;
}

bool ColumnValues::add_real(double number) {
  if (number == 0 && std::signbit(number)) return false;  // equals 0.0, but is another value
  if (form_ == Form::nulls) become(Form::millis);
  if (form_ == Form::millis) {
    if (const auto ms = millis_of(number)) {
      note(*ms);
      millis_.push_back(*ms);
      return true;
    }
    millis_to_reals();
  }
  if (form_ != Form::reals) return false;
  reals_.push_back(number);
  return true;
}

void ColumnValues::millis_to_reals() {
  reals_.reserve(millis_.capacity());
  for (const std::int32_t ms : millis_)
    reals_.push_back(ms == no_millis ? std::numeric_limits<double>::quiet_NaN()
                                     : ms / ms_per_second);
  millis_ = {};
  form_ = Form::reals;
}

bool ColumnValues::add_text(std::string_view text) {
  if (form_ == Form::nulls) become(is_time_ ? Form::times : Form::words);
  if (form_ == Form::times) {
    if (add_time(text)) return true;
    times_to_words();
  }
  if (characters_.size() + text.size() > most_characters) return false;
  if (form_ == Form::words) {
    add_word(text);
    const std::size_t rows = size_ + 1;
    if (rows >= enough_to_tell && std::has_single_bit(rows) && ends_.size() > rows / 2) {
      words_to_texts();
    }
    return true;
  }
  if (form_ != Form::texts) return false;
  characters_.insert(characters_.end(), text.begin(), text.end());
  ends_.push_back(static_cast<std::uint32_t>(characters_.size()));
  return true;
}

bool ColumnValues::add_time(std::string_view text) {
  const auto ms = ms_of_canonical(text);
  if (!ms) return false;
  note(*ms);
  numbers_.push_back(*ms);
  return true;
}

void ColumnValues::times_to_words() {
  const std::vector<std::int64_t> times = std::move(numbers_);
  numbers_ = {};
  form_ = Form::words;
  Arena arena;
  for (const std::int64_t ms : times) {
    arena.clear();
    if (ms == no_number)
      add_null_word();
    else
      add_word(time_text(ms, arena));
  }
}

void ColumnValues::words_to_texts() {
  const std::vector<char> characters = std::move(characters_);
  const std::vector<std::uint32_t> ends = std::move(ends_);
  const Codes codes = std::move(codes_);
  characters_ = {};
  ends_ = {};
  codes_ = {};
  slots_ = {};
  hashes_ = {};
  firsts_ = {};
  form_ = Form::texts;
  ends_.reserve(codes.size());
  for (std::size_t row = 0; row < codes.size(); ++row) {
    const std::uint32_t code = codes[row];
    if (code == 0) {
      ends_.push_back(static_cast<std::uint32_t>(characters_.size()) | null_mark);
      continue;
    }
    const std::uint32_t begin = code == 1 ? 0 : ends[code - 2];
    characters_.insert(characters_.end(), characters.begin() + begin,
                       characters.begin() + ends[code - 1]);
    ends_.push_back(static_cast<std::uint32_t>(characters_.size()));
  }
}

void ColumnValues::add_null_word() {
  if (!first_null_) first_null_ = static_cast<std::uint32_t>(codes_.size());
  codes_.add(last_ = 0);
}

void ColumnValues::add_word(std::string_view text) {
  if (last_ == 0 || word(last_) != text) last_ = code_of(text);
  codes_.add(last_);
}

std::uint32_t ColumnValues::code_of(std::string_view text) {
  if (2 * (ends_.size() + 1) > slots_.size()) grow_slots();
  const auto hash = static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size()));
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask)
    if (hashes_[slots_[at] - 1] == hash && word(slots_[at]) == text) return slots_[at];
  hashes_.push_back(hash);
  firsts_.push_back(static_cast<std::uint32_t>(codes_.size()));
  characters_.insert(characters_.end(), text.begin(), text.end());
  ends_.push_back(static_cast<std::uint32_t>(characters_.size()));
  return slots_[at] = static_cast<std::uint32_t>(ends_.size());
}

void ColumnValues::grow_slots() {
  slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    std::size_t at = hashes_[i] & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

void ColumnValues::finish() {
  slots_ = {};
  hashes_ = {};
  codes_.trim();
  characters_.shrink_to_fit();
  firsts_.shrink_to_fit();
  ends_.shrink_to_fit();
  numbers_.shrink_to_fit();
  millis_.shrink_to_fit();
  reals_.shrink_to_fit();
}

std::string_view ColumnValues::word(std::uint32_t code) const {
  const std::uint32_t begin = code == 1 ? 0 : ends_[code - 2];
  return {characters_.data() + begin, ends_[code - 1] - begin};
}

std::string_view ColumnValues::text(std::size_t row) const {
  const std::uint32_t begin = row == 0 ? 0 : ends_[row - 1] & ~null_mark;
  return {characters_.data() + begin, (ends_[row] & ~null_mark) - begin};
}

Cell ColumnValues::cell(std::size_t row, Arena& arena) const {
  switch (form_) {
    case Form::nulls:
      return {};
    case Form::words: {
      const std::uint32_t code = codes_[row];
      return code == 0 ? Cell() : Cell::of(word(code));
    }
    case Form::texts:
      return is_null_text(row) ? Cell() : Cell::of(text(row));
    case Form::times:
      if (numbers_[row] == no_number) return {};
      arena.clear();
      return Cell::of(time_text(numbers_[row], arena));
    case Form::integers:
      return numbers_[row] == no_number ? Cell() : Cell::of(numbers_[row]);
    case Form::millis:
      return millis_[row] == no_millis ? Cell() : Cell::of(millis_[row] / ms_per_second);
    case Form::reals:
      return std::isnan(reals_[row]) ? Cell() : Cell::of(reals_[row]);
  }
  return {};
}

std::optional<std::vector<std::uint32_t>> ColumnValues::first_rows() const {
  if (form_ != Form::words) return std::nullopt;
  std::vector<std::uint32_t> rows = firsts_;
  if (first_null_) rows.push_back(*first_null_);
  return rows;
}

bool ColumnValues::equal(std::size_t a, std::size_t b) const {
  switch (form_) {
    case Form::nulls:
      return true;
    case Form::words:
      return codes_[a] == codes_[b];
    case Form::texts:
      return is_null_text(a) == is_null_text(b) && text(a) == text(b);
    case Form::times:
    case Form::integers:
      return numbers_[a] == numbers_[b];
    case Form::millis:
      return millis_[a] == millis_[b];
    case Form::reals:
      return key(a) == key(b);
  }
  return false;
}

int ColumnValues::compare_rows(std::size_t a, std::size_t b) const {
  if (form_ == Form::texts) {
    if (is_null_text(a) || is_null_text(b))
      return static_cast<int>(is_null_text(b)) - static_cast<int>(is_null_text(a));
    return text(a).compare(text(b));
  }
  const std::uint64_t first = key(a), second = key(b);
  return first < second ? -1 : first > second ? 1 : 0;
}

const std::vector<std::uint32_t>& ColumnValues::ranks() const {
  if (!ranks_.empty()) return ranks_;
  std::vector<std::uint32_t> sorted(ends_.size());
  std::iota(sorted.begin(), sorted.end(), 1U);
  std::sort(sorted.begin(), sorted.end(),
            [this](std::uint32_t a, std::uint32_t b) { return word(a) < word(b); });
  std::vector<std::uint32_t> ranks(ends_.size() + 1);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    ranks[sorted[i]] = static_cast<std::uint32_t>(i + 1);
  ranks_ = std::move(ranks);
  return ranks_;
}

std::optional<std::uint64_t> ColumnValues::count_keys() const {
  switch (form_) {
    case Form::nulls:
      return 1;
    case Form::words:
      return ends_.size() + 1;
    case Form::texts:
      return std::nullopt;
    case Form::reals:
      return 0;
    case Form::times:
    case Form::integers:
    case Form::millis:
      break;
  }
  if (least_ > greatest_) return 1;
  const std::uint64_t range =
      static_cast<std::uint64_t>(greatest_) - static_cast<std::uint64_t>(least_);
  return range + 2;
}

std::uint64_t ColumnValues::key(std::size_t row) const {
  const auto from_least = [this](std::int64_t number) {
    return static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(least_) + 1;
  };
  switch (form_) {
    case Form::words:
      return ranks()[codes_[row]];
    case Form::times:
    case Form::integers:
      return numbers_[row] == no_number ? 0 : from_least(numbers_[row]);
    case Form::millis:
      return millis_[row] == no_millis ? 0 : from_least(millis_[row]);
    case Form::reals:
      return std::isnan(reals_[row]) ? 0 : ordered(reals_[row]);
    default:
      return 0;
  }
}

void ColumnValues::add_keys(std::span<const std::uint32_t> rows, bool descending,
                            std::vector<std::uint64_t>& keys) const {
  const std::uint64_t count = count_keys().value_or(0), last = count - 1;
  const auto add_all = [&](const auto& key_of) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint64_t found = key_of(rows[i]);
      keys[i] = keys[i] * count + (descending ? last - found : found);
    }
  };
  if (form_ == Form::words) {
    const std::vector<std::uint32_t>& by_code = ranks();
    add_all([&](std::uint32_t row) { return std::uint64_t{by_code[codes_[row]]}; });
  } else {
    add_all([&](std::uint32_t row) { return key(row); });
  }
}

// Calls `use` with the cheapest test of a row that the form allows.
template <class Use>
void ColumnValues::with_test(const Comparison& comparison, const Use& use) const {
  Arena arena;
  const auto test_each = [&](std::uint32_t row) { return comparison.holds(cell(row, arena)); };
  switch (form_) {
    case Form::words: {
      std::vector<bool> holds(ends_.size() + 1);
      holds[0] = comparison.holds(Cell());
      for (std::uint32_t code = 1; code < holds.size(); ++code)
        holds[code] = comparison.holds(Cell::of(word(code)));
      return use([&](std::uint32_t row) { return holds[codes_[row]]; });
    }
    case Form::times:
    case Form::integers: {
      Comparison numbers(comparison.op(), comparison.column());
      for (const Cell& operand : comparison.operands()) {
        const auto number = form_ == Form::times ? among_times(operand) : std::optional(operand);
        if (!number) return use(test_each);
        numbers.add(*number);
      }
      if (const auto bounds = bounds_of(numbers))
        return use([this, low = bounds->low, high = bounds->high](std::uint32_t row) {
          return numbers_[row] >= low && numbers_[row] <= high;
        });
      return use([&](std::uint32_t row) {
        return numbers.holds(numbers_[row] == no_number ? Cell() : Cell::of(numbers_[row]));
      });
    }
    default:
      return use(test_each);
  }
}

void ColumnValues::keep(const Comparison& comparison, std::vector<std::uint32_t>& rows) const {
  with_test(comparison, [&](const auto& holds) {
    rows.erase(
        std::remove_if(rows.begin(), rows.end(), [&](std::uint32_t row) { return !holds(row); }),
        rows.end());
  });
}

std::vector<std::uint32_t> ColumnValues::find(const Comparison& comparison) const {
  std::vector<std::uint32_t> rows;
  with_test(comparison, [&](const auto& holds) {
    for (std::uint32_t row = 0; row < size_; ++row)
      if (holds(row)) rows.push_back(row);
  });
  return rows;
}

}  // namespace cdr::ext
