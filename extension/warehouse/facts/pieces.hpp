// Computes what a component's facts add to the stored figures, from the facts in memory.
//
// The queries of sql/rollups compute the same from facts in the file, and define the figures:
// figures that are added here are subtracted, checked and counted again by those queries. So both
// must give the same numbers for everything.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/facts.hpp"

namespace cdr::ext {

// Represents the maximum of no values.
inline constexpr std::int64_t nothing = std::numeric_limits<std::int64_t>::min();

// The number of quarter hours of one span that are counted: 93 days. See
// sql/rollups/agent_interval.sql.
inline constexpr std::int64_t most_quarters = 8928;
// The last quarter hour that a timestamp can name: 9999-12-31 23:45 UTC.
inline constexpr std::int64_t last_quarter = 350'597'663;

enum class Credit : std::uint8_t { arrival, event, both };

// The key of a row of figures, without time and credit.
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

// The time, in seconds, within which an answer and an abandonment count as early.
struct QueueLimits {
  double threshold, short_abandon;
};
// The limits of the queue of a vendor, a source and an id.
using LimitsOf = std::function<QueueLimits(const Subject&)>;

// Pieces of queue_interval and of agent_interval, in any order. false: only the queries can count
// the facts, because a number is too large or a time is not canonical. Nothing was used then.
bool queue_pieces(const Facts& facts, const LimitsOf& limits_of, const UsePiece& use);
bool agent_pieces(const Facts& facts, const UsePiece& use);

// The pieces of several components, one after the other. Their texts are those of the facts.
class Pieces {
 public:
  enum Table : std::size_t { of_queues, of_agents };
  // A conversation of months has thousands. More than these are not kept, but made again for use.
  static constexpr std::size_t most_of_component = 128;

  void clear();
  // Adds those of the next component. Any thread may call it.
  void add(const Facts& facts, const LimitsOf& limits_of);
  // Those of one table that component `number` has, which was made from these facts with these
  // limits. false: only the query can count its facts.
  template <class Use>
  bool each(Table table, std::size_t number, const Facts& facts, const LimitsOf& limits_of,
            const Use& use) const {
    const Kept& kept = kept_[table];
    const Begin begin = kept.begins[number], end = kept.begins[number + 1];
    if (end.is_many) return pieces_of(table, facts, limits_of, use);
    const std::int64_t* values = kept.values.data() + begin.value;
    for (std::size_t i = begin.piece; i < end.piece; ++i) {
      Piece piece = kept.pieces[i];
      piece.values = {values, piece.values.size()};
      values += piece.values.size();
      use(piece);
    }
    return !end.is_for_query;
  }

 private:
  struct Begin {
    std::size_t piece = 0, value = 0;
    bool is_for_query = false, is_many = false;  // the component that ends here
  };
  static bool pieces_of(Table table, const Facts& facts, const LimitsOf& limits_of,
                        const UsePiece& use) {
    return table == of_queues ? queue_pieces(facts, limits_of, use) : agent_pieces(facts, use);
  }
  struct Kept {
    std::vector<Piece> pieces;         // only the size of their values counts
    std::vector<std::int64_t> values;  // of all pieces
    std::vector<Begin> begins;         // of each component, and the end of the last one
  };
  std::array<Kept, 2> kept_;
};

}  // namespace cdr::ext
