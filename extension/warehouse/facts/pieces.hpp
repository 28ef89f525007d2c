// What a component's facts add to the stored figures, from the facts in memory.
//
// The queries of sql/rollups say the same of facts in the file, and are what figures mean: figures
// that are added here are subtracted, checked and counted again by those queries. So both must give
// the same numbers of everything.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "model/facts.hpp"

namespace cdr::ext {

// Stands for the maximum of no values.
inline constexpr std::int64_t nothing = std::numeric_limits<std::int64_t>::min();

enum class Credit : std::uint8_t { arrival, event, both };

// What a row of figures is about, but for time and credit.
struct Subject {
  std::string_view vendor, source;
  std::optional<std::string_view> id, direction, name;  // id and name: of the queue or the agent

  friend bool operator==(const Subject&, const Subject&) = default;
};

struct Piece {
  std::int64_t quarter;  // the number of the quarter hour, from 0001-01-01 00:00 UTC
  Subject subject;
  Credit credit;
  // In the order of the table's columns. Times are whole milliseconds; NULL is 0, or `nothing`.
  std::span<const std::int64_t> values;
};
using UsePiece = std::function<void(const Piece&)>;

// Within which time an answer and an abandonment count as early, in seconds.
struct QueueLimits {
  double threshold, short_abandon;
};
// The limits of the queue of a vendor, a source and an id.
using LimitsOf = std::function<QueueLimits(const Subject&)>;

// Pieces of queue_interval and of agent_interval, in any order. False: the facts hold a number so
// large, or a time so written, that the queries are to be asked; then nothing was used.
bool queue_pieces(const Facts& facts, const LimitsOf& limits_of, const UsePiece& use);
bool agent_pieces(const Facts& facts, const UsePiece& use);

}  // namespace cdr::ext
