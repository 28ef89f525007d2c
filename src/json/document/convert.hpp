// Typed reading of Nodes (ARCHITECTURE.md, decision 8). A scalar may be a string, and converts if
// nothing is lost. Every function gives nullopt (or "") both for a value that is not provided and
// for one that does not convert; `provided()` distinguishes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/arena.hpp"
#include "core/time.hpp"
#include "json/document/document.hpp"

namespace cdr {

// A string's text; a number or boolean as it is written (so 1655747819.0 stays that way); "" if not
// provided, and for an object or array.
std::string_view text_of(Node node);
// Like text_of, but an object or array as JSON: for ids that are made of a record's content.
std::string_view content_of(Node node);
// Like text_of, but "" for true or false.
std::string_view scalar_of(Node node);
// Like scalar_of, without the blanks around it, but also "" for a placeholder (names_nothing in
// core/text.hpp). Every id of a record, and every id that links records, is read by this function.
std::string_view id_of(Node node);
// 50, "50", 50.0; not 50.5, not true.
std::optional<std::int64_t> integer_of(Node node);
// Any finite number, or a string that consists of one.
std::optional<double> real_of(Node node);
// true, false, 0, 1, and each of these as a string.
std::optional<bool> boolean_of(Node node);

// How a vendor writes an instant.
enum class TimeForm : std::uint8_t {
  utc,       // text; UTC if it has no offset
  zoned,     // text; in the source's zone if it has no offset
  epoch_ms,  // a number of milliseconds, also as a string
};
std::optional<ParsedTime> time_of(Node node, TimeForm form, const Zone& zone);

// Like time_of, for callers that do not care about ambiguity.
inline std::optional<Instant> instant_of(Node node, TimeForm form, const Zone& zone = {}) {
  const auto parsed = time_of(node, form, zone);
  return parsed ? std::optional(parsed->instant) : std::nullopt;
}

}  // namespace cdr
