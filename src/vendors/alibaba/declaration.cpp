// Alibaba Cloud Call Center (CCC): call detail records and agents' state logs.
//
//   SELECT contact_id, contact_disposition, talk_time FROM alibaba_call(cdr_file('exports/'));
//   SELECT agent_id, state, seconds, basis
//     FROM state_durations(cdr_file('samples/alibaba/day_get.ndjson'));
//
// The records are the answers of GetCallDetailRecord, ListCallDetailRecords,
// ListCallDetailRecordsV2 and ListRecentCallDetailRecords of the API of 2020-07-01 (also of its
// older generations, which write every scalar as a string, or put Cdr before the event lists'
// names), the lists of the API of 2017-07-05 (CallDetailRecords.List.CallDetailRecord), and
// ListAgentStateLogs of both. Instants are epoch milliseconds, durations are seconds.
//
// alibaba/mapping.cpp says how a call becomes dialogs and the other rows of the model, and
// alibaba/call.hpp which data describes a call.
#include <string>

#include "vendors/alibaba/call.hpp"
#include "vendors/alibaba/mapping.hpp"
#include "vendors/element.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

extern const Vendor alibaba;

namespace {

// --- Records

constexpr std::string_view contact_key[] = {"ContactId"};
constexpr std::string_view state_key[] = {"State"};
// An element of ListRealtimeAgentStates has StateTime too, but there it is the number of seconds
// that the agent has been in the state, not an instant. Only a log says how long the state lasted,
// or names the agent as the oldest logs do.
constexpr std::string_view state_times[] = {"StartTime", "Duration", "RamId"};
constexpr std::string_view no_state[] = {"Extension",  "CounterParty", "AgentName",    "CampaignId",
                                         "JobGroupId", "ContactType",  "CallingNumber"};
// Recordings, messages and surveys also have their call's id, time and numbers. Only a call says of
// what type it was, how it ended, who took part, or how long it waited and talked.
constexpr std::string_view summary_keys[] = {
    "ContactType",      "ContactDisposition", "CallDuration",  "EstablishedTime", "ReleaseTime",
    "ReleaseInitiator", "ReleaseReason",      "SkillGroupIds", "AgentIds",        "RecordingReady",
    "IvrTime",          "QueueTime",          "TalkTime"};
// Some recordings name the type as well.
constexpr std::string_view no_summary[] = {
    "State",          "AgentEvents",    "IvrEvents",       "QueueEvents",
    "CustomerEvents", "CdrAgentEvents", "CdrIvrEvents",    "CdrQueueEvents",
    "FileName",       "FilePath",       "FileDescription", "SignatureUrl",
};

void call_id(const Record& record, std::string& id) {
  id += id_of(record.root["ContactId"]);
}

void call_links(const Record& record, Links& links) {
  links.add_whole(id_of(record.root["ContactId"]));
}

void keep_latest(std::optional<Instant>& latest, std::optional<Instant> at) {
  if (at && (!latest || *latest < *at)) latest = at;
}

std::optional<Instant> latest_of_call(const Record& record) {
  std::optional<Instant> latest;
  for (const std::string_view key : {"StartTime", "EstablishedTime", "ReleaseTime"})
    keep_latest(latest, alibaba_api::instant(record.root[key]));
  for (const std::string_view key : alibaba_api::event_lists)
    for (const Node entry : list_of(record.root[key]).children())
      for (const Node event : list_of(entry["EventSequence"]).children())
        keep_latest(latest, alibaba_api::instant(event["EventTime"]));
  return latest;
}

// An entry has no id of its own. The agent, the start and the state identify it. If nothing names
// the agent, the length does too, so that two agents' entries are not taken for one.
void state_id(const Record& record, std::string& id) {
  const alibaba_api::AgentState state{record};
  id += state.agent();
  for (const std::string_view key : {"StartTime", "StateTime", "State", "StateCode"})
    (id += '/') += content_of(record.root[key]);
  if (state.agent().empty()) (id += '/') += content_of(record.root["Duration"]);
}

std::optional<Instant> latest_of_state(const Record& record) {
  const alibaba_api::AgentState state{record};
  const auto end = state.end();
  return end ? end : state.start();
}

// The log does not name its agent, but the request does. The agent comes from a file's path that
// mirrors the request's query: '…/AgentId=agent@ccc-test&StartTime=….json'.
std::string_view agent_of_path(std::string_view path) {
  constexpr std::string_view name = "AgentId=";
  const std::size_t at = path.rfind(name);
  if (at == std::string_view::npos) return {};
  path.remove_prefix(at + name.size());
  path = path.substr(0, path.find_first_of("&/"));
  for (const std::string_view suffix : {".gz", ".zst", ".json", ".ndjson", ".jsonl", ".txt"})
    if (path.ends_with(suffix)) path.remove_suffix(suffix.size());
  return path;
}

constexpr Resource resources[] = {
    {.name = "call",
     .doc = "answer of GetCallDetailRecord: a call with its events",
     .all_of = contact_key,
     .any_of = alibaba_api::event_lists,
     .none_of = state_key,
     .decisive_key = "ContactId",
     .record_id = call_id,
     .id_key = "ContactId",
     .links = call_links,
     .latest = latest_of_call},
    {.name = "call_summary",
     .doc = "element of ListCallDetailRecords and similar lists: a call with the vendor's figures",
     .all_of = contact_key,
     .any_of = summary_keys,
     .none_of = no_summary,
     .decisive_key = "ContactId",
     .record_id = call_id,
     .id_key = "ContactId",
     .links = call_links,
     .latest = latest_of_call},
    {.name = "agent_state",
     .doc = "element of ListAgentStateLogs: a span of an agent's state",
     .all_of = state_key,
     .any_of = state_times,
     .none_of = no_state,
     .decisive_key = "StateCode",
     .record_id = state_id,
     .id_key = "",
     .links = nullptr,
     .latest = latest_of_state,
     .context_of_path = agent_of_path},
};

// --- The vendor's own tables

constexpr Field call_fields[] = {
    {"ContactId", "contact_id", Kind::text, "the call's id"},
    {"ReleaseInitiator", "release_initiator", Kind::text, "who hung up: agent or customer"},
    {"ContactDisposition", "contact_disposition", Kind::text, "why the call ended"},
    {"ContactType", "contact_type", Kind::text,
     "INBOUND, OUTBOUND, CONFERENCE, INTERNAL, PRIVACY_DIAL, BACK2BACK, PREDICTIVE"},
    {"AgentIds", "agent_ids", Kind::text,
     "ids of the agents that it went through, comma-separated"},
    {"CallDuration|Duration", "call_duration", Kind::integer, "length of the call, s"},
    {"RecordingReady", "recording_ready", Kind::boolean,
     "1 if its recording exists; also 0 when the call was not established"},
    {"EstablishedTime", "established_time", Kind::epoch_ms, "when it was established (UTC)"},
    {"InstanceId", "instance_id", Kind::text, "the call centre's instance"},
    {"SatisfactionSurveyOffered", "satisfaction_survey_offered", Kind::boolean,
     "1 if a satisfaction survey was sent"},
    {"CalledNumber", "called_number", Kind::text, "the number called"},
    {"AgentNames", "agent_names", Kind::text,
     "names of those agents, comma-separated; need not align with agent_ids"},
    {"Satisfaction|SatisfactionIndex", "satisfaction", Kind::integer,
     "the survey's result; its values are the customer's own"},
    {"StartTime", "start_time", Kind::epoch_ms,
     "inbound: entry into the IVR; outbound: start of connecting (UTC)"},
    {"SatisfactionSurveyChannel", "satisfaction_survey_channel", Kind::text, "IVR or SMS"},
    {"ReleaseTime", "release_time", Kind::epoch_ms, "when the last party hung up (UTC)"},
    {"CallingNumber", "calling_number", Kind::text, "the number called from"},
    {"SkillGroupNames", "skill_group_names", Kind::text,
     "names of the agents' skill groups, comma-separated"},
    {"SkillGroupIds|SkillGroupIdList", "skill_group_ids", Kind::text,
     "ids of the agents' skill groups, comma-separated"},
    {"AgentEvents|CdrAgentEvents", "agent_events", Kind::wrapped_list,
     "JSON list: the agents' events"},
    {"IvrEvents|CdrIvrEvents", "ivr_events", Kind::wrapped_list, "JSON list: the IVR's events"},
    {"QueueEvents|CdrQueueEvents", "queue_events", Kind::wrapped_list,
     "JSON list: the queues' events"},
    {"CustomerEvents", "customer_events", Kind::wrapped_list, "JSON list: the customer's events"},
    {"CallerLocation", "caller_location", Kind::text, "the home region of the calling number"},
    {"CalleeLocation", "callee_location", Kind::text, "the home region of the called number"},
    {"EarlyMediaState", "early_media_state", Kind::text,
     "why the customer was probably not reached: NoAnswer, OutOfService, NotExist, Restricted, "
     "Busy, NotConnected, PowerOff"},
    {"ReleaseReason", "release_reason", Kind::text, "usually a SIP code and its text: '200 - OK'"},
    {"AnalyticsReportReady", "analytics_report_ready", Kind::boolean,
     "1 if the conversation's analysis exists"},
    {"AnalyticsReport", "analytics_report", Kind::object,
     "JSON object: the conversation's analysis"},
    {"AnalyticsReport.ProblemSolving.TaskId", "analytics_report_problem_solving_task_id",
     Kind::text, "id of the problem-solving analysis"},
    {"AnalyticsReport.ProblemSolving.Success", "analytics_report_problem_solving_success",
     Kind::boolean, "1 if that analysis succeeded"},
    {"AnalyticsReport.ProblemSolving.Solved", "analytics_report_problem_solving_solved",
     Kind::boolean, "1 if the problem was solved"},
    {"AnalyticsReport.ProblemSolving.Problem", "analytics_report_problem_solving_problem",
     Kind::text, "the problem"},
    {"AnalyticsReport.ProblemSolving.Solution", "analytics_report_problem_solving_solution",
     Kind::text, "its solution"},
    {"AnalyticsReport.Emotion.TaskId", "analytics_report_emotion_task_id", Kind::text,
     "id of the emotion analysis"},
    {"AnalyticsReport.Emotion.Success", "analytics_report_emotion_success", Kind::boolean,
     "1 if that analysis succeeded"},
    {"AnalyticsReport.Emotion.Type", "analytics_report_emotion_type", Kind::text, "the emotion"},
    {"AnalyticsReport.Emotion.Confidence", "analytics_report_emotion_confidence", Kind::real,
     "how sure the analysis is"},
    {"AnalyticsReport.Emotion.Remark", "analytics_report_emotion_remark", Kind::text, "a remark"},
    {"AnalyticsReport.Satisfaction.TaskId", "analytics_report_satisfaction_task_id", Kind::text,
     "id of the satisfaction analysis"},
    {"AnalyticsReport.Satisfaction.Success", "analytics_report_satisfaction_success", Kind::boolean,
     "1 if that analysis succeeded"},
    {"AnalyticsReport.Satisfaction.SatisfactionDescription",
     "analytics_report_satisfaction_satisfaction_description", Kind::text,
     "the satisfaction found in the conversation"},
    {"AnalyticsReport.Satisfaction.Remark", "analytics_report_satisfaction_remark", Kind::text,
     "a remark"},
    {"AnalyticsReport.TodoList.TaskId", "analytics_report_todo_list_task_id", Kind::text,
     "id of the analysis of things to do"},
    {"AnalyticsReport.TodoList.Success", "analytics_report_todo_list_success", Kind::boolean,
     "1 if that analysis succeeded"},
    {"AnalyticsReport.TodoList.Tasks", "analytics_report_todo_list_tasks", Kind::wrapped_texts,
     "JSON list: things to do"},
    // Fields that are only in lists.
    {"IvrTime", "ivr_time", Kind::integer,
     "from entering the IVR to entering a queue or to the hang-up, s"},
    {"QueueTime", "queue_time", Kind::integer,
     "from entering a queue until an agent's phone rings, or the call is abandoned, times out or "
     "overflows, s"},
    {"RingTime", "ring_time", Kind::integer,
     "from the ringing of an agent's phone to the answer or hang-up, s: a duration"},
    {"WaitTime", "wait_time", Kind::integer,
     "queue and ringing together, s; 0 when abandoned while waiting"},
    {"DialingTime", "dialing_time", Kind::integer, "time spent dialing, s"},
    {"TalkTime", "talk_time", Kind::integer, "length of the conversation, s"},
    {"HeldTime", "held_time", Kind::integer, "time on hold, s"},
    {"RecordingDuration", "recording_duration", Kind::integer, "length of the recording, s"},
    {"Broker", "broker", Kind::text, "the number shown instead of a party's own"},
    {"AdditionalBroker", "additional_broker", Kind::text, "a second such number"},
    {"SatisfactionIndex", "satisfaction_index", Kind::integer, "the lists' name for satisfaction"},
    {"SatisfactionDescription|SatisfactionDesc", "satisfaction_description", Kind::text,
     "what that result means"},
    {"CallIds", "call_ids", Kind::text, "ids of the call's legs"},
    {"TransferCount", "transfer_count", Kind::integer, "how many times it was transferred"},
    {"MediaType", "media_type", Kind::text, "AUDIO, CHAT or VIDEO"},
    {"EarlyMediaText", "early_media_text", Kind::text, "what the early media said"},
    {"FirstResponseTime", "first_response_time", Kind::integer,
     "chat: time to the first response; the vendor does not give its unit"},
    {"MessagesSent", "messages_sent", Kind::integer, "chat: number of messages"},
    {"MessagesSentByAgent", "messages_sent_by_agent", Kind::integer,
     "chat: number of those from the agent"},
    {"MessagesSentByCustomer", "messages_sent_by_customer", Kind::integer,
     "chat: number of those from the customer"},
    {"AccessChannelType", "access_channel_type", Kind::text, "the channel's type"},
    {"AccessChannelName", "access_channel_name", Kind::text, "the channel's name"},
    {"AccessChannelUserId", "access_channel_user_id", Kind::text,
     "the customer's id on the channel"},
    {"AccessChannelUserName", "access_channel_user_name", Kind::text,
     "the customer's name on the channel"},
    {"ClientAppName", "client_app_name", Kind::text, "the customer's application"},
    {"ClientIpAddress", "client_ip_address", Kind::text, "the customer's address"},
    {"ClientLocation", "client_location", Kind::text, "the customer's place"},
    {"ClientUserAgent", "client_user_agent", Kind::text, "the customer's user agent"},
    {"OffSiteAgentIds", "off_site_agent_ids", Kind::text, "agents who work off-site"},
    {"OffsiteAgentDestinationNumbers", "offsite_agent_destination_numbers", Kind::text,
     "numbers at which they were called"},
    {"OffsiteAgentOriginatorNumbers", "offsite_agent_originator_numbers", Kind::text,
     "numbers from which they were called"},
    // Fields that are only in the oldest lists.
    {"Agents", "agents", Kind::wrapped_list, "JSON list: what the agents did, with figures in s"},
    {"Recordings", "recordings", Kind::wrapped_list, "JSON list: the recordings"},
    {"Feedback", "feedback", Kind::text, "the customer's remark on the survey"},
    {"ExtraAttr", "extra_attr", Kind::text, "further attributes"},
    {"", "resource", Kind::resource, "call (with events) or call_summary (from a list)"},
};

constexpr Field state_fields[] = {
    {"AgentId|RamId", "agent_id", Kind::context,
     "the agent; the log does not name it, so it otherwise comes from AgentId=… in the file's "
     "path"},
    {"StartTime|StateTime", "start_time", Kind::epoch_ms, "when the state began (UTC)"},
    {"State", "state", Kind::text, "Ready, Dialing, Ringing, Talking, ACW, Break, Offline"},
    {"StateCode", "state_code", Kind::text,
     "the state in more detail: CHECK_IN_BREAK, Monitoring …"},
    {"Duration", "duration", Kind::integer,
     "how long it lasted: s where the vendor writes a number, ms where it writes text"},
    {"BreakCode", "break_code", Kind::text, "the kind of break"},
    {"WorkMode", "work_mode", Kind::text, "ON_SITE, OFF_SITE or OFFICE_PHONE"},
    {"OutboundScenario", "outbound_scenario", Kind::boolean,
     "1 if the agent only makes outbound calls"},
    {"ContactId", "contact_id", Kind::text, "the call, in the oldest logs"},
    {"InstanceId", "instance_id", Kind::text, "the contact centre, in the oldest logs"},
};

constexpr Origin call_origins[] = {{"call"}, {"call_summary"}};
constexpr Origin state_origins[] = {{"agent_state"}};

constexpr VendorTable tables[] = {
    {"alibaba_call", "one row per call detail record (a call fetched by Get and by a list has two)",
     call_origins, call_fields},
    {"alibaba_agent_state", "one row per entry of an agent's state log", state_origins,
     state_fields},
};

constexpr std::string_view envelope_keys[] = {
    "Data", "List", "CallDetailRecords", "CallDetailRecord", "AgentStateLogPage", "AgentStateLog",
};

// Keys inside the events and the oldest lists' agents.
constexpr std::string_view inner_keys[] = {
    "EventSequence",  "Event",     "EventTime", "AgentId",  "AgentName",  "SkillGroupId", "QueueId",
    "QueueName",      "QueueType", "FlowId",    "FlowType", "CustomerId", "MediaType",    "CallId",
    "SkillGroupName", "QueueTime", "RingTime",  "TalkTime", "StartTime",  "HoldTime",     "Solved",
    "Task",           "Tasks",     "Remark",    "WorkTime",
};
constexpr std::string_view free_objects[] = {"ExtraAttr"};

}  // namespace

const Vendor alibaba = {
    .name = "alibaba",
    .title = "Alibaba Cloud Call Center",
    .doc = "call detail records with event sequences, and agents' state logs",
    .resources = resources,
    .tables = tables,
    .envelope_keys = envelope_keys,
    .inner_keys = inner_keys,
    .free_objects = free_objects,
    .unregistered_tables = {},
    .map = alibaba_api::map,
    .mapping = alibaba_api::document_mapping,
};

}  // namespace cdr
