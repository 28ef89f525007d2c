// uContact: call records shaped like Asterisk's, snapshots of campaigns and agents, the dialer's
// requests and lists, blacklist entries and dispositions.
//
//   SELECT calldate, dstchannel, disposition FROM ucontact_record('[{"guid": …}]');
//   SELECT * FROM interactions(cdr_file('samples/ucontact/day.json',
//   '{"zone":"America/Montevideo"}'));
//
// A call is one guid; each of its rows is a leg, the side of one agent. Times have no zone: they
// are in the source's (UTC unless the caller says otherwise). Only `disposition` says whether
// somebody answered: billsec is above 0 on rows that nobody did.
//
// Records of calls become interactions. Everything else has its own table and no rows in the model:
// a snapshot of an agent's status is no span of time, so it is not in agent_states, and the
// dialer's requests may never become calls. The filter object of `getrecords` is a question, not a
// record: it is not recognised.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/dictionary.hpp"
#include "core/shape.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "json/convert.hpp"
#include "vendors/vendor.hpp"

namespace cdr {
namespace {

// ---- The vendor's own tables ----

constexpr Field record_fields[] = {
    {"id", "id", Kind::text, "the row's number"},
    {"calldate", "calldate", Kind::zoned, "when the leg began (UTC)"},
    {"clid", "clid", Kind::text, "caller id: name and number"},
    {"src", "src", Kind::text, "number that called"},
    {"dst", "dst", Kind::text, "number that was called"},
    {"dcontext", "dcontext", Kind::text, "context of the dialplan"},
    {"channel", "channel", Kind::text, "channel of the calling side"},
    {"dstchannel", "dstchannel", Kind::text, "channel of the called side"},
    {"lastapp", "lastapp", Kind::text, "the dialplan's last application: Queue …"},
    {"lastdata", "lastdata", Kind::text, "that application's arguments"},
    {"duration", "duration", Kind::integer, "from the leg's begin to its end, s"},
    {"billsec", "billsec", Kind::integer,
     "from the technical answer to the end, s; above 0 does not mean that somebody answered"},
    {"disposition", "disposition", Kind::text,
     "ANSWERED, NO ANSWER, BUSY, FAILED, CONGESTION or UNKNOWN"},
    {"amaflags", "amaflags", Kind::integer, "flag for accounting"},
    {"accountcode", "accountcode", Kind::text, "account of the calling side"},
    {"userfield", "userfield", Kind::text, "free text set by the dialplan"},
    {"uniqueid", "uniqueid", Kind::text, "id of the channel; looks like a number and is text"},
    {"type", "type", Kind::text, "kind of row; 'record' on every row of an answer"},
    {"guid", "guid", Kind::text, "the call, also the name of its recording"},
    {"causecode", "causecode", Kind::text, "Q.850 cause code, as text"},
    {"campaign", "campaign", Kind::text, "campaign, the telephony's queue"},
    {"direction", "direction", Kind::text, "inbound or outbound"},
    {"carrier", "carrier", Kind::text, "carrier that the call came in or went out by"},
    {"linkedid", "linkedid", Kind::text, "id shared by the channels of one call"},
    {"peeraccount", "peeraccount", Kind::text, "account of the called side"},
    {"sequence", "sequence", Kind::integer, "number of the leg among those of its channel"},
    {"charged_balance", "charged_balance", Kind::real, "balance charged, in the vendor's unit"},
    {"real_balance", "real_balance", Kind::real, "real balance, in the vendor's unit"},
    {"note", "note", Kind::text, "note on the call"},
    {"contact", "contact", Kind::text, "id of the contact"},
    {"finishtime", "finishtime", Kind::zoned,
     "when the call finished (UTC); not calldate + duration"},
    {"rating", "rating", Kind::real, "rating; 0 on rows without one"},
    {"dialerbase", "dialerbase", Kind::text, "name of the dialer's list"},
    {"parandvalues", "parandvalues", Kind::text, "the workflow's parameters, k=v:k2=v2"},
    {"alternatives", "alternatives", Kind::text, "alternative numbers, separated by ':'"},
    {"quality", "quality", Kind::real, "quality of the call; scale not published"},
};

constexpr Field queue_summary_fields[] = {
    {"queue", "queue", Kind::text, "campaign"},
    {"loggedIn", "logged_in", Kind::integer, "agents logged in"},
    {"available", "available", Kind::integer, "agents available"},
    {"callers", "callers", Kind::integer, "callers waiting"},
    {"holdTime", "hold_time", Kind::integer, "moving average of the waiting time, s"},
    {"talkTime", "talk_time", Kind::integer, "moving average of the talking time, s"},
    {"longestHoldTime", "longest_hold_time", Kind::integer, "longest current waiting time, s"},
    {"internalActionId", "internal_action_id", Kind::text, "id shared by the rows of one answer"},
    {"dateReceived", "date_received", Kind::zoned, "when the snapshot was taken (UTC)"},
};

constexpr Field campaign_status_fields[] = {
    {"campaign", "campaign", Kind::member, "campaign"},
    {"availables", "availables", Kind::integer, "agents available"},
    {"notavailables", "notavailables", Kind::integer, "agents not available"},
    {"paused", "paused", Kind::integer, "agents paused"},
    {"busy", "busy", Kind::integer, "agents busy"},
    {"busypaused", "busypaused", Kind::integer, "agents busy and paused"},
    {"totalagents", "totalagents", Kind::integer, "agents of the campaign"},
    {"logged", "logged", Kind::integer, "agents logged in"},
    {"onwrapup", "onwrapup", Kind::integer, "agents in wrap-up"},
    {"completed", "completed", Kind::integer, "calls completed"},
    {"abandoned", "abandoned", Kind::integer, "calls abandoned"},
    {"talked", "talked", Kind::text, "talking time as the vendor writes it, HH:MM:SS-N"},
    {"hold", "hold", Kind::text, "waiting time as the vendor writes it, HH:MM:SS-N"},
    {"abandonedlevel", "abandonedlevel", Kind::real, "level of abandoned calls, %"},
    {"totalcalls", "totalcalls", Kind::integer, "calls"},
    {"acd", "acd", Kind::integer, "average call duration, in the vendor's unit"},
    {"servicelevel", "servicelevel", Kind::real, "service level, by the vendor's first formula"},
    {"servicelevel2", "servicelevel2", Kind::real, "service level, by the vendor's second formula"},
    {"strategy", "strategy", Kind::text, "how calls are distributed: leastrecent, fewestcalls …"},
    {"slevelthreshold", "slevelthreshold", Kind::real, "threshold of the service level, s"},
    {"wrapup", "wrapup", Kind::integer, "time for after-call work, s"},
};

constexpr Field campaign_agent_fields[] = {
    {"queue", "queue", Kind::text, "campaign"},
    {"location", "location", Kind::member, "the agent's interface, 'SIP/1010'"},
    {"membership", "membership", Kind::text, "kind of membership in the queue"},
    {"name", "name", Kind::text, "the agent's name"},
    {"penalty", "penalty", Kind::integer, "penalty in the queue: lower is called first"},
    {"callsTaken", "calls_taken", Kind::integer, "calls taken"},
    {"lastCall", "last_call", Kind::integer,
     "last call as the vendor gives it; unit not published"},
    {"status", "status", Kind::integer,
     "0 UNKNOWN, 1 NOT_INUSE, 2 INUSE, 3 BUSY, 4 INVALID, 5 UNAVAILABLE, 6 RINGING, 7 RINGINUSE, "
     "8 ONHOLD, 9 WRAPUP; see agent_status_name()"},
    {"paused", "paused", Kind::boolean, "1 if paused"},
    {"stateinterface", "stateinterface", Kind::text, "interface whose state is watched"},
    {"incall", "incall", Kind::integer, "calls in progress"},
    {"pausedreason", "pausedreason", Kind::text, "reason of the pause"},
    {"internalActionId", "internal_action_id", Kind::text, "id shared by the rows of one answer"},
    {"dateReceived", "date_received", Kind::zoned, "when the status was received (UTC)"},
    {"server", "server", Kind::text, "HH:MM:SS, as the vendor gives it; meaning not published"},
};

constexpr Field dialer_call_fields[] = {
    {"", "kind", Kind::resource, "respool, schedule or task"},
    {"calldate", "calldate", Kind::zoned, "when to call (UTC); NULL = now"},
    {"campaign", "campaign", Kind::text, "campaign"},
    {"destination", "destination", Kind::text, "number to call"},
    {"alternatives", "alternatives", Kind::text, "alternative numbers, separated by ':'"},
    {"data", "data", Kind::text, "the workflow's parameters, k=v:k2=v2"},
    {"agentphone", "agentphone", Kind::text, "respool, schedule: the agent's phone (progressive)"},
    {"dialerbase", "dialerbase", Kind::text, "respool: name of the dialer's list"},
    {"status", "status", Kind::integer, "respool: 1 if enabled"},
    {"contact", "contact", Kind::text, "respool: id of the contact"},
    {"retries", "retries", Kind::integer, "respool: attempts at this number so far"},
    {"priority", "priority", Kind::integer, "respool: order; 1 is kept for scheduled calls"},
    {"agent", "agent", Kind::text, "task: the agent's user name or number"},
    {"source", "source", Kind::text, "task: where the request comes from"},
    {"bulk", "bulk", Kind::boolean, "task: 1 if it goes through the dialer's list"},
    {"automatic", "automatic", Kind::boolean, "task: 1 if the dialer calls by itself"},
};

constexpr Field dialer_list_fields[] = {
    {"campaign", "campaign", Kind::text, "campaign"},
    {"number", "number", Kind::text, "main number"},
    {"data", "data", Kind::text, "parameters of forms and workflow, k=v:k2=v2"},
    {"alternatives", "alternatives", Kind::text, "alternative numbers, separated by ':'"},
    {"priority", "priority", Kind::integer, "order of the entries"},
    {"agentphone", "agentphone", Kind::text, "the agent's phone"},
};

constexpr Field blacklist_fields[] = {
    {"phone", "phone", Kind::text, "number"},
    {"campaign", "campaign", Kind::text, "campaign that it is blocked for"},
    {"username", "username", Kind::text, "user name"},
    {"company", "company", Kind::text, "company"},
    {"job_title", "job_title", Kind::text, "job title"},
    {"name", "name", Kind::text, "name"},
};

constexpr Field disposition_fields[] = {
    {"campaign", "campaign", Kind::text, "campaign"},
    {"agent", "agent", Kind::text, "the agent's name"},
    {"callerid", "callerid", Kind::text, "the customer's number"},
    {"guid", "guid", Kind::text, "the call: interaction_id of the model"},
    {"l1", "l1", Kind::text, "disposition, level 1"},
    {"l2", "l2", Kind::text, "disposition, level 2"},
    {"l3", "l3", Kind::text, "disposition, level 3"},
    {"d1", "d1", Kind::text, "extra data"},
    {"d2", "d2", Kind::text, "extra data"},
    {"comment", "comment", Kind::text, "comment"},
    {"schedule", "schedule", Kind::zoned, "when to call again, if the action is RESCHEDULE (UTC)"},
    {"camptoreschedule", "camptoreschedule", Kind::text, "dialer that calls again"},
    {"tag", "tag", Kind::text, "tag; empty means l1|l2|l3"},
};

constexpr Origin record_origin[] = {{"record"}};
constexpr Origin queue_summary_origin[] = {{"queue_summary"}};
constexpr Origin campaign_status_origin[] = {{"campaign_status"}};
constexpr Origin campaign_agent_origin[] = {{"campaign_agent"}};
constexpr Origin dialer_call_origins[] = {{"respool"}, {"schedule"}, {"task"}};
constexpr Origin dialer_list_origin[] = {{"dialer_list"}};
constexpr Origin blacklist_origin[] = {{"blacklist"}};
constexpr Origin disposition_origin[] = {{"disposition"}};

constexpr VendorTable tables[] = {
    {"ucontact_record", "one row per leg of a call, as getrecords answers it", record_origin,
     record_fields},
    {"ucontact_queue_summary", "one row per campaign of a queuesummary answer",
     queue_summary_origin, queue_summary_fields},
    {"ucontact_campaign_status", "one row per campaign of a campaignstatus answer",
     campaign_status_origin, campaign_status_fields},
    {"ucontact_campaign_agent", "one row per agent of a campaignstatus answer for one campaign",
     campaign_agent_origin, campaign_agent_fields},
    {"ucontact_dialer_call", "one row per call asked of the dialer: respool, schedule or task",
     dialer_call_origins, dialer_call_fields},
    {"ucontact_dialer_list", "one row per line of a dialer's list", dialer_list_origin,
     dialer_list_fields},
    {"ucontact_blacklist", "one row per blacklist entry", blacklist_origin, blacklist_fields},
    {"ucontact_disposition", "one row per disposition given to a call", disposition_origin,
     disposition_fields},
};

// ---- Records and their ids ----

// Ids of several parts: 'a/b/c', with '~1' for a '/' inside a part and '~0' for a '~', so that two
// different records never share one.
void append_part(std::string& id, std::string_view part) {
  for (const char c : part) {
    if (c == '/' || c == '~')
      id += c == '/' ? "~1" : "~0";
    else
      id += c;
  }
}

// A number as it counts, not as it is written: 3, "3" and 3.0 are one sequence.
void append_number(std::string& id, Node node) {
  if (const auto number = integer_of(node))
    id += std::to_string(*number);
  else
    append_part(id, text_of(node));
}

void append_time(std::string& id, Node node, const Zone& zone) {
  if (const auto instant = instant_of(node, TimeForm::zoned, zone))
    id += format_time(*instant);
  else
    append_part(id, text_of(node));
}

void record_id(const Record& record, std::string& id) {
  const Node row = record.root;
  if (!row["uniqueid"].provided()) return;
  append_part(id, text_of(row["linkedid"]));
  id += '/';
  append_part(id, text_of(row["uniqueid"]));
  id += '/';
  append_number(id, row["sequence"]);
}

// The campaign (and agent) at one instant. The answer's id tells apart two answers of one second.
void snapshot_id(const Record& record, std::string& id) {
  for (const std::string_view key : {"queue", "location", "internalActionId"}) {
    append_part(id, text_of(record.root[key]));
    id += '/';
  }
  append_time(id, record.root["dateReceived"], *record.zone);
}

void campaign_id(const Record& record, std::string& id) {
  append_part(id, text_of(record.root["campaign"]));
}

void blacklist_id(const Record& record, std::string& id) {
  append_part(id, text_of(record.root["campaign"]));
  id += '/';
  append_part(id, text_of(record.root["phone"]));
}

// Requests, list entries and dispositions have no id and no time of their own: what they say is who
// they are, so that two that differ in anything are both kept.
template <const auto& Fields>
void content_id(const Record& record, std::string& id) {
  for (const Field& field : Fields) {
    if (field.key.empty()) continue;
    append_part(id, text_of(record.root[field.key]));
    id += '/';
  }
}

// The call: guid. Without one, the id that the telephony server gives to a call's channels.
std::string_view call_of(const Record& record) {
  const Node guid = record.root["guid"];
  return text_of(guid.provided() ? guid : record.root["linkedid"]);
}

void record_links(const Record& record, std::vector<std::string>& ids) {
  const std::string_view call = call_of(record);
  if (call.empty()) return;
  const bool named = record.root["guid"].provided();
  ids.push_back((named ? "guid/" : "linkedid/") + std::string(call));
}

std::optional<Instant> record_latest(const Record& record) {
  return std::max(instant_of(record.root["calldate"], TimeForm::zoned, *record.zone),
                  instant_of(record.root["finishtime"], TimeForm::zoned, *record.zone));
}

std::optional<Instant> snapshot_latest(const Record& record) {
  return instant_of(record.root["dateReceived"], TimeForm::zoned, *record.zone);
}

std::optional<Instant> no_latest(const Record&) {
  return std::nullopt;
}

using Keys = std::string_view;
constexpr Keys record_keys[] = {"linkedid", "uniqueid"};
constexpr Keys queue_summary_keys[] = {"queue", "loggedIn"};
constexpr Keys queue_summary_end_keys[] = {"internalActionId", "dateReceived"};
constexpr Keys not_queue_summary_end[] = {"queue", "location"};
constexpr Keys campaign_status_keys[] = {"campaign", "availables"};
constexpr Keys campaign_agent_keys[] = {"location", "stateinterface"};
constexpr Keys respool_keys[] = {"campaign", "destination", "dialerbase"};
constexpr Keys not_request[] = {"guid", "uniqueid"};
constexpr Keys schedule_keys[] = {"calldate", "campaign", "destination"};
constexpr Keys not_schedule[] = {"bulk", "automatic", "dialerbase", "guid", "uniqueid"};
constexpr Keys task_keys[] = {"campaign", "destination"};
constexpr Keys task_any[] = {"bulk", "automatic"};
constexpr Keys not_task[] = {"dialerbase", "guid", "uniqueid"};
constexpr Keys dialer_list_keys[] = {"campaign", "number"};
constexpr Keys not_dialer_list[] = {"destination", "phone"};
constexpr Keys blacklist_keys[] = {"phone", "campaign"};
constexpr Keys not_blacklist[] = {"destination", "guid", "number"};
constexpr Keys disposition_keys[] = {"guid", "l1"};
constexpr Keys not_disposition[] = {"uniqueid"};

constexpr Resource resources[] = {
    {.name = "record",
     .doc = "a leg of a call, as getrecords answers it",
     .all_of = record_keys,
     .decisive_key = "linkedid",
     .record_id = record_id,
     .links = record_links,
     .latest = record_latest},
    {.name = "queue_summary",
     .doc = "a campaign in a queuesummary answer",
     .all_of = queue_summary_keys,
     .decisive_key = "loggedIn",
     .record_id = snapshot_id,
     .latest = snapshot_latest},
    {.name = "queue_summary_end",
     .doc = "the last element of a queuesummary answer, which names no campaign and has no row",
     .all_of = queue_summary_end_keys,
     .none_of = not_queue_summary_end,
     .record_id = snapshot_id,
     .latest = snapshot_latest},
    {.name = "campaign_status",
     .doc = "a campaign in a campaignstatus answer; without a time, so the last one read stands",
     .all_of = campaign_status_keys,
     .decisive_key = "availables",
     .keyed = true,
     .record_id = campaign_id,
     .latest = no_latest},
    {.name = "campaign_agent",
     .doc = "an agent in a campaignstatus answer for one campaign",
     .all_of = campaign_agent_keys,
     .decisive_key = "stateinterface",
     .keyed = true,
     .record_id = snapshot_id,
     .latest = snapshot_latest},
    {.name = "respool",
     .doc = "a contact put back into the dialer's list",
     .all_of = respool_keys,
     .none_of = not_request,
     .decisive_key = "retries",
     .record_id = content_id<dialer_call_fields>,
     .latest = no_latest},
    {.name = "schedule",
     .doc = "a call scheduled with the dialer",
     .all_of = schedule_keys,
     .none_of = not_schedule,
     .record_id = content_id<dialer_call_fields>,
     .latest = no_latest},
    {.name = "task",
     .doc = "a dialer task: a call now, or an entry of the dialer's list",
     .all_of = task_keys,
     .any_of = task_any,
     .none_of = not_task,
     .decisive_key = "automatic",
     .record_id = content_id<dialer_call_fields>,
     .latest = no_latest},
    {.name = "dialer_list",
     .doc = "a line of a dialer's list",
     .all_of = dialer_list_keys,
     .none_of = not_dialer_list,
     .record_id = content_id<dialer_list_fields>,
     .latest = no_latest},
    {.name = "blacklist",
     .doc = "a blocked number",
     .all_of = blacklist_keys,
     .none_of = not_blacklist,
     .decisive_key = "job_title",
     .record_id = blacklist_id,
     .latest = no_latest},
    {.name = "disposition",
     .doc = "what an agent said a call was about",
     .all_of = disposition_keys,
     .none_of = not_disposition,
     .decisive_key = "l1",
     .record_id = content_id<disposition_fields>,
     .latest = no_latest},
};

// 'campaign;number;k=v:k2=v2;alt1:alt2;priority;agentphone', the last two optional. A line that
// describes the columns is a line like any other.
bool record_of_line(std::string_view line, std::string& json) {
  constexpr std::size_t required = 4;
  constexpr std::string_view json_begins = "{}[]\",";
  line = trim(line);
  if (line.empty() || json_begins.find(line.front()) != std::string_view::npos) return false;
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = line.find(';');
    parts.push_back(trim(line.substr(0, end)));
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  while (parts.size() > std::size(dialer_list_fields) && parts.back().empty()) parts.pop_back();
  if (parts.size() < required || parts.size() > std::size(dialer_list_fields)) return false;
  if (parts[0].empty() || parts[1].empty()) return false;
  json = "{";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) json += ',';
    append_json_string(json, dialer_list_fields[i].key);
    json += ':';
    append_json_string(json, parts[i]);
  }
  json += '}';
  return true;
}

// ---- Calls and their legs ----

struct Direction {
  std::string_view word;    // of the row
  std::string_view name;    // of the model
  std::string_view suffix;  // of the campaign
};
constexpr Direction directions[] = {
    {"inbound", "INBOUND", "<-"},
    {"outbound", "OUTBOUND", "->"},
};
constexpr const Direction* inbound = &directions[0];
constexpr const Direction* outbound = &directions[1];

const Direction* direction_named(std::string_view word) {
  for (const Direction& each : directions)
    if (equal_ignoring_case(each.word, word)) return &each;
  return nullptr;
}
const Direction* direction_of_campaign(std::string_view campaign) {
  for (const Direction& each : directions)
    if (campaign.ends_with(each.suffix)) return &each;
  return nullptr;
}

// What a disposition means: how the interaction ended, and how the agent's side did. Sorted by how
// much they say: of a call's rows, the one that stands highest here tells how the call went.
struct Disposition {
  std::string_view word;
  std::string_view inbound, outbound;  // outcome of the interaction
  std::string_view inbound_side, outbound_side;
};
constexpr Disposition dispositions[] = {
    {"ANSWERED", "ANSWERED", "ANSWERED", "ANSWERED", "ANSWERED"},
    {"NO ANSWER", "ABANDONED_IN_RING", "NO_ANSWER", "NO_ANSWER", "NO_ANSWER"},
    {"BUSY", "BUSY", "BUSY", "REJECTED", ""},  // outbound it is the customer who is busy
    {"FAILED", "FAILED", "FAILED", "", ""},
    {"CONGESTION", "FAILED", "FAILED", "", ""},
    {"UNKNOWN", "OTHER", "OTHER", "", ""},
};
constexpr const Disposition* answered = &dispositions[0];
constexpr const Disposition* no_answer = &dispositions[1];

// 'SIP/1111' of 'SIP/1111-00000001': the interface, as campaignstatus names agents.
std::string_view interface_of(std::string_view channel) {
  return channel.substr(0, channel.rfind('-'));
}
std::string_view peer_of(std::string_view channel) {
  const std::string_view interface = interface_of(channel);
  const std::size_t slash = interface.find('/');
  return slash == std::string_view::npos ? interface : interface.substr(slash + 1);
}

struct Leg {
  const Record* record = nullptr;
  std::string_view id;
  const Direction* direction = nullptr;      // of the row, else of its campaign's suffix
  const Disposition* disposition = nullptr;  // null: none, or a word that we do not know
  std::string_view queue;                    // the campaign
  bool in_queue = false;                     // the queue was the last thing the dialplan did
  std::string_view agent_id, agent_name;
  std::optional<Instant> start, answer, end, finish;  // end: calldate + duration
  std::optional<std::int64_t> duration, billsec;
  std::optional<StateSpan> ring, active;

  Node operator[](std::string_view key) const { return record->root[key]; }
  std::string_view text(std::string_view key) const { return text_of(record->root[key]); }
  bool is_answered() const { return disposition == answered; }
  // Lower says more.
  std::ptrdiff_t rank() const {
    if (disposition != nullptr) return disposition - dispositions;
    return std::ssize(dispositions) + (text("disposition").empty() ? 1 : 0);
  }
};

struct Call {
  Call() = default;
  Call(Call&&) = default;  // no copies: the rest points into `legs`

  std::string_view id;
  std::vector<Leg> legs;            // by begin
  std::vector<const Leg*> in_talk;  // the answered ones, by answer
  std::vector<const Leg*> offered;  // those with an agent; of the answered ones when there are any
  const Leg* telling = nullptr;     // says how the call went
  const Direction* direction = nullptr;
  std::optional<Instant> start, answer, end;
  StateSpans states;

  // A field that belongs to the call: from the leg that tells, else from the first that has it.
  Node field(std::string_view key) const {
    if (const Node node = (*telling)[key]; node.provided()) return node;
    for (const Leg& leg : legs)
      if (const Node node = leg[key]; node.provided()) return node;
    return {};
  }
};

std::optional<Instant> later(std::optional<Instant> from, std::optional<std::int64_t> seconds) {
  constexpr std::int64_t us = 1'000'000;
  constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999
  if (!from || !seconds || *seconds < 0 || *seconds > last_second) return std::nullopt;
  const Instant to{from->us + *seconds * us};
  return to.us / us <= last_second ? std::optional(to) : std::nullopt;
}

// Which of a row's two channels is the agent's. The caller of an inbound call and the callee of an
// outbound one are behind the carrier's channel; a queue always calls the agent, so there and
// inbound it is the called side. Otherwise the agent's phone is called first and then dials, so it
// is the calling side; a Local channel there is the server's own.
void find_agent(Leg& leg) {
  const std::string_view carrier = leg.text("carrier");
  const auto is_agents = [&](std::string_view channel) {
    return !channel.empty() && (carrier.empty() || peer_of(channel) != carrier);
  };
  const std::string_view calling = leg.text("channel");
  const std::string_view called = leg.text("dstchannel");
  if (leg.direction != outbound || leg.in_queue) {
    if (!is_agents(called)) return;
    leg.agent_id = interface_of(called);
    leg.agent_name = leg.text("peeraccount");
  } else if (is_agents(calling) && !calling.starts_with("Local/")) {
    leg.agent_id = interface_of(calling);
    leg.agent_name = leg.text("accountcode");
  }
}

std::string_view queue_of(const Leg& leg) {
  if (const std::string_view campaign = leg.text("campaign"); !campaign.empty()) return campaign;
  const std::string_view arguments = leg.text("lastdata");
  return leg.in_queue ? arguments.substr(0, arguments.find(',')) : std::string_view();
}

void find_states(Leg& leg) {
  if (!leg.is_answered() || !leg.billsec || *leg.billsec < 0) return;
  if (leg.duration && *leg.duration >= *leg.billsec) {
    const std::int64_t ring = *leg.duration - *leg.billsec;
    leg.answer = later(leg.start, ring);
    leg.ring = StateSpan{static_cast<double>(ring), Basis::derived, {}, {}};
    if (leg.answer) leg.ring->start = leg.start, leg.ring->end = leg.answer;
  }
  leg.active = StateSpan{static_cast<double>(*leg.billsec), Basis::reported, {}, {}};
  if (leg.answer && leg.end) leg.active->start = leg.answer, leg.active->end = leg.end;
}

Leg leg_of(const Record& record, Arena& arena) {
  Leg leg;
  leg.record = &record;
  std::string id;
  record_id(record, id);
  leg.id = arena.keep(id);
  leg.in_queue = equal_ignoring_case(leg.text("lastapp"), "Queue");
  leg.queue = queue_of(leg);
  leg.direction = direction_named(leg.text("direction"));
  if (leg.direction == nullptr) leg.direction = direction_of_campaign(leg.queue);
  for (const Disposition& each : dispositions)
    if (equal_ignoring_case(each.word, leg.text("disposition"))) leg.disposition = &each;
  leg.start = instant_of(leg["calldate"], TimeForm::zoned, *record.zone);
  leg.finish = instant_of(leg["finishtime"], TimeForm::zoned, *record.zone);
  leg.duration = integer_of(leg["duration"]);
  leg.billsec = integer_of(leg["billsec"]);
  leg.end = later(leg.start, leg.duration);
  find_agent(leg);
  find_states(leg);
  return leg;
}

bool begins_before(const Leg& a, const Leg& b) {
  constexpr Instant never{std::numeric_limits<std::int64_t>::max()};
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  const auto place = [&](const Leg& leg) {
    return std::tuple(leg.start.value_or(never), integer_of(leg["sequence"]).value_or(last),
                      leg.id);
  };
  return place(a) < place(b);
}

// Several legs' spans of one state as one: the time that they cover together, so that the
// customer's time is not counted twice while two agents are in conversation with him. Where
// instants are missing, the sum.
std::optional<StateSpan> together(std::vector<StateSpan> spans) {
  if (spans.empty()) return std::nullopt;
  if (spans.size() == 1) return spans.front();
  StateSpan all{0, Basis::derived, {}, {}};
  if (std::any_of(spans.begin(), spans.end(), [](const StateSpan& span) { return !span.start; })) {
    for (const StateSpan& span : spans) all.seconds += span.seconds;
    return all;
  }
  std::sort(spans.begin(), spans.end(),
            [](const StateSpan& a, const StateSpan& b) { return *a.start < *b.start; });
  all.start = all.end = spans.front().start;
  for (const StateSpan& span : spans) {
    const Instant from = std::max(*span.start, *all.end);
    if (*span.end > from) all.seconds += seconds_between(from, *span.end);
    all.end = std::max(*all.end, *span.end);
  }
  return all;
}

std::optional<StateSpan> together(const std::vector<const Leg*>& legs,
                                  std::optional<StateSpan> Leg::*state) {
  std::vector<StateSpan> spans;
  for (const Leg* leg : legs)
    if (leg->*state) spans.push_back(*(leg->*state));
  return together(std::move(spans));
}

constexpr StateMapping<Call> call_states[] = {
    {State::ring, Basis::derived,
     "duration - billsec of the leg answered first: billsec counts from the answer. NULL unless "
     "ANSWERED",
     [](const Call& call) {
       return call.in_talk.empty() ? std::nullopt : call.in_talk.front()->ring;
     }},
    {State::active, Basis::reported,
     "billsec of the ANSWERED leg; of several, the time they cover together (derived)",
     [](const Call& call) { return together(call.in_talk, &Leg::active); }},
};

std::optional<Instant> end_of(const Leg& leg) {
  return leg.finish ? leg.finish : leg.end;
}

void find_agents(Call& call) {
  std::vector<const Leg*> all;
  for (const Leg& leg : call.legs) all.push_back(&leg);
  for (const auto* legs : {&call.in_talk, &all}) {
    for (const Leg* leg : *legs)
      if (!leg->agent_id.empty()) call.offered.push_back(leg);
    if (!call.offered.empty()) return;
  }
}

// Of a call's rows; at least one.
Call call_from(std::vector<Leg> legs) {
  Call call;
  call.legs = std::move(legs);
  std::sort(call.legs.begin(), call.legs.end(), begins_before);
  call.id = call_of(*call.legs.front().record);
  if (call.id.empty()) call.id = call.legs.front().id;
  for (const Leg& leg : call.legs) {
    if (call.telling == nullptr || leg.rank() <= call.telling->rank()) call.telling = &leg;
    if (call.direction == nullptr) call.direction = leg.direction;
    if (leg.is_answered()) call.in_talk.push_back(&leg);
    call.end = std::max(call.end, end_of(leg));
  }
  std::stable_sort(call.in_talk.begin(), call.in_talk.end(), [](const Leg* a, const Leg* b) {
    return a->answer && (!b->answer || *a->answer < *b->answer);
  });
  call.start = call.legs.front().start;
  if (!call.in_talk.empty()) call.answer = call.in_talk.front()->answer;
  call.states = spans_of(call_states, call);
  find_agents(call);
  return call;
}

// How an interaction, or its visit to a queue, ended, as this leg tells.
std::string_view outcome_of(const Leg& leg, const Direction* direction) {
  if (leg.disposition == nullptr) return leg.text("disposition").empty() ? "" : "OTHER";
  if (direction != inbound) return leg.disposition->outbound;
  if (leg.disposition != no_answer || !leg.agent_id.empty()) return leg.disposition->inbound;
  return leg.in_queue ? "ABANDONED_IN_QUEUE" : "NO_ANSWER";
}

std::int64_t transfers_of(const Call& call) {
  std::int64_t count = 0;
  for (std::size_t i = 1; i < call.in_talk.size(); ++i)
    if (call.in_talk[i]->agent_id != call.in_talk[i - 1]->agent_id) ++count;
  return count;
}

std::vector<std::string_view> agents_of(const Call& call) {
  std::vector<std::string_view> agents;
  for (const Leg& leg : call.legs)
    if (!leg.agent_id.empty()) agents.push_back(leg.agent_id);
  std::sort(agents.begin(), agents.end());
  agents.erase(std::unique(agents.begin(), agents.end()), agents.end());
  return agents;
}

// 0 stands on every unrated row, also of calls that nobody answered: it is no rating.
std::optional<double> rating_of(const Call& call) {
  std::optional<double> rating;
  for (const Leg& leg : call.legs)
    if (const auto given = real_of(leg["rating"]); given && *given != 0) rating = given;
  return rating;
}

// A recording is a file named by the guid.
bool is_recorded(const Call& call) {
  if (!call.legs.front()["guid"].provided()) return false;
  return std::any_of(call.legs.begin(), call.legs.end(), [](const Leg& leg) {
    return equal_ignoring_case(leg.text("type"), "record");
  });
}

std::string_view customer_of(const Call& call) {
  if (call.direction == nullptr) return "";
  return text_of(call.field(call.direction == inbound ? "src" : "dst"));
}
std::string_view company_of(const Call& call) {
  if (call.direction == nullptr) return "";
  return text_of(call.field(call.direction == inbound ? "dst" : "src"));
}

// The first or last queue of a call.
std::string_view first_queue(const Call& call) {
  for (const Leg& leg : call.legs)
    if (!leg.queue.empty()) return leg.queue;
  return "";
}
std::string_view last_queue(const Call& call) {
  for (auto leg = call.legs.rbegin(); leg != call.legs.rend(); ++leg)
    if (!leg->queue.empty()) return leg->queue;
  return "";
}

template <class Predicate>
bool any_leg(const Call& call, Predicate predicate) {
  return std::any_of(call.legs.begin(), call.legs.end(), predicate);
}

// What `interactions.mapping` says: of which column, and when. Without a column it is a
// contradiction of the rows, kept as they say it.
struct Remark {
  std::string_view column;
  std::string_view text;
  bool (*holds)(const Call& call);
};
constexpr Remark remarks[] = {
    {"interaction_id", "linkedid: the rows have no guid",
     [](const Call& call) { return !call.legs.front()["guid"].provided(); }},
    {"direction", "from the campaign's suffix: no row names a direction",
     [](const Call& call) {
       return call.direction != nullptr && !any_leg(call, [](const Leg& leg) {
                return direction_named(leg.text("direction")) != nullptr;
              });
     }},
    {"customer_number", "the carrier's name: src names no number of the caller",
     [](const Call& call) {
       return call.direction == inbound && !customer_of(call).empty() &&
              customer_of(call) == text_of(call.field("carrier"));
     }},
    {"end_time", "calldate + duration: a row has no finishtime",
     [](const Call& call) {
       return any_leg(
           call, [&](const Leg& leg) { return !leg.finish && leg.end && leg.end == call.end; });
     }},
    {"active_seconds", "derived: what the answered legs cover together",
     [](const Call& call) { return call.in_talk.size() > 1; }},
    {"", "billsec above 0 on a row that is not ANSWERED",
     [](const Call& call) {
       return any_leg(
           call, [](const Leg& leg) { return !leg.is_answered() && leg.billsec.value_or(0) > 0; });
     }},
    {"", "billsec above duration",
     [](const Call& call) {
       return any_leg(call, [](const Leg& leg) {
         return leg.billsec && leg.duration && *leg.billsec > *leg.duration;
       });
     }},
    {"", "finishtime before the end of the leg",
     [](const Call& call) {
       return any_leg(
           call, [](const Leg& leg) { return leg.finish && leg.end && *leg.finish < *leg.end; });
     }},
    {"", "direction against the campaign's suffix",
     [](const Call& call) {
       return any_leg(call, [](const Leg& leg) {
         const Direction* campaign = direction_of_campaign(leg.queue);
         return campaign != nullptr && campaign != leg.direction;
       });
     }},
};

// {"end_time":"…","contradictions":["…"]}
Value remarks_of(const Call& call, Arena& arena) {
  std::string columns;
  std::string contradictions;
  for (const Remark& each : remarks) {
    if (!each.holds(call)) continue;
    std::string& to = each.column.empty() ? contradictions : columns;
    if (!to.empty()) to += ',';
    if (!each.column.empty()) {
      append_json_string(to, each.column);
      to += ':';
    }
    append_json_string(to, each.text);
  }
  if (!contradictions.empty()) {
    if (!columns.empty()) columns += ',';
    columns += "\"contradictions\":[" + contradictions + ']';
  }
  return columns.empty() ? Value() : Value::text(arena.keep('{' + columns + '}'));
}

Value q850_text(std::optional<std::int64_t> cause) {
  return cause ? text_value(q850_name(*cause)) : Value();
}

constexpr auto to_interaction = mapping<Model::interactions, Call>({
    {"channel", Basis::derived, "'voice': the page's records are telephony's",
     [](const Call&, Arena&) { return Value::text("voice"); }},
    {"direction", Basis::reported,
     "direction; without it the campaign's suffix, <- in, -> out (derived)",
     [](const Call& call, Arena&) {
       return call.direction != nullptr ? Value::text(call.direction->name) : Value();
     }},
    {"start_time", Basis::reported, "earliest calldate",
     [](const Call& call, Arena& arena) { return time_value(call.start, arena); }},
    {"answer_time", Basis::derived,
     "calldate + duration - billsec of the leg answered first: billsec counts from the answer",
     [](const Call& call, Arena& arena) { return time_value(call.answer, arena); }},
    {"end_time", Basis::reported,
     "latest finishtime; for a row without it calldate + duration (derived)",
     [](const Call& call, Arena& arena) { return time_value(call.end, arena); }},
    {"customer_number", Basis::derived,
     "inbound src, outbound dst: src is who calls, dst who is called. NULL without a direction",
     [](const Call& call, Arena&) { return text_value(customer_of(call)); }},
    {"company_number", Basis::derived, "inbound dst, outbound src",
     [](const Call& call, Arena&) { return text_value(company_of(call)); }},
    {"first_queue_id", Basis::reported,
     "campaign of the first leg that has one; else Queue's first argument in lastdata",
     [](const Call& call, Arena&) { return text_value(first_queue(call)); }},
    {"first_queue_name", Basis::reported, "as first_queue_id: a campaign's name is its id",
     [](const Call& call, Arena&) { return text_value(first_queue(call)); }},
    {"last_queue_id", Basis::reported,
     "campaign of the last leg that has one; else Queue's first argument in lastdata",
     [](const Call& call, Arena&) { return text_value(last_queue(call)); }},
    {"last_queue_name", Basis::reported, "as last_queue_id",
     [](const Call& call, Arena&) { return text_value(last_queue(call)); }},
    {"first_agent_id", Basis::derived,
     "interface of the agent's channel ('SIP/1111'), as campaignstatus names agents: dstchannel; "
     "of an "
     "outbound call that is not from a queue, channel. Never the carrier's channel",
     [](const Call& call, Arena&) {
       return call.offered.empty() ? Value() : Value::text(call.offered.front()->agent_id);
     }},
    {"first_agent_name", Basis::derived,
     "account of the agent's channel: peeraccount beside dstchannel, accountcode beside channel",
     [](const Call& call, Arena&) {
       return call.offered.empty() ? Value() : text_value(call.offered.front()->agent_name);
     }},
    {"last_agent_id", Basis::derived, "as first_agent_id",
     [](const Call& call, Arena&) {
       return call.offered.empty() ? Value() : Value::text(call.offered.back()->agent_id);
     }},
    {"last_agent_name", Basis::derived, "as first_agent_name",
     [](const Call& call, Arena&) {
       return call.offered.empty() ? Value() : text_value(call.offered.back()->agent_name);
     }},
    {"agent_count", Basis::derived, "distinct interfaces of agents over the rows",
     [](const Call& call, Arena&) { return Value::integer(std::ssize(agents_of(call))); }},
    {"dialog_count", Basis::derived, "one per row, and the customer's",
     [](const Call& call, Arena&) { return Value::integer(std::ssize(call.legs) + 1); }},
    {"transfer_count", Basis::derived, "changes of agent from one ANSWERED leg to the next",
     [](const Call& call, Arena&) { return Value::integer(transfers_of(call)); }},
    {"outcome", Basis::derived,
     "ANSWERED if a row is; else of the dispositions the one that says most, NO ANSWER first: "
     "inbound "
     "ABANDONED_IN_RING (an agent was rung) or ABANDONED_IN_QUEUE (none was), outbound NO_ANSWER; "
     "then BUSY; "
     "FAILED and CONGESTION as FAILED; UNKNOWN and other words as OTHER",
     [](const Call& call, Arena&) {
       return text_value(outcome_of(*call.telling, call.direction));
     }},
    {"end_cause", Basis::reported, "disposition of the row that outcome is told by",
     [](const Call& call, Arena&) { return text_value(call.telling->text("disposition")); }},
    {"hangup_cause", Basis::derived, "Q.850 name of causecode",
     [](const Call& call, Arena&) { return q850_text(integer_of(call.field("causecode"))); }},
    {"q850_cause", Basis::reported, "causecode of the row that outcome is told by",
     [](const Call& call, Arena&) { return integer_value(integer_of(call.field("causecode"))); }},
    {"satisfaction", Basis::derived,
     "last rating other than 0 (0 stands on unrated rows); the page does not say who rates",
     [](const Call& call, Arena&) { return real_value(rating_of(call)); }},
    {"recording_count", Basis::derived, "1 if a row's type is 'record': one file per guid",
     [](const Call& call, Arena&) { return Value::integer(is_recorded(call) ? 1 : 0); }},
    {"mapping", Basis::derived,
     "JSON: columns that came about in another way, and contradictions of the rows", remarks_of},
});

// One party of a call: an agent's (one leg), or the customer's (all of them).
struct Side {
  const Call& call;
  const Leg* leg = nullptr;  // null: the customer's
  StateSpans states;

  Node field(std::string_view key) const { return leg != nullptr ? (*leg)[key] : call.field(key); }
  std::string_view text(std::string_view key) const { return text_of(field(key)); }
  std::string_view id() const { return leg != nullptr ? leg->id : call.id; }
  const Direction* direction() const { return leg != nullptr ? leg->direction : call.direction; }
  std::optional<Instant> start() const { return leg != nullptr ? leg->start : call.start; }
  std::optional<Instant> answer() const { return leg != nullptr ? leg->answer : call.answer; }
  std::string_view queue() const { return leg != nullptr ? leg->queue : first_queue(call); }
};

constexpr StateMapping<Side> side_states[] = {
    {State::ring, Basis::derived,
     "duration - billsec when ANSWERED; the customer's side as the interaction",
     [](const Side& side) {
       return side.leg != nullptr ? side.leg->ring : side.call.states[State::ring];
     }},
    {State::active, Basis::reported,
     "billsec when ANSWERED; the customer's side as the interaction",
     [](const Side& side) {
       return side.leg != nullptr ? side.leg->active : side.call.states[State::active];
     }},
};

Value milliseconds(std::optional<double> seconds) {
  return seconds ? Value::integer(static_cast<std::int64_t>(*seconds * 1000 + 0.5)) : Value();
}

Value waiting_time(const Side& side, Arena&) {
  const auto span = measured(side.start(), side.answer());
  return milliseconds(span ? std::optional(span->seconds) : std::nullopt);
}

Value list_of(std::span<const std::string_view> texts, Arena& arena) {
  if (texts.empty()) return {};
  std::string json;
  for (const std::string_view text : texts) {
    json += json.empty() ? '[' : ',';
    append_json_string(json, text);
  }
  return Value::text(arena.keep(json + ']'));
}

Value linked_dialogs(const Side& side, Arena& arena) {
  std::vector<std::string_view> others;
  if (side.leg != nullptr) others.push_back(side.call.id);
  for (const Leg& leg : side.call.legs)
    if (&leg != side.leg) others.push_back(leg.id);
  return list_of(others, arena);
}

Value side_outcome(const Side& side, Arena&) {
  if (side.leg == nullptr || side.leg->disposition == nullptr) return {};
  const Disposition& disposition = *side.leg->disposition;
  return text_value(side.direction() == inbound ? disposition.inbound_side
                                                : disposition.outbound_side);
}

Value side_variables(const Side& side, Arena& arena) {
  const std::string_view values = side.text("parandvalues");
  return values.empty() ? Value() : Value::text(arena.keep(kv_json(values)));
}

Value agent_of(const Side& side, std::string_view Leg::*what) {
  return side.leg != nullptr ? text_value(side.leg->*what) : Value();
}

constexpr auto to_dialog = mapping<Model::dialogs, Side>({
    {"dialog_id", Basis::derived,
     "agent's side: linkedid/uniqueid/sequence, the row's key; customer's side: the interaction_id",
     [](const Side& side, Arena&) { return text_value(side.id()); }},
    {"dialog_uuid", Basis::derived, "as dialog_id",
     [](const Side& side, Arena&) { return text_value(side.id()); }},
    {"dialog_type", Basis::derived, "CONSULTANT for each row, EXTERNAL once for the call",
     [](const Side& side, Arena&) {
       return Value::text(side.leg != nullptr ? "CONSULTANT" : "EXTERNAL");
     }},
    {"business_direction", Basis::reported, "direction; without it the campaign's suffix (derived)",
     [](const Side& side, Arena&) {
       return side.direction() != nullptr ? Value::text(side.direction()->name) : Value();
     }},
    {"from_display_target", Basis::reported, "src",
     [](const Side& side, Arena&) { return text_value(side.text("src")); }},
    {"to_display_target", Basis::reported, "dst",
     [](const Side& side, Arena&) { return text_value(side.text("dst")); }},
    {"start_time", Basis::reported, "calldate; the customer's side the earliest",
     [](const Side& side, Arena& arena) { return time_value(side.start(), arena); }},
    {"hangup_time", Basis::derived,
     "agent's side: calldate + duration, for finishtime is the call's; customer's side: the "
     "interaction's end_time",
     [](const Side& side, Arena& arena) {
       return time_value(side.leg != nullptr ? side.leg->end : side.call.end, arena);
     }},
    {"serve_time", Basis::derived, "calldate + duration - billsec when ANSWERED",
     [](const Side& side, Arena& arena) { return time_value(side.answer(), arena); }},
    {"talking_time", Basis::reported, "as active_seconds, in ms",
     [](const Side& side, Arena&) { return milliseconds(side.states.seconds(State::active)); }},
    {"answer_time", Basis::derived, "as serve_time",
     [](const Side& side, Arena& arena) { return time_value(side.answer(), arena); }},
    {"waiting_time", Basis::derived, "start_time to serve_time, in ms", waiting_time},
    {"initial_media", Basis::derived, "[\"audio\"]: telephony",
     [](const Side&, Arena&) { return Value::text(R"(["audio"])"); }},
    {"project_id_list", Basis::derived, "the campaign, uContact's project",
     [](const Side& side, Arena& arena) {
       const std::string_view queue = side.queue();
       return queue.empty() ? Value() : list_of({&queue, 1}, arena);
     }},
    {"contact_id", Basis::reported, "contact",
     [](const Side& side, Arena&) { return text_value(side.text("contact")); }},
    {"note", Basis::reported, "note",
     [](const Side& side, Arena&) { return text_value(side.text("note")); }},
    {"variables", Basis::reported, "parandvalues as a JSON object", side_variables},
    {"operator_call_id", Basis::reported, "uniqueid, the telephony server's id of the channel",
     [](const Side& side, Arena&) { return text_value(side.text("uniqueid")); }},
    {"hangup_cause", Basis::derived, "Q.850 name of causecode",
     [](const Side& side, Arena&) { return q850_text(integer_of(side.field("causecode"))); }},
    {"end_cause", Basis::reported, "disposition; the customer's side as the interaction",
     [](const Side& side, Arena&) { return text_value(side.text("disposition")); }},
    {"linked_dialogs", Basis::derived, "the call's other dialogs", linked_dialogs},
    {"project_id", Basis::derived, "the campaign, uContact's project",
     [](const Side& side, Arena&) { return text_value(side.queue()); }},
    {"project_name", Basis::derived, "the campaign",
     [](const Side& side, Arena&) { return text_value(side.queue()); }},
    {"tenant_user_id", Basis::derived,
     "interface of the agent's channel, as interactions.first_agent_id",
     [](const Side& side, Arena&) { return agent_of(side, &Leg::agent_id); }},
    {"tenant_user_username", Basis::derived,
     "account of the agent's channel, as interactions.first_agent_name",
     [](const Side& side, Arena&) { return agent_of(side, &Leg::agent_name); }},
    {"tenant_user_display_name", Basis::derived, "as tenant_user_username",
     [](const Side& side, Arena&) { return agent_of(side, &Leg::agent_name); }},
    {"outcome", Basis::derived,
     "disposition: ANSWERED, NO ANSWER as NO_ANSWER, BUSY of an inbound leg as REJECTED; else NULL",
     side_outcome},
});

// What became of an agent's leg, at the instant when it became so.
struct LegEvent {
  const Leg& leg;
  std::int64_t seq;
  std::optional<Instant> at;
};
constexpr auto to_agent_event = mapping<Model::agent_events, LegEvent>({
    {"dialog_id", Basis::derived, "linkedid/uniqueid/sequence, the row's key",
     [](const LegEvent& event, Arena&) { return text_value(event.leg.id); }},
    {"agent_id", Basis::derived, "interface of the agent's channel, as interactions.first_agent_id",
     [](const LegEvent& event, Arena&) { return text_value(event.leg.agent_id); }},
    {"agent_name", Basis::derived,
     "account of the agent's channel, as interactions.first_agent_name",
     [](const LegEvent& event, Arena&) { return text_value(event.leg.agent_name); }},
    {"queue_id", Basis::reported, "campaign",
     [](const LegEvent& event, Arena&) { return text_value(event.leg.queue); }},
    {"seq", Basis::derived, "by event_time",
     [](const LegEvent& event, Arena&) { return Value::integer(event.seq); }},
    {"event", Basis::reported, "disposition of the leg; one event per leg with an agent",
     [](const LegEvent& event, Arena&) {
       return text_value(event.leg.disposition != nullptr ? event.leg.disposition->word
                                                          : event.leg.text("disposition"));
     }},
    {"event_time", Basis::derived,
     "when it became so: ANSWERED at calldate + duration - billsec, others at the leg's end, "
     "calldate + duration",
     [](const LegEvent& event, Arena& arena) { return time_value(event.at, arena); }},
    {"duration_seconds", Basis::reported, "billsec when ANSWERED",
     [](const LegEvent& event, Arena&) {
       return event.leg.active ? Value::real(event.leg.active->seconds) : Value();
     }},
});

// A call's legs in one campaign that its Queue application was rung for.
struct Visit {
  std::string_view queue;
  const Call* call = nullptr;
  std::int64_t number = 0;
  const Leg* telling = nullptr;
  const Leg* with_agent = nullptr;  // assigned to last
  bool is_last = false;
};
constexpr auto to_queue_visit = mapping<Model::queue_visits, Visit>({
    {"visit_no", Basis::derived,
     "by the first calldate; one visit per call and campaign that has rows with lastapp Queue",
     [](const Visit& visit, Arena&) { return Value::integer(visit.number); }},
    {"queue_id", Basis::reported, "campaign; without it Queue's first argument in lastdata",
     [](const Visit& visit, Arena&) { return text_value(visit.queue); }},
    {"queue_name", Basis::reported, "as queue_id",
     [](const Visit& visit, Arena&) { return text_value(visit.queue); }},
    {"outcome", Basis::derived,
     "as the interaction's, of the visit's rows; NULL when unanswered and another queue followed",
     [](const Visit& visit, Arena&) {
       if (!visit.telling->is_answered() && !visit.is_last) return Value();
       return text_value(outcome_of(*visit.telling, visit.call->direction));
     }},
    {"agent_id", Basis::derived,
     "agent of the last ANSWERED row, else of the last row with an agent",
     [](const Visit& visit, Arena&) {
       return visit.with_agent != nullptr ? Value::text(visit.with_agent->agent_id) : Value();
     }},
});

constexpr auto to_recording = mapping<Model::recordings, Call>({
    {"recording_id", Basis::reported, "guid: a recording is a file of that name",
     [](const Call& call, Arena&) { return text_value(call.id); }},
    {"dialog_id", Basis::derived, "the agent's side that outcome is told by",
     [](const Call& call, Arena&) { return text_value(call.telling->id); }},
    {"media", Basis::derived, "'audio': telephony",
     [](const Call&, Arena&) { return Value::text("audio"); }},
    {"urls", Basis::derived,
     "paths on the telephony or the backup host, which rows do not name: records/guid.mp3 and "
     "records/YYYYMMDD/guid.mp3 by the first calldate, each also as .gsm; see recording_urls()",
     [](const Call& call, Arena& arena) {
       return text_value(arena.keep(recording_paths(call.id, call.legs.front().text("calldate"))));
     }},
});

// ---- Rows ----

void add_dialogs(const Call& call, const Wanted& wanted, Facts& facts) {
  const auto add = [&](const Leg* leg) {
    Side side{call, leg, {}};
    side.states = spans_of(side_states, side);
    facts.set_states(to_dialog.add(facts, wanted, side), side.states);
  };
  add(nullptr);
  for (const Leg& leg : call.legs) add(&leg);
}

void add_agent_events(const Call& call, const Wanted& wanted, Facts& facts) {
  std::vector<LegEvent> events;
  for (const Leg& leg : call.legs)
    if (!leg.agent_id.empty() && !leg.text("disposition").empty())
      events.push_back({leg, 0, leg.is_answered() ? leg.answer : leg.end});
  std::vector<const LegEvent*> order;
  for (const LegEvent& event : events) order.push_back(&event);
  std::stable_sort(order.begin(), order.end(), [](const LegEvent* a, const LegEvent* b) {
    return a->at && (!b->at || *a->at < *b->at);
  });
  std::int64_t seq = 0;
  for (const LegEvent* event : order)
    to_agent_event.add(facts, wanted, LegEvent{event->leg, ++seq, event->at});
}

std::vector<Visit> visits_of(const Call& call) {
  std::vector<Visit> visits;
  for (const Leg& leg : call.legs) {
    if (!leg.in_queue || leg.queue.empty()) continue;
    auto visit = std::find_if(visits.begin(), visits.end(),
                              [&](const Visit& each) { return each.queue == leg.queue; });
    if (visit == visits.end())
      visit =
          visits.insert(visit, {leg.queue, &call, std::ssize(visits) + 1, &leg, nullptr, false});
    if (leg.rank() <= visit->telling->rank()) visit->telling = &leg;
    if (!leg.agent_id.empty() &&
        (leg.is_answered() || visit->with_agent == nullptr || !visit->with_agent->is_answered()))
      visit->with_agent = &leg;
  }
  if (!visits.empty()) visits.back().is_last = true;
  return visits;
}

void add_state_durations(const Call& call, Facts& facts) {
  facts.add_states("", call.states);
  for (const std::string_view agent : agents_of(call)) {
    std::vector<const Leg*> legs;
    for (const Leg* leg : call.in_talk)
      if (leg->agent_id == agent) legs.push_back(leg);
    StateSpans states;
    states[State::ring] = together(legs, &Leg::ring);
    states[State::active] = together(legs, &Leg::active);
    facts.add_states(agent, states);
  }
}

void map_records(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  std::vector<Leg> legs;
  for (const Record& record : records)
    if (record.resource->name == "record") legs.push_back(leg_of(record, facts.arena()));
  if (legs.empty()) return;
  const Call call = call_from(std::move(legs));
  facts.identify("ucontact", records.front().source, call.id);
  if (wanted.table(Model::interactions))
    facts.set_states(to_interaction.add(facts, wanted, call), call.states);
  if (wanted.table(Model::dialogs)) add_dialogs(call, wanted, facts);
  if (wanted.table(Model::agent_events)) add_agent_events(call, wanted, facts);
  if (wanted.table(Model::queue_visits))
    for (const Visit& visit : visits_of(call)) to_queue_visit.add(facts, wanted, visit);
  if (wanted.table(Model::state_durations)) add_state_durations(call, facts);
  if (wanted.table(Model::recordings) && is_recorded(call)) to_recording.add(facts, wanted, call);
}

// What is filled without a table of columns.
constexpr MappingDoc other_columns[] = {
    {Model::interactions, "handle_seconds", Basis::derived,
     "active_seconds: hold and after-call work are not said"},
    {Model::state_durations, "agent_id", Basis::derived,
     "interface of the agent's channel, as interactions.first_agent_id"},
    {Model::state_durations, "state", Basis::derived,
     "RING and ACTIVE; no other state is in the records"},
    {Model::state_durations, "start_time", Basis::derived,
     "RING: calldate; ACTIVE: calldate + duration - billsec"},
    {Model::state_durations, "end_time", Basis::derived,
     "RING: calldate + duration - billsec; ACTIVE: calldate + duration"},
    {Model::state_durations, "seconds", Basis::reported,
     "ACTIVE: billsec when ANSWERED; RING: duration - billsec when ANSWERED (derived); over "
     "several legs what they "
     "cover together (derived)"},
    {Model::state_durations, "basis", Basis::derived, "how seconds came about"},
};

std::vector<MappingDoc> documentation() {
  std::vector<MappingDoc> docs;
  for (const Model table : {Model::interactions, Model::dialogs, Model::agent_events,
                            Model::queue_visits, Model::state_durations, Model::recordings})
    docs.push_back(
        {table, "interaction_id", Basis::reported, "guid; without it linkedid (derived)"});
  to_interaction.document(docs);
  document_states(Model::interactions, call_states, docs);
  to_dialog.document(docs);
  document_states(Model::dialogs, side_states, docs);
  to_agent_event.document(docs);
  to_queue_visit.document(docs);
  to_recording.document(docs);
  docs.insert(docs.end(), std::begin(other_columns), std::end(other_columns));
  return docs;
}

}  // namespace

extern const Vendor ucontact;
const Vendor ucontact = {
    .name = "ucontact",
    .title = "uContact",
    .doc = "call records shaped like Asterisk's, campaigns, agents and the dialer",
    .resources = resources,
    .tables = tables,
    .envelope_keys = {},
    .record_of_line = record_of_line,
    .map = map_records,
    .mapping = documentation,
};

}  // namespace cdr
