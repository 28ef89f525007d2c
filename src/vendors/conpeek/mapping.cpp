#include "vendors/conpeek/mapping.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "core/dictionary.hpp"
#include "core/text.hpp"
#include "core/word.hpp"
#include "vendors/cause.hpp"
#include "vendors/conpeek/call.hpp"
#include "vendors/conpeek/dialog.hpp"
#include "vendors/conpeek/offers.hpp"
#include "vendors/contradiction.hpp"
#include "vendors/element.hpp"
#include "vendors/vendor.hpp"

namespace cdr::conpeek_api {
namespace {

// ---- Columns of the interaction

const Side* first_agent(const Call& call) {
  return call.agents().empty() ? nullptr : call.agents().front();
}
// An agent who was consulted and left again was not the last one. The last is the agent whose
// conversation ended last; among conversations that ended together, or still go on, the agent who
// came last.
const Side* last_agent(const Call& call) {
  const Side* last = nullptr;
  for (const Side* side : call.agents())
    if (last == nullptr || call.served_agents() == 0 || !side->hangup ||
        (last->hangup && last->hangup->us <= side->hangup->us + tolerance_us))
      last = side;
  return last;
}
Value id_of(const Side* agent) {
  return agent != nullptr ? text_value(agent->agent_id()) : Value();
}
Value name_of_agent(const Side* agent, Arena& arena) {
  return agent != nullptr ? text_value(agent_name(*agent, arena)) : Value();
}

// The number called from, or the number called: from the customer's side, or without it from
// another.
std::string_view display_target(const Call& call, bool from) {
  return call.first([&](const Side& side) {
    return side.text(from ? "from_display_target" : "to_display_target");
  });
}

std::string_view customer_number_of(const Side& side, std::string_view direction) {
  if (side.party == Party::customer)
    if (const auto name = word_of(side.root["anonymous"]["display_name"]); !name.empty())
      return name;
  if (direction == "INBOUND") return side.text("from_display_target");
  return direction == "OUTBOUND" ? side.text("to_display_target") : "";
}

Value customer_number(const Call& call, Arena&) {
  if (call.direction() == "INTERNAL") return {};
  return text_value(
      call.first([&](const Side& side) { return customer_number_of(side, call.direction()); }));
}

Value company_number(const Call& call, Arena&) {
  if (call.direction() == "INBOUND") return text_value(display_target(call, false));
  return call.direction() == "OUTBOUND" ? text_value(display_target(call, true)) : Value();
}

// The richest of several initial media counts, because a video call has audio too.
constexpr struct {
  std::string_view medium, channel;
} channels[] = {{"video", "video"}, {"audio", "voice"}, {"chat", "chat"}};

std::string_view channel_of(const Side& side) {
  const std::vector<Node> media = scalars_of(side.root["initial_media"]);
  for (const auto& each : channels)
    for (const Node medium : media)
      if (same_word(text_of(medium), each.medium)) return each.channel;
  for (const Node medium : media)
    if (medium.provided()) return word_of(medium);
  return "";
}

std::string_view hangup_cause(const Call& call) {
  const std::string_view cause = call.at_the_end("hangup_cause");
  if (cause.empty() || !is_digit(cause.front())) return cause;
  const auto code = q850_of(cause);
  const std::string_view name = code ? q850_name(*code) : "";
  return name.empty() ? cause : name;
}

// ---- Recordings

// A recording, as the sides that list it write it.
struct Recorded {
  const Side* side;           // the first of them
  std::vector<Node> entries;  // the fullest first

  Node operator[](std::string_view key) const {
    for (const Node entry : entries)
      if (const Node found = entry[key]; found.provided()) return found;
    return {};
  }
  std::optional<Instant> time(std::string_view key) const {
    for (const Node entry : entries)
      if (const auto found = instant_of(entry[key], TimeForm::utc)) return found;
    return std::nullopt;
  }
};

struct RecordingEntry {
  const Side* side;
  std::size_t side_number;
  Node node;
  std::string_view id;
  std::string medium;
  std::optional<Instant> start, stop;
  std::size_t place = 0;  // of the first entry with its id

  RecordingEntry(const Side& of, std::size_t number, Node entry)
      : side(&of),
        side_number(number),
        node(entry),
        id(word_of(entry["recording_id"])),
        medium(word_of(entry["media"])),
        start(instant_of(entry["start_time"], TimeForm::utc)),
        stop(instant_of(entry["stop_time"], TimeForm::utc)) {
    std::transform(medium.begin(), medium.end(), medium.begin(), lower);
  }
  std::ptrdiff_t fullness() const {
    std::ptrdiff_t provided = 0;
    for (const Node member : node.children()) provided += member.provided() ? 1 : 0;
    return provided;
  }
};
using RecordingEntries = std::vector<const RecordingEntry*>;

Recorded recorded_by(RecordingEntries entries) {
  const auto rank = [](const RecordingEntry* entry) {
    return std::tuple(-entry->fullness(), entry->side_number, entry->node.raw());
  };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
  const auto first = std::min_element(
      entries.begin(), entries.end(),
      [](const auto* a, const auto* b) { return a->side_number < b->side_number; });
  Recorded recorded{(*first)->side, {}};
  for (const RecordingEntry* entry : entries) recorded.entries.push_back(entry->node);
  return recorded;
}

// Whether an entry may be of the recording that begins at the same time and that another entry
// names more fully. Without an id, it is of its own side, because agents who talk together may be
// recorded at the same time.
bool may_be_of(const RecordingEntry& entry, const RecordingEntry& other) {
  return (entry.id.empty() ? entry.side == other.side : entry.id == other.id) &&
         (entry.medium.empty() || other.medium.empty() || entry.medium == other.medium) &&
         (!entry.stop || !other.stop || entry.stop == other.stop);
}

// Entries with one id are a recording for each medium that they name. An entry that lacks the
// medium, where there are several, or the id, is of the recording that it may be of and that begins
// at the same time. If it may be of several, it adds none. An entry without an id that may be of
// none is a recording of its own.
std::vector<RecordingEntries> recordings_in(std::vector<RecordingEntry>& entries) {
  constexpr std::size_t most = 64;  // looked at, since a list may give one instant to all
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    const auto lacks = [](const RecordingEntry& entry) {
      return std::pair(entry.id.empty(), entry.medium.empty());
    };
    return lacks(a) < lacks(b);
  });
  std::vector<RecordingEntries> found;
  std::map<std::string_view, std::map<std::string_view, std::size_t>> of_id;  // by medium
  std::map<Instant, std::set<std::size_t>> begun;
  for (const RecordingEntry& entry : entries) {
    std::set<std::size_t> may_be;
    auto& of_medium = of_id[entry.id];
    if (entry.id.empty() || (entry.medium.empty() && of_medium.size() > 1)) {
      std::size_t looked_at = 0;
      if (entry.start)
        for (const std::size_t place : begun[*entry.start])
          if (looked_at++ < most && may_be_of(entry, *found[place].front())) may_be.insert(place);
      if (may_be.size() > 1 || (may_be.empty() && !entry.id.empty())) continue;
      if (may_be.empty()) may_be.insert(found.size());
    } else if (entry.medium.empty() && !of_medium.empty()) {
      may_be.insert(of_medium.begin()->second);
    } else {
      may_be.insert(of_medium.try_emplace(entry.medium, found.size()).first->second);
    }
    const std::size_t place = *may_be.begin();
    if (place == found.size()) found.emplace_back();
    found[place].push_back(&entry);
    if (entry.start) begun[*entry.start].insert(place);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    const auto rank = [](const RecordingEntries& of) {
      return std::pair(of.front()->place, std::string_view(of.front()->medium));
    };
    return rank(a) < rank(b);
  });
  return found;
}

// A recording that several sides list is one recording, however each of them writes it. nullopt: no
// side has the list at all.
std::optional<std::vector<Recorded>> recordings_of(const Call& call) {
  bool listed = false;
  std::vector<RecordingEntry> entries;
  std::map<std::string_view, std::size_t> place_of;
  std::size_t number = 0;
  for (const Side* side : call.sides()) {
    const Node list = side->root["audio_video_recording"];
    listed = listed || is_list(list);
    for (const Node node : distinct_objects_of(list)) {
      RecordingEntry& entry = entries.emplace_back(*side, number, node);
      entry.place = entries.size();
      if (!entry.id.empty())
        entry.place = place_of.try_emplace(entry.id, entry.place).first->second;
    }
    ++number;
  }
  if (!listed) return std::nullopt;
  std::vector<Recorded> found;
  for (RecordingEntries& each : recordings_in(entries))
    found.push_back(recorded_by(std::move(each)));
  return found;
}

constexpr auto recording_map = mapping<Model::recordings, Recorded>({
    {"recording_id", Basis::reported, "audio_video_recording[].recording_id",
     [](const Recorded& it, Arena&) { return text_value(word_of(it["recording_id"])); }},
    {"dialog_id", Basis::reported, "dialog_uuid of the side that lists it, the first if several do",
     [](const Recorded& it, Arena&) { return text_value(it.side->id); }},
    {"media", Basis::reported, "audio_video_recording[].media",
     [](const Recorded& it, Arena&) { return text_value(word_of(it["media"])); }},
    {"start_time", Basis::reported,
     "audio_video_recording[].start_time; if several entries are of one recording, of the fullest "
     "one that has it, as every column",
     [](const Recorded& it, Arena& arena) { return time_value(it.time("start_time"), arena); }},
    {"stop_time", Basis::reported, "audio_video_recording[].stop_time",
     [](const Recorded& it, Arena& arena) { return time_value(it.time("stop_time"), arena); }},
});

// ---- Agents who were asked, and the queue

constexpr auto offer_map = mapping<Model::agent_offers, Offer>({
    {"dialog_id", Basis::reported, "dialog_uuid",
     [](const Offer& it, Arena&) { return text_value(it.side->id); }},
    {"agent_id", Basis::reported, "tenant_user.id of CONSULTANT and TENANT_USER",
     [](const Offer& it, Arena&) { return text_value(it.side->agent_id()); }},
    {"agent_name", Basis::reported,
     "tenant_user.display_name, otherwise firstname and surname, otherwise username",
     [](const Offer& it, Arena& arena) { return text_value(agent_name(*it.side, arena)); }},
    {"visit_no", Basis::derived, "1 for agents asked until the first conversation; otherwise NULL",
     [](const Offer& it, Arena&) { return it.of_visit ? Value::integer(1) : Value(); }},
    {"queue_id", Basis::derived, "project.id of that side",
     [](const Offer& it, Arena&) { return text_value(word_of(it.side->root["project"]["id"])); }},
    {"offer_no", Basis::derived, "by offer_time",
     [](const Offer& it, Arena&) { return Value::integer(it.number); }},
    {"offer_time", Basis::reported,
     "alert_time, otherwise ring_time, otherwise start_time of an agent's side; for OUTBOUND only "
     "if the customer was connected before (answer_time, otherwise serve_time), because otherwise "
     "the agent dials",
     [](const Offer& it, Arena& arena) { return time_value(it.from(), arena); }},
    {"end_time", Basis::reported, "serve_time, otherwise hangup_time",
     [](const Offer& it, Arena& arena) { return time_value(it.to(), arena); }},
    {"ring_seconds", Basis::measured, "end_time - offer_time",
     [](const Offer& it, Arena&) {
       const auto span = measured(it.from(), it.to());
       return span ? Value::real(span->seconds) : Value();
     }},
    {"outcome", Basis::derived,
     "as cdr_dialog.outcome; where no cause says why the agent did not take it, CANCELLED if a "
     "colleague who was asked at the same time took it, or if the call ended with it",
     [](const Offer& it, Arena&) { return text_value(it.outcome); }},
    {"basis", Basis::derived, "measured: from the side's instants",
     [](const Offer&, Arena&) { return Value::text(name_of(Basis::measured)); }},
});

std::optional<double> rung_for_visit(const Call& call) {
  std::int64_t us = 0;
  std::optional<Instant> end;
  const auto answered = answer_time(call);
  for (const Offer& offer : offers_of(call)) {  // by offer_time
    const auto from = offer.from();
    auto to = offer.to();
    if (!offer.of_visit || !from || !to) continue;
    if (answered) to = std::min(*to, *answered);
    if (*to < *from) continue;
    us += std::max<std::int64_t>(0, to->us - std::max(*from, end.value_or(*from)).us);
    end = std::max(*to, end.value_or(*to));
  }
  return end ? std::optional(seconds_between(Instant{0}, Instant{us})) : std::nullopt;
}

constexpr auto queue_visit_map = mapping<Model::queue_visits, Call>({
    {"visit_no", Basis::derived,
     "1, because only the time in the first queue is given; 0 is read as no visit",
     [](const Call&, Arena&) { return Value::integer(1); }},
    {"queue_id", Basis::derived, "project.id, as interactions.first_queue_id",
     [](const Call& call, Arena&) { return text_value(project_of(call, "id")); }},
    {"queue_name", Basis::derived, "project.name, as interactions.first_queue_name",
     [](const Call& call, Arena&) { return text_value(project_of(call, "name")); }},
    {"entry", Basis::derived, "NEW, because only the first queue is reported",
     [](const Call&, Arena&) { return Value::text("NEW"); }},
    {"enqueue_time", Basis::derived, "dequeue_time - first_queue_waiting_time",
     [](const Call& call, Arena& arena) { return time_value(enqueue_time(call), arena); }},
    {"dequeue_time", Basis::derived,
     "when the first agent was asked (alert_time, otherwise ring_time, otherwise start_time of an "
     "agent's side), but not later than answer_time; without both the latest hangup_time",
     [](const Call& call, Arena& arena) { return time_value(dequeue_time(call), arena); }},
    {"answer_time", Basis::derived, "as the interaction's",
     [](const Call& call, Arena& arena) { return time_value(answer_time(call), arena); }},
    {"end_time", Basis::derived, "answer_time; for an abandoned visit the latest hangup_time",
     [](const Call& call, Arena& arena) {
       return time_value(was_abandoned(call) ? call.end_time() : answer_time(call), arena);
     }},
    {"ring_seconds", Basis::derived,
     "time in which agents of the visit were asked, up to the first conversation; it counts once "
     "where several were asked at once",
     [](const Call& call, Arena&) { return real_value(rung_for_visit(call)); }},
    {"speed_of_answer_seconds", Basis::derived, "answer_time - enqueue_time",
     [](const Call& call, Arena&) {
       const auto span = measured(enqueue_time(call), answer_time(call));
       return span ? Value::real(span->seconds) : Value();
     }},
    {"basis", Basis::derived,
     "derived: the project is taken as the queue, and the times follow from the wait",
     [](const Call&, Arena&) { return Value::text(name_of(Basis::derived)); }},
    {"wait_seconds", Basis::reported, "first_queue_waiting_time (ms), as in_queue_seconds",
     [](const Call& call, Arena&) { return real_value(call.states().seconds(State::in_queue)); }},
    {"outcome", Basis::derived,
     "the interaction's outcome, if it is ANSWERED or ABANDONED_…: the vendor says nothing more "
     "about the visit",
     [](const Call& call, Arena&) {
       const std::string_view outcome = call.outcome();
       const bool of_visit = outcome == "ANSWERED" || outcome.substr(0, 9) == "ABANDONED";
       return of_visit ? text_value(outcome) : Value();
     }},
    {"agent_id", Basis::derived,
     "tenant_user.id of the agent first in conversation, otherwise of the agent offered last: no "
     "side says which queue chose it",
     [](const Call& call, Arena&) {
       return id_of(call.served_agents() > 0 ? first_agent(call) : last_agent(call));
     }},
});

// ---- Tags

struct Tag {
  const Side* side;
  Node node;
  std::string_view code() const { return word_of(node); }
};

// A tag that several sides list is one tag; agents' sides come before the customer's.
std::vector<Tag> tags_of(const Call& call) {
  std::vector<Tag> tags;
  std::set<std::string_view> seen;
  for (const bool of_agents : {true, false})
    for (const Side* side : call.sides()) {
      if ((side->party == Party::agent) != of_agents) continue;
      for (const Node node : scalars_of(side->root["custom_tag_id_list"])) {
        const Tag tag{side, node};
        if (!tag.code().empty() && seen.insert(tag.code()).second) tags.push_back(tag);
      }
    }
  return tags;
}

constexpr auto wrap_up_map = mapping<Model::wrap_ups, Tag>({
    {"dialog_id", Basis::reported,
     "dialog_uuid of the side that lists it, an agent's if several do",
     [](const Tag& it, Arena&) { return text_value(it.side->id); }},
    {"agent_id", Basis::reported, "tenant_user.id of that side",
     [](const Tag& it, Arena&) { return text_value(it.side->agent_id()); }},
    {"code", Basis::reported, "custom_tag_id_list[]: the vendor gives only the ids of tags",
     [](const Tag& it, Arena&) { return text_value(it.code()); }},
});

// ---- Notes of the column `mapping`

bool before(std::optional<Instant> a, std::optional<Instant> b) {
  return a && b && *a < *b;
}
bool negative(std::optional<std::int64_t> ms) {
  return ms.value_or(0) < 0;
}

constexpr struct {
  bool (*holds)(const Side& side);
  std::string_view text;
} contradictions[] = {
    {[](const Side& side) {
       return measured(side.serve, side.hangup) && reported_ms(side.talking_ms) &&
              !talking_time_agrees(side);
     },
     "talking_time and hangup_time - serve_time differ by more than 1000 ms"},
    {[](const Side& side) { return side.talking_ms.value_or(0) > 0 && !side.serve; },
     "talking_time without serve_time"},
    {[](const Side& side) { return before(side.hangup, side.start); },
     "hangup_time before start_time"},
    {[](const Side& side) { return before(side.hangup, side.serve); },
     "hangup_time before serve_time"},
    {[](const Side& side) { return before(side.serve, side.start); },
     "serve_time before start_time"},
    {[](const Side& side) { return before(side.serve, side.answer); },
     "serve_time before answer_time"},
    {[](const Side& side) { return before(side.alert, side.start); },
     "alert_time before start_time"},
    {[](const Side& side) {
       return side.party == Party::agent && before(side.answer, side.rings_from());
     },
     "answer_time before ringing began"},
    {[](const Side& side) { return negative(side.talking_ms); }, "talking_time is negative"},
    {[](const Side& side) { return negative(side.waiting_ms); }, "waiting_time is negative"},
    {[](const Side& side) { return negative(side.queue_ms); },
     "first_queue_waiting_time is negative"},
};

std::string note_on_active(const Call& call) {
  std::string note;
  switch (active_of(call).from) {
    case ActiveFrom::one_agent:
      note = "talking_time of the agent's side; no EXTERNAL side gives one";
      break;
    case ActiveFrom::sum:
      note = "sum of talking_time over agents' sides; no EXTERNAL side gives one";
      break;
    case ActiveFrom::unity:
      note =
          "time covered by serve_time to hangup_time of agents' sides, which overlap; no EXTERNAL "
          "side gives talking_time";
      break;
    default:
      return note;
  }
  return call.customer_met_machine() ? note + " without a bot's" : note;
}

// A JSON object: how active_seconds was computed if it is not the customer's figure, and the
// contradictions of each dialog.
Value notes(const Call& call, Arena& arena) {
  JsonObject notes;
  if (const std::string text = note_on_active(call); !text.empty())
    notes.add(name_of(State::active).column, text);
  JsonList found;
  Misfits misfits;
  for (const Side* side : call.sides()) {
    for (const auto& each : contradictions)
      if (each.holds(*side)) found.add(std::string(side->id) + ": " + std::string(each.text));
    find_misfits(*side, call.room_for_wait(*side), misfits);
  }
  if (!found.empty()) notes.add_json("contradictions", found.text());
  return misfits.in(kept(notes.text(), arena), arena);
}

// An agent who stayed longer than all earlier ones took over the customer. An agent who was only
// asked, or joined and left again, or stayed with the first one until the end, did not.
std::int64_t transfers(const Call& call) {
  if (call.served_agents() == 0) return 0;
  constexpr Instant never{std::numeric_limits<std::int64_t>::max()};
  std::optional<Instant> last_left;
  std::int64_t count = 0;
  for (const Side* agent : call.agents()) {  // by serve_time
    const Instant left = agent->hangup.value_or(never);
    if (last_left && left.us - tolerance_us <= last_left->us) continue;
    count += last_left ? 1 : 0;
    last_left = left;
  }
  return count;
}

constexpr auto interaction_map = mapping<Model::interactions, Call>({
    {"channel", Basis::derived,
     "the first of video, audio and chat in initial_media; audio becomes voice, the model's word",
     [](const Call& call, Arena&) { return text_value(call.first(channel_of)); }},
    {"direction", Basis::reported,
     "business_direction of the customer's side (EXTERNAL), otherwise the one that most sides "
     "give; INTERNAL (derived) if two or more sides are TENANT_USER and the others only "
     "SCREENSHARE_DIALOG or SYSTEM",
     [](const Call& call, Arena&) { return text_value(call.direction()); }},
    {"start_time", Basis::reported, "earliest start_time",
     [](const Call& call, Arena& arena) { return time_value(call.sides().front()->start, arena); }},
    {"queue_time", Basis::derived, "as the queue visit's enqueue_time",
     [](const Call& call, Arena& arena) {
       return visited_queue(call) ? time_value(enqueue_time(call), arena) : Value();
     }},
    {"first_queue_id", Basis::derived,
     "project.id of the first agent's side that has a project, otherwise of another side: the "
     "project is the queue",
     [](const Call& call, Arena&) { return text_value(project_of(call, "id")); }},
    {"first_queue_name", Basis::derived, "project.name of that side",
     [](const Call& call, Arena&) { return text_value(project_of(call, "name")); }},
    {"last_queue_id", Basis::derived, "project.id of the last agent's side, found in the same way",
     [](const Call& call, Arena&) { return text_value(project_of(call, "id", true)); }},
    {"last_queue_name", Basis::derived, "project.name of that side",
     [](const Call& call, Arena&) { return text_value(project_of(call, "name", true)); }},
    {"answer_time", Basis::derived,
     "earliest serve_time of an agent's side; answer_time is only a technical answer. Without one, "
     "the customer's serve_time, unless the customer met a bot or a machine",
     [](const Call& call, Arena& arena) { return time_value(answer_time(call), arena); }},
    {"end_time", Basis::reported, "latest hangup_time",
     [](const Call& call, Arena& arena) { return time_value(call.end_time(), arena); }},
    {"customer_number", Basis::derived,
     "anonymous.display_name of the customer's side, otherwise from_display_target of an INBOUND "
     "or to_display_target of an OUTBOUND interaction, because these fields name no party",
     customer_number},
    {"company_number", Basis::derived,
     "to_display_target of an INBOUND or from_display_target of an OUTBOUND interaction, because "
     "these fields name no party",
     company_number},
    {"first_agent_id", Basis::reported,
     "tenant_user.id of the agent's side with the first serve_time",
     [](const Call& call, Arena&) { return id_of(first_agent(call)); }},
    {"first_agent_name", Basis::reported,
     "tenant_user.display_name of that side, otherwise firstname and surname, otherwise username",
     [](const Call& call, Arena& arena) { return name_of_agent(first_agent(call), arena); }},
    {"last_agent_id", Basis::reported,
     "tenant_user.id of the agent's side in conversation with the last hangup_time (if several are "
     "within 1000 ms, the one with the last serve_time); without a conversation, of the agent "
     "asked last",
     [](const Call& call, Arena&) { return id_of(last_agent(call)); }},
    {"last_agent_name", Basis::reported,
     "tenant_user.display_name of that side, otherwise firstname and surname, otherwise username",
     [](const Call& call, Arena& arena) { return name_of_agent(last_agent(call), arena); }},
    {"agent_count", Basis::derived,
     "distinct tenant_user.id of agents' sides (CONSULTANT, TENANT_USER); a side that names no "
     "user counts as one",
     [](const Call& call, Arena&) {
       return Value::integer(static_cast<std::int64_t>(call.agent_count()));
     }},
    {"dialog_count", Basis::derived, "dialogs that name each other in linked_dialogs",
     [](const Call& call, Arena&) {
       return Value::integer(static_cast<std::int64_t>(call.sides().size()));
     }},
    {"transfer_count", Basis::derived,
     "agents' sides in conversation that began later than another agent's and went on after the "
     "hangup_time of all earlier ones: the vendor names no transfers, and one that no agent took "
     "is not visible. A consultation (over before the agent who asked for it left) and a "
     "conference (together until the end) do not count; a conference that its first agent leaves "
     "cannot be distinguished from a transfer. 0 for INTERNAL",
     [](const Call& call, Arena&) {
       return Value::integer(call.direction() == "INTERNAL" ? 0 : transfers(call));
     }},
    {"outcome", Basis::derived, outcome_doc,
     [](const Call& call, Arena&) { return text_value(call.outcome()); }},
    {"end_cause", Basis::reported,
     "end_cause of the customer's side, otherwise of the side that ended last",
     [](const Call& call, Arena&) { return text_value(call.at_the_end("end_cause")); }},
    {"hangup_cause", Basis::reported,
     "hangup_cause of the customer's side, otherwise of the side that ended last; a Q.850 code "
     "becomes its name",
     [](const Call& call, Arena&) { return text_value(hangup_cause(call)); }},
    {"q850_cause", Basis::derived,
     "code of hangup_cause, which the vendor calls Q.850 and gives as a name or a code",
     [](const Call& call, Arena&) {
       return integer_value(q850_of(call.at_the_end("hangup_cause")));
     }},
    {"recording_count", Basis::derived,
     "entries of audio_video_recording; a recording that several sides list (the same recording_id "
     "and media) counts once, and an entry without one of them that may be of a recording that "
     "other entries name adds none",
     [](const Call& call, Arena&) {
       const auto found = recordings_of(call);
       return found ? Value::integer(static_cast<std::int64_t>(found->size())) : Value();
     }},
    {"mapping", Basis::derived,
     "active_seconds where it is not the EXTERNAL side's talking_time, and contradictions within a "
     "dialog",
     notes},
});

// ---- Events

struct Moment {
  const Side* side;
  std::string_view event;
  Instant time;
  std::int64_t seq;
  std::string_view direction;
};

// In the order in which they happen within one second.
constexpr struct {
  std::string_view event;
  std::optional<Instant> Side::*time;
} moments[] = {
    {"alert", &Side::alert}, {"ring", &Side::ring},     {"answer", &Side::answer},
    {"serve", &Side::serve}, {"hangup", &Side::hangup},
};

std::vector<Moment> moments_of(const Call& call, Party party) {
  std::vector<Moment> found;
  for (const Side* side : call.sides())
    if (side->party == party)
      for (const auto& each : moments)
        if (const auto& time = side->*each.time)
          found.push_back({side, each.event, *time, 0, call.direction()});
  std::stable_sort(found.begin(), found.end(),
                   [](const Moment& a, const Moment& b) { return a.time < b.time; });
  std::int64_t seq = 0;
  for (Moment& moment : found) moment.seq = ++seq;
  return found;
}

constexpr std::string_view event_doc =
    "alert, ring, answer, serve, hangup, from the names of the time fields; the vendor has no list "
    "of events";
constexpr std::string_view event_time_doc =
    "alert_time, ring_time, answer_time, serve_time, hangup_time";

constexpr auto agent_event_map = mapping<Model::agent_events, Moment>({
    {"dialog_id", Basis::reported, "dialog_uuid",
     [](const Moment& it, Arena&) { return text_value(it.side->id); }},
    {"agent_id", Basis::reported, "tenant_user.id of CONSULTANT and TENANT_USER",
     [](const Moment& it, Arena&) { return text_value(it.side->agent_id()); }},
    {"agent_name", Basis::reported,
     "tenant_user.display_name, otherwise firstname and surname, otherwise username",
     [](const Moment& it, Arena& arena) { return text_value(agent_name(*it.side, arena)); }},
    {"seq", Basis::derived, "by time over all agents' sides",
     [](const Moment& it, Arena&) { return Value::integer(it.seq); }},
    {"event", Basis::derived, event_doc,
     [](const Moment& it, Arena&) { return text_value(it.event); }},
    {"event_time", Basis::reported, event_time_doc,
     [](const Moment& it, Arena& arena) { return time_value(it.time, arena); }},
});

constexpr auto customer_event_map = mapping<Model::customer_events, Moment>({
    {"customer_id", Basis::derived,
     "anonymous.display_name of EXTERNAL, otherwise from_display_target of an INBOUND or "
     "to_display_target of an OUTBOUND interaction",
     [](const Moment& it, Arena&) {
       return text_value(customer_number_of(*it.side, it.direction));
     }},
    {"seq", Basis::derived, "by time over all EXTERNAL sides",
     [](const Moment& it, Arena&) { return Value::integer(it.seq); }},
    {"event", Basis::derived, event_doc,
     [](const Moment& it, Arena&) { return text_value(it.event); }},
    {"event_time", Basis::reported, event_time_doc,
     [](const Moment& it, Arena& arena) { return time_value(it.time, arena); }},
});

// ---- State durations by agent

// Merges two sides of one agent: the seconds are added, and the instants are the outer ones.
void merge(std::optional<StateSpan>& into, const std::optional<StateSpan>& span) {
  if (!span) return;
  if (!into) {
    into = span;
    return;
  }
  into->seconds = round_to_ms(into->seconds + span->seconds);
  if (into->basis != span->basis) into->basis = Basis::derived;
  const bool timed = into->start && into->end && span->start && span->end;
  into->start = timed ? std::optional(std::min(*into->start, *span->start)) : std::nullopt;
  into->end = timed ? std::optional(std::max(*into->end, *span->end)) : std::nullopt;
}

// Sides without tenant_user.id are left out, because a row without agent_id is the interaction's.
void add_state_durations(const Call& call, Facts& facts) {
  facts.add_states("", call.states());
  std::map<std::string_view, StateSpans> agents;
  for (const Side* side : call.all_agents()) {
    if (side->agent_id().empty()) continue;
    StateSpans spans = states_of(*side);
    spans[State::in_queue] = queueing(*side, call.room_for_wait(*side));
    spans[State::waiting] = waiting(*side, call.room_for_wait(*side));
    StateSpans& sum = agents[side->agent_id()];
    for (const StateName& each : states) merge(sum[each.state], spans[each.state]);
  }
  for (const auto& [agent, spans] : agents) facts.add_states(agent, spans);
}

// ---- All of it

std::string_view smallest_id(std::span<const Record> records) {
  std::string_view smallest;
  for (const Record& record : records) {
    const std::string_view id = id_of(record.root["dialog_uuid"]);
    if (smallest.empty() || (!id.empty() && id < smallest)) smallest = id;
  }
  return smallest;
}

void add_interaction_tables(const Call& call, const Wanted& wanted, Facts& facts) {
  if (wanted.table(Model::interactions)) {
    const auto row = interaction_map.add(facts, wanted, call);
    facts.set_states(row, call.states());
  }
  if (wanted.table(Model::agent_events))
    for (const Moment& moment : moments_of(call, Party::agent))
      agent_event_map.add(facts, wanted, moment);
  if (wanted.table(Model::customer_events))
    for (const Moment& moment : moments_of(call, Party::customer))
      customer_event_map.add(facts, wanted, moment);
  if (wanted.table(Model::queue_visits) && visited_queue(call))
    queue_visit_map.add(facts, wanted, call);
  if (wanted.table(Model::agent_offers))
    for (const Offer& offer : offers_of(call)) offer_map.add(facts, wanted, offer);
  if (wanted.table(Model::wrap_ups))
    for (const Tag& tag : tags_of(call)) wrap_up_map.add(facts, wanted, tag);
  if (wanted.table(Model::state_durations)) add_state_durations(call, facts);
  if (wanted.table(Model::recordings))
    if (const auto found = recordings_of(call))
      for (const Recorded& recorded : *found) recording_map.add(facts, wanted, recorded);
}

constexpr Model filled[] = {Model::interactions,    Model::dialogs,      Model::agent_events,
                            Model::customer_events, Model::queue_visits, Model::state_durations,
                            Model::recordings,      Model::agent_offers, Model::wrap_ups};

void document_state_durations(std::vector<MappingDoc>& to) {
  const Model model = Model::state_durations;
  to.push_back(
      {model, "agent_id", Basis::reported, "tenant_user.id; sides without one are left out"});
  to.push_back({model, "state", Basis::derived, "the states of interactions and cdr_dialog"});
  to.push_back({model, "start_time", Basis::reported,
                "the times whose difference the state is; for ACTIVE serve_time, if it agrees"});
  to.push_back({model, "end_time", Basis::reported,
                "the times whose difference the state is; for ACTIVE hangup_time, if it agrees"});
  to.push_back(
      {model, "seconds", Basis::derived,
       "as in interactions; for an agent as in cdr_dialog, added up over that agent's sides, "
       "without waits that are longer than the interaction"});
  to.push_back({model, "basis", Basis::derived, "of each figure"});
}

}  // namespace

void map(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  // An event comes alone, and is only in its own table.
  if (records.empty()) return;
  if (records.front().resource->name == event_resource)
    return facts.identify("conpeek", records.front().source, "");
  facts.identify("conpeek", records.front().source, smallest_id(records));
  if (wanted.table(Model::dialogs))
    for (const Record& record : records) add_dialog(record, wanted, facts);
  for (const Model model :
       {Model::interactions, Model::agent_events, Model::customer_events, Model::queue_visits,
        Model::state_durations, Model::recordings, Model::agent_offers, Model::wrap_ups})
    if (wanted.table(model)) return add_interaction_tables(Call(records), wanted, facts);
}

std::vector<MappingDoc> document_mapping() {
  std::vector<MappingDoc> docs;
  document_identity(
      filled, Basis::derived,
      "smallest dialog_uuid of the dialogs joined by linked_dialogs, even through one that is "
      "absent: the vendor has no id for the whole call",
      docs);
  interaction_map.document(docs);
  document_interaction_states(docs);
  docs.push_back({Model::interactions, "handle_seconds", Basis::derived,
                  "active_seconds, because the vendor gives neither hold nor after-call work"});
  document_dialogs(docs);
  agent_event_map.document(docs);
  customer_event_map.document(docs);
  queue_visit_map.document(docs);
  offer_map.document(docs);
  wrap_up_map.document(docs);
  document_state_durations(docs);
  recording_map.document(docs);
  return docs;
}

}  // namespace cdr::conpeek_api
