// A vendor's mapping into one table of the model, as data: for every column that the vendor
// provides, its basis, the vendor's fields, and the function that computes it.
// `cdr_mapping` shows this data, so it cannot drift from the code.
#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/word.hpp"
#include "json/document/convert.hpp"
#include "json/document/writer.hpp"
#include "model/facts.hpp"

namespace cdr {

// A word of an enumeration, an id or a name as facts have it: without surrounding blanks.
inline std::string_view word_of(Node node) {
  return trim_word(text_of(node));
}

struct MappingDoc {
  Model table;
  std::string_view column;
  Basis basis;
  std::string_view from;
};

template <class Context>
struct Mapping {
  std::string_view column;
  Basis basis;
  std::string_view
      from;  // the vendor's fields, or the formula over them; for `derived` also the reason
  Value (*value)(const Context& context, Arena& arena);
};

// The entries of one table, with their column numbers. A column that the table lacks, or that is
// named twice, does not compile.
template <Model M, class Context, std::size_t N>
class MappingTable {
 public:
  consteval explicit MappingTable(const Mapping<Context> (&list)[N]) {
    for (std::size_t i = 0; i < N; ++i) {
      entries_[i] = list[i];
      const int column = table_of(M).find(list[i].column);
      if (column < 0) throw "no such column in this table of the model";
      for (std::size_t j = 0; j < i; ++j)
        if (list[j].column == list[i].column) throw "a column is mapped twice";
      columns_[i] = static_cast<std::size_t>(column);
    }
  }

  // Adds a row to `facts` with every wanted column.
  Row<M> add(Facts& facts, const Wanted& wanted, const Context& context) const {
    const Row<M> row = facts.add<M>();
    for (std::size_t i = 0; i < N; ++i)
      if (wanted.columns.has(columns_[i])) {
        const Value value = entries_[i].value(context, facts.arena());
        row.cells()[columns_[i]] = value;
      }
    return row;
  }
  void document(std::vector<MappingDoc>& to) const {
    for (const auto& entry : entries_) to.push_back({M, entry.column, entry.basis, entry.from});
  }

 private:
  std::array<Mapping<Context>, N> entries_{};
  std::array<std::size_t, N> columns_{};
};

// constexpr auto call_to_interaction = mapping<Model::interactions, Call>({{"start_time",
// Basis::reported, "StartTime", …}, …});
template <Model M, class Context, std::size_t N>
consteval auto mapping(const Mapping<Context> (&list)[N]) {
  return MappingTable<M, Context, N>(list);
}

// How a vendor's state is computed: for interactions (and state_durations), or for one side.
template <class Context>
struct StateMapping {
  State state;
  Basis basis;  // the usual one; a span carries its own
  std::string_view from;
  std::optional<StateSpan> (*span)(const Context& context);
};

template <class Context, std::size_t N>
StateSpans spans_of(const StateMapping<Context> (&list)[N], const Context& context) {
  StateSpans spans;
  for (const auto& entry : list) spans[entry.state] = entry.span(context);
  return spans;
}

// Documents the `<state>_seconds` columns of a table from its state mapping.
template <class Context, std::size_t N>
void document_states(Model table, const StateMapping<Context> (&list)[N],
                     std::vector<MappingDoc>& to) {
  for (const auto& entry : list)
    to.push_back({table, name_of(entry.state).column, entry.basis, entry.from});
}

// How a column of the model is computed, in one text. If kinds of rows are mapped in different
// ways (a customer's and an agent's dialog), it has all of them; the basis is the first one's.
struct ColumnMapping {
  Basis basis = Basis::not_provided;
  std::string from;
};
inline ColumnMapping mapping_of(std::span<const MappingDoc> docs, Model table,
                                std::string_view column) {
  ColumnMapping all;
  for (const MappingDoc& each : docs) {
    if (each.table != table || each.column != column) continue;
    if (all.from.empty())
      all.basis = each.basis;
    else
      all.from += "; ";
    if (each.basis != all.basis) all.from.append(name_of(each.basis)) += ", ";
    all.from += each.from;
  }
  return all;
}

// Documents the columns with which every row of these tables begins. `from`: the fields that
// identify the interaction, if there is one.
inline void document_identity(std::span<const Model> tables, Basis basis, std::string_view from,
                              std::vector<MappingDoc>& to) {
  for (const Model table : tables) {
    to.push_back({table, "vendor", Basis::derived, "by the record's own keys"});
    to.push_back({table, "source", Basis::derived,
                  "the label given when reading; without one the vendor's name"});
    if (basis != Basis::not_provided) to.push_back({table, "interaction_id", basis, from});
  }
}

// The span between two instants; absent if either is absent, or if to < from.
inline std::optional<StateSpan> measured(std::optional<Instant> from, std::optional<Instant> to,
                                         Basis basis = Basis::measured) {
  if (!from || !to || *to < *from) return std::nullopt;
  return StateSpan{seconds_between(*from, *to), basis, from, to};
}
// The vendor's own figure, in seconds.
inline std::optional<StateSpan> reported(std::optional<double> seconds) {
  if (!seconds) return std::nullopt;
  return StateSpan{round_to_ms(*seconds), Basis::reported, {}, {}};
}

// How an interaction entered a queue: transferred by its agent; back into the queue that it was in
// before; from another queue; or, the first time, from outside.
inline std::string_view entry_of(bool is_first, bool had_agent, bool same_queue) {
  if (had_agent) return "TRANSFER";
  if (is_first) return "NEW";
  return same_queue ? "REQUEUE" : "OVERFLOW";
}

// How a queue visit ended if the interaction ended in it: a visit has fewer outcomes.
inline std::string_view visit_outcome(std::string_view of_interaction) {
  static constexpr std::string_view words[] = {
      "ANSWERED",     "ABANDONED_IN_QUEUE", "ABANDONED_IN_RING", "QUEUE_TIMEOUT", "QUEUE_OVERFLOW",
      "QUEUE_FAILED", "FORWARDED",          "NO_ANSWER",         "REJECTED",      "BUSY",
      "FAILED",       "VOICEMAIL"};
  if (of_interaction.empty()) return "";
  for (const std::string_view word : words)
    if (word == of_interaction) return word;
  return of_interaction == "UNREACHABLE" ? "FAILED" : "OTHER";
}

// If there was no conversation, a vendor's 0 for it (or for hold, or for after-call work) means
// that there was none. All vendors are treated alike, so that averages cover conversations.
inline void forget_zeros(StateSpans& spans, bool had_conversation) {
  if (had_conversation) return;
  for (const State state : {State::active, State::hold, State::acw})
    if (spans.seconds(state) == 0.0) spans[state].reset();
}

// If a vendor has no links between dialogs, linked_dialogs lists the other sides of the
// interaction. If there are more sides than this, it lists none: the lists would grow with the
// square of their number, and interaction_id says the same.
inline constexpr std::size_t most_listed_sides = 1000;

// SQL values for mapping functions. "" and nullopt become NULL. Text that is made for the column,
// such as JSON, is kept in the arena.
inline Value kept(std::string_view text, Arena& arena) {
  return text.empty() ? Value() : Value::text(arena.keep(text));
}
inline Value text_value(std::string_view text) {
  return text.empty() ? Value() : Value::text(text);
}
inline Value time_value(std::optional<Instant> instant, Arena& arena) {
  return instant ? Value::text(format_time(*instant, arena)) : Value();
}
inline Value real_value(std::optional<double> number) {
  return number ? Value::real(*number) : Value();
}
inline Value integer_value(std::optional<std::int64_t> number) {
  return number ? Value::integer(*number) : Value();
}
// Seconds as whole milliseconds; NULL if a double is too coarse to count them by the millisecond.
inline Value milliseconds(std::optional<double> seconds) {
  constexpr double exact = 9e12;
  if (!seconds || !(std::abs(*seconds) <= exact)) return {};
  return Value::integer(std::llround(*seconds * 1000));
}

}  // namespace cdr
