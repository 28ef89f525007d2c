// uContact: call records shaped like Asterisk's, snapshots of campaigns and agents, the dialer's
// requests and lists, blacklist entries and dispositions.
//
//   SELECT calldate, dstchannel, disposition FROM ucontact_record('[{"guid": …}]');
//   SELECT *
//     FROM interactions(cdr_file('samples/ucontact/day.json', '{"zone":"America/Montevideo"}'));
//
// A call is one guid; each of its rows is a leg, the side of one agent. Times have no zone: they
// are in the source's (UTC unless the caller names another). Only `disposition` says whether
// somebody answered: billsec is above 0 even on rows that were not answered.
//
// Records of calls become interactions. All other records have their own tables and no rows in the
// model: a snapshot of an agent's status is not a span of time, so it is not in agent_states, and
// the dialer's requests may never become calls. The filter object of `getrecords` is a query, not a
// record, so it is not recognised.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "core/time.hpp"
#include "json/document/convert.hpp"
#include "vendors/ucontact/call.hpp"
#include "vendors/ucontact/mapping.hpp"
#include "vendors/vendor.hpp"

namespace cdr {
namespace {

using ucontact_api::append_part;

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
    {"duration", "duration", Kind::integer, "from the beginning of the leg to its end, s"},
    {"billsec", "billsec", Kind::integer,
     "from the technical answer to the end, s; a value above 0 does not mean that somebody "
     "answered"},
    {"disposition", "disposition", Kind::text,
     "ANSWERED, NO ANSWER, BUSY, FAILED, CONGESTION or UNKNOWN"},
    {"amaflags", "amaflags", Kind::integer, "flag for accounting"},
    {"accountcode", "accountcode", Kind::text,
     "account of the calling side; Inbound in the rows of the vendor's page"},
    {"userfield", "userfield", Kind::text, "free text set by the dialplan"},
    {"uniqueid", "uniqueid", Kind::text, "id of the channel; text that looks like a number"},
    {"type", "type", Kind::text, "kind of row; 'record' on every row of an answer"},
    {"guid", "guid", Kind::text, "the call, also the name of its recording"},
    {"causecode", "causecode", Kind::text, "Q.850 cause code, as text"},
    {"campaign", "campaign", Kind::text, "campaign, the telephony's queue"},
    {"direction", "direction", Kind::text, "inbound or outbound"},
    {"carrier", "carrier", Kind::text, "carrier through which the call came in or went out"},
    {"linkedid", "linkedid", Kind::text, "id shared by the channels of one call"},
    {"peeraccount", "peeraccount", Kind::text, "account of the other side: the agent's"},
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
     "last call, as the vendor gives it; unit not published"},
    {"status", "status", Kind::integer,
     "0 UNKNOWN, 1 NOT_INUSE, 2 INUSE, 3 BUSY, 4 INVALID, 5 UNAVAILABLE, 6 RINGING, 7 RINGINUSE, "
     "8 ONHOLD, 9 WRAPUP; see agent_status_name()"},
    {"paused", "paused", Kind::boolean, "1 if paused"},
    {"stateinterface", "stateinterface", Kind::text, "interface whose state is watched"},
    {"incall", "incall", Kind::integer, "calls in progress"},
    {"pausedreason", "pausedreason", Kind::text, "reason for the pause"},
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
    {"priority", "priority", Kind::integer, "respool: order; 1 is reserved for scheduled calls"},
    {"agent", "agent", Kind::text, "task: the agent's user name or number"},
    {"source", "source", Kind::text, "task: origin of the request"},
    {"bulk", "bulk", Kind::boolean, "task: 1 if it goes through the dialer's list"},
    {"automatic", "automatic", Kind::boolean, "task: 1 if the dialer calls automatically"},
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
    {"campaign", "campaign", Kind::text, "campaign for which it is blocked"},
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
    {"ucontact_record", "one row per leg of a call, as getrecords returns it", record_origin,
     record_fields},
    {"ucontact_queue_summary", "one row per campaign of a queuesummary answer",
     queue_summary_origin, queue_summary_fields},
    {"ucontact_campaign_status", "one row per campaign of a campaignstatus answer",
     campaign_status_origin, campaign_status_fields},
    {"ucontact_campaign_agent", "one row per agent of a campaignstatus answer for one campaign",
     campaign_agent_origin, campaign_agent_fields},
    {"ucontact_dialer_call",
     "one row per call requested from the dialer: respool, schedule or task", dialer_call_origins,
     dialer_call_fields},
    {"ucontact_dialer_list", "one row per line of a dialer's list", dialer_list_origin,
     dialer_list_fields},
    {"ucontact_blacklist", "one row per blacklist entry", blacklist_origin, blacklist_fields},
    {"ucontact_disposition", "one row per disposition given to a call", disposition_origin,
     disposition_fields},
};

// ---- Records and their ids ----

// A local time as it is written, so that a record keeps its id when it is read in another zone.
void append_time(std::string& id, Node node) {
  if (const auto written = instant_of(node, TimeForm::zoned))
    id += format_time(*written);
  else
    append_part(id, content_of(node));
}

// The campaign (and agent) at one instant. The answer's id distinguishes two answers in one second.
void snapshot_id(const Record& record, std::string& id) {
  for (const std::string_view key : {"queue", "location", "internalActionId"}) {
    append_part(id, content_of(record.root[key]));
    id += '/';
  }
  append_time(id, record.root["dateReceived"]);
}

void campaign_id(const Record& record, std::string& id) {
  append_part(id, scalar_of(record.root["campaign"]));
}

void blacklist_id(const Record& record, std::string& id) {
  append_part(id, content_of(record.root["campaign"]));
  id += '/';
  append_part(id, content_of(record.root["phone"]));
}

// Requests, list entries and dispositions have no id and no time of their own. Their content is
// their id, so that two that differ in anything are both kept.
template <const auto& Fields>
void content_id(const Record& record, std::string& id) {
  for (const Field& field : Fields) {
    if (field.key.empty()) continue;
    append_part(id, content_of(record.root[field.key]));
    id += '/';
  }
}

void record_links(const Record& record, Links& links) {
  links.add_whole(ucontact_api::call_id(record));
}

std::optional<Instant> record_latest(const Record& record) {
  return std::max(ucontact_api::time_in(record, "calldate"),
                  ucontact_api::time_in(record, "finishtime"));
}

std::optional<Instant> snapshot_latest(const Record& record) {
  return instant_of(record.root["dateReceived"], TimeForm::zoned, *record.zone);
}

std::optional<Instant> no_latest(const Record&) {
  return std::nullopt;
}

using Keys = std::string_view;
// Asterisk's events of channels (CEL) and of queues name the channel too. Only a row of calls says
// how long the call lasted and how it ended. Old tables have no linkedid.
constexpr Keys record_ids[] = {"linkedid", "uniqueid"};
constexpr Keys record_any[] = {"disposition", "billsec", "calldate", "finishtime", "causecode"};
constexpr Keys not_record[] = {"eventtype", "eventtime", "eventname"};
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
     .any_of = record_ids,
     .also_any_of = record_any,
     .none_of = not_record,
     .decisive_key = "linkedid",
     .record_id = ucontact_api::record_id,
     .links = record_links,
     .latest = record_latest,
     .settle = ucontact_api::settled_time,
     .zone_error = ucontact_api::zone_error},
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
     .doc = "a campaign in a campaignstatus answer; without a time, so the last one read counts",
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
     .doc = "the disposition that an agent gave to a call",
     .all_of = disposition_keys,
     .none_of = not_disposition,
     .decisive_key = "l1",
     .record_id = content_id<disposition_fields>,
     .links = record_links,
     .latest = no_latest},
};

// 'campaign;number;k=v:k2=v2;alt1:alt2;priority;agentphone', the last two optional. A line that
// describes the columns is read like any other line.
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
  JsonObject record;
  for (std::size_t i = 0; i < parts.size(); ++i) record.add(dialer_list_fields[i].key, parts[i]);
  json = record.text();
  return true;
}

}  // namespace

extern const Vendor ucontact;
const Vendor ucontact = {
    .name = "ucontact",
    .title = "uContact",
    .doc = "call records in the form of Asterisk's, campaigns, agents and the dialer",
    .resources = resources,
    .tables = tables,
    .envelope_keys = {},
    .record_of_line = record_of_line,
    .map = ucontact_api::map_records,
    .mapping = ucontact_api::documentation,
};

}  // namespace cdr
