// A dialog: one party's side of a call, its states and its row of cdr_dialog.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/arena.hpp"
#include "core/word.hpp"
#include "json/document/convert.hpp"
#include "json/document/record.hpp"
#include "model/facts.hpp"
#include "model/state.hpp"
#include "vendors/contradiction.hpp"
#include "vendors/mapping.hpp"

namespace cdr::conpeek_api {

enum class Party : std::uint8_t { agent, customer, bot, other };

// A dialog: one party's side of a call.
struct Side {
  Node root;
  std::string_view id;
  Party party = Party::other;
  std::optional<Instant> start, alert, ring, answer, serve, hangup;
  std::optional<std::int64_t> talking_ms, waiting_ms, queue_ms;

  explicit Side(const Record& record);

  std::string_view text(std::string_view key) const { return word_of(root[key]); }
  std::optional<Instant> time(std::string_view key) const {
    return instant_of(root[key], TimeForm::utc);
  }
  // True if the side was in conversation. A talking time without serve_time is a contradiction, but
  // still a conversation.
  bool served() const { return serve || talking_ms.value_or(0) > 0; }
  std::optional<Instant> rings_from() const { return ring ? ring : alert; }
  // When an agent was asked.
  std::optional<Instant> offered() const {
    const auto at = alert ? alert : ring;
    return at ? at : start;
  }
  bool ended() const {
    return hangup || root["hangup_cause"].provided() || root["end_cause"].provided();
  }
  std::string_view agent_id() const { return word_of(root["tenant_user"]["id"]); }
  // INBOUND or OUTBOUND; another word unchanged.
  std::string_view direction() const {
    const std::string_view given = text("business_direction");
    for (const std::string_view known : {"INBOUND", "OUTBOUND"})
      if (same_word(given, known)) return known;
    return given;
  }
  std::optional<double> length() const {
    if (!start || !hangup || *hangup <= *start) return std::nullopt;
    return seconds_between(*start, *hangup);
  }
};

// Instants have a precision of one second, figures of one millisecond.
inline constexpr std::int64_t tolerance_us = 1'000'000;

// A negative figure is not a duration: the column keeps it, but the state is absent.
std::optional<StateSpan> reported_ms(std::optional<std::int64_t> ms);

// The waits that the side reports, if there is room for them. Without `room`, any call has it.
std::optional<StateSpan> queueing(const Side& side, std::optional<double> room);
std::optional<StateSpan> waiting(const Side& side, std::optional<double> room);
// Computed from the side's instants; conversation() from its talking_time.
std::optional<StateSpan> ringing(const Side& side);
std::optional<StateSpan> before_conversation(const Side& side);
std::optional<StateSpan> conversation(const Side& side);
StateSpans states_of(const Side& side);

// Whether talking_time is the difference of the instants, which are less precise.
bool talking_time_agrees(const Side& side);
// Adds the waits that are longer than `room`, and a conversation that is longer than the side.
void find_misfits(const Side& side, std::optional<double> room, Misfits& misfits);

// How asking an agent ended; "" for another party's side, and for one that has not ended.
std::string_view outcome_of(const Side& side);
std::string_view agent_name(const Side& side, Arena& arena);

// Adds the dialog's row. This is the one path that streams, so it converts only the wanted columns.
void add_dialog(const Record& record, const Wanted& wanted, Facts& facts);
void document_dialogs(std::vector<MappingDoc>& docs);

}  // namespace cdr::conpeek_api
