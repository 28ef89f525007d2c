// mluvii: sessions, routing timelines, operator states and webhooks of its public API.
//
// This file declares the records, how they are recognised, and the vendor's tables. The names are
// those of the vendor's public models (SessionModel, RoutingTimeLine, OperatorStateModel,
// WebhookPayload) as JSON spells them. mluvii/session.cpp reads a session, and mluvii/mapping.cpp
// maps it into the model.
//
// A webhook is a record of its own, not an envelope to be opened: its `eventType` is part of its
// content, and its payload must never be taken for the whole session with that id.
#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"
#include "vendors/mluvii/mapping.hpp"
#include "vendors/mluvii/session.hpp"
#include "vendors/vendor.hpp"

namespace cdr {
namespace {

using namespace mluvii_api;

// --- Recognition -------------------------------------------------------------------------------

// Keys that only a SessionModel has, among the records of all vendors and the other models of this
// one. Users, campaigns and e-mail threads also have an id, a company, operators and activities,
// and campaigns and their calls also have a start.
constexpr std::string_view session_id_keys[] = {"id"};
constexpr std::string_view session_keys[] = {"channel",
                                             "guest",
                                             "guestJoined",
                                             "guestLeftSession",
                                             "length",
                                             "waited",
                                             "routingHistory",
                                             "chatbots",
                                             "avSupport",
                                             "directCallNumber",
                                             "phoneCallbackNumber",
                                             "phoneCallbackDialed",
                                             "isDirectChat",
                                             "enteredQueue",
                                             "autoAccepted",
                                             "outboundDialResult",
                                             "recordingsState",
                                             "guestFeedbackStars"};
// Other systems' objects have some of the keys above too. Together with one of these keys, they are
// a session's.
constexpr std::string_view session_context_keys[] = {
    "operators",           "companyId",          "departmentId",     "created",
    "guestJoined",         "guestLeftSession",   "waited",           "length",
    "routingHistory",      "avSupport",          "directCallNumber", "isDirectChat",
    "phoneCallbackNumber", "outboundDialResult", "autoAccepted",     "enteredQueue",
    "recordingsState"};
constexpr std::string_view not_session_keys[] = {"sessionId",    "routingRequestId", "stateKind",
                                                 "eventType",    "clientEmails",     "inboxAddress",
                                                 "messageCount", "subject",          "username",
                                                 "globalRoles",  "departmentRoles",  "name"};
constexpr std::string_view routing_history_keys[] = {"sessionId", "routingHistory"};
constexpr std::string_view routing_keys[] = {"routingRequestId", "activityType"};
constexpr std::string_view operator_state_keys[] = {"userId", "stateKind"};
constexpr std::string_view webhook_keys[] = {"eventType", "data"};
constexpr std::string_view envelope_keys[] = {"data"};
constexpr std::string_view inner_keys[] = {"state"};
constexpr std::string_view free_objects[] = {"callParams",       "guestFeedbackCustomFields",
                                             "submissionParams", "chatbotMessageContent",
                                             "heroCard",         "callScript"};

std::optional<Instant> instant_at(const Record& record, Node node) {
  return instant_of(node, TimeForm::zoned, *record.zone);
}

// The latest of the named members' instants, in each element of a list or in an object.
std::optional<Instant> latest_of(const Record& record, Node node,
                                 std::initializer_list<std::string_view> keys) {
  std::optional<Instant> latest;
  if (node.is_array()) {
    for (const Node element : node.children())
      latest = std::max(latest, latest_of(record, element, keys));
    return latest;
  }
  for (const std::string_view key : keys) latest = std::max(latest, instant_at(record, node[key]));
  return latest;
}

std::string_view session_of_routing(const Record& record) {
  const std::string_view own = id_of(record.root["sessionId"]);
  return own.empty() ? record.context : own;
}

// For a copy of the API's answer under the API's path: '.../Sessions/123/routingHistory.json' →
// '123'.
std::string_view session_of_path(std::string_view path) {
  const auto take_last = [&path] {
    const std::size_t slash = path.rfind('/');
    const std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    return last;
  };
  std::string_view file = take_last();
  file = file.substr(0, file.find('.'));
  const std::string_view id = take_last();
  const bool mirrors =
      equal_ignoring_case(file, "routingHistory") && equal_ignoring_case(take_last(), "Sessions");
  return mirrors ? id : std::string_view();
}

void session_id(const Record& record, std::string& id) {
  id += id_of(record.root["id"]);
}
void session_links(const Record& record, Links& links) {
  links.add_whole(id_of(record.root["id"]), "session:");
}
std::optional<Instant> session_latest(const Record& record) {
  const Node root = record.root;
  return std::max({
      latest_of(record, root,
                {"created", "guestJoined", "started", "ended", "phoneCallbackDialed"}),
      latest_of(record, root["operators"], {"joined", "left", "concluded"}),
      latest_of(record, root["chatbots"], {"joined", "left"}),
      latest_of(record, root["activities"], {"time"}),
      latest_of(record, root["recordings"], {"started"}),
      latest_of(record, root["routingHistory"], {"timestamp"}),
  });
}

void routing_history_id(const Record& record, std::string& id) {
  id += session_of_routing(record);
}
void routing_links(const Record& record, Links& links) {
  links.add_whole(session_of_routing(record), "session:");
}
std::optional<Instant> routing_history_latest(const Record& record) {
  return latest_of(record, record.root["routingHistory"], {"timestamp"});
}

// An entry has no id of its own. Its id says what happened, when, in which request, and to whom.
void routing_id(const Record& record, std::string& id) {
  const std::string_view session = session_of_routing(record);
  if (session.empty()) return;
  const Step step = step_of(record.root, *record.zone);
  id += session;
  for (const std::string_view part :
       {content_of(record.root["timestamp"]), step.request_id, step.word, step.group_id,
        step.operator_.user_id, step.phone_number}) {
    id += '|';
    id += part;
  }
}
std::optional<Instant> routing_latest(const Record& record) {
  return instant_at(record, record.root["timestamp"]);
}

// A user may have several states of one instant.
void operator_state_id(const Record& record, std::string& id) {
  const std::string_view user = scalar_of(record.root["userId"]);
  const std::string_view changed = text_of(record.root["changed"]);
  if (user.empty() || changed.empty()) return;
  id += user;
  id += '|';
  id += changed;
  for (const char* const key : {"stateKind", "breakStateName"})
    if (const std::string_view word = word_of(record.root[key]); !word.empty())
      id.append(1, '|').append(word);
}
void operator_state_links(const Record& record, Links& links) {
  links.add_whole(id_of(record.root["userId"]), "user:");
}
std::optional<Instant> operator_state_latest(const Record& record) {
  return instant_at(record, record.root["changed"]);
}

// A webhook has no id, and neither has its delivery: the same text twice is the same webhook. One
// that does not name its session or user has no place in the model, and is reported like a record
// without an id.
void webhook_id(const Record& record, std::string& id) {
  if (is_about_session(record) && session_of_webhook(record).empty()) return;
  if (const auto change = state_change_of(record); change && change->user_id.empty()) return;
  id += text_of(record.root["eventType"]);
  id += '|';
  id += content_of(payload_of(record));
}
void webhook_links(const Record& record, Links& links) {
  links.add_whole(session_of_webhook(record), "session:");
  if (const auto change = state_change_of(record)) links.add_whole(change->user_id, "user:");
}
std::optional<Instant> webhook_latest(const Record& record) {
  return latest_of(record, payload_of(record), {"time", "started", "ended", "changed"});
}

// For state_duration(doc, state, routing). `routing` is the bare list that the API answers, or an
// object that contains it.
std::string attach_routing(Node session, std::string_view routing) {
  Document document;
  if (const auto problem = document.parse_copy(routing))
    throw Error("mluvii: the routing history is not JSON: " + problem->message,
                ErrorCode::mismatch);
  const Node root = document.root();
  const Node list = root.is_array() ? root : root["routingHistory"];
  if (!list.is_array())
    throw Error(
        "mluvii: expected the routing history as a JSON list, or as an object with "
        "\"routingHistory\"; found neither",
        ErrorCode::mismatch);
  JsonObject record;
  record.add("sessionId", text_of(session["id"]));
  record.add_json("routingHistory", list.raw());
  return record.text();
}

constexpr Resource resources[] = {
    {.name = session_resource,
     .doc = "SessionModel: an answer of GET /Sessions (a bare array) or GET /Sessions/{id}",
     .all_of = session_id_keys,
     .any_of = session_keys,
     .also_any_of = session_context_keys,
     .none_of = not_session_keys,
     .decisive_key = "companyId",
     .record_id = session_id,
     .id_key = "id",
     .links = session_links,
     .latest = session_latest},
    {.name = routing_history_resource,
     .doc =
         "a session's routing timeline as one document: {\"sessionId\", \"routingHistory\": [...]}",
     .all_of = routing_history_keys,
     .decisive_key = "routingHistory",
     .record_id = routing_history_id,
     .links = routing_links,
     .latest = routing_history_latest},
    {.name = routing_resource,
     .doc = "RoutingTimeLine: one entry of the bare array that GET /Sessions/{id}/routingHistory "
            "answers; the session's id is in the path",
     .all_of = routing_keys,
     .decisive_key = "routingRequestId",
     .record_id = routing_id,
     .links = routing_links,
     .latest = routing_latest,
     .context_of_path = session_of_path},
    {.name = operator_state_resource,
     .doc = "OperatorStateModel: a change of a user's state",
     .all_of = operator_state_keys,
     .decisive_key = "stateKind",
     .record_id = operator_state_id,
     .links = operator_state_links,
     .latest = operator_state_latest},
    {.name = webhook_resource,
     .doc =
         "WebhookPayload: {\"eventType\", \"data\"}, which the vendor posts when something happens",
     .all_of = webhook_keys,
     .decisive_key = "eventType",
     .record_id = webhook_id,
     .links = webhook_links,
     .latest = webhook_latest},
};

// --- Tables ------------------------------------------------------------------------------------

constexpr Origin session_origins[] = {{session_resource}, {webhook_resource, "data"}};
constexpr Field session_fields[] = {
    {"id|sessionId", "id", Kind::text, "the session's id"},
    {"companyId", "company_id", Kind::text, "the company"},
    {"departmentId|tenantId", "department_id", Kind::text,
     "the department (tenant; a webhook calls it tenantId)"},
    {"channel", "channel", Kind::text, "Chat, AV, Phone: the channel when it was created"},
    {"source", "source", Kind::text,
     "what created it: Default, Callback, Invitation, ChatInvitation, IncomingCall, OutgoingCall, "
     "Campaign, API, Facebook, WhatsApp, …"},
    {"status", "status", Kind::text,
     "CREATED, IN_QUEUE, WAITING, BCW, ACTIVE, ACW, CLOSED, BLACKLISTED"},
    {"avSupport", "av_support", Kind::text,
     "the guest's audio and video capabilities: WEB_RTC, FLASH_ONLY, NONE"},
    {"directCallNumber", "direct_call_number", Kind::text,
     "the number that the client entered to create the session, such as an invitation's"},
    {"phoneCallbackNumber", "phone_callback_number", Kind::text,
     "the client's number, entered by an operator, by a campaign or for a callback"},
    {"isDirectChat", "is_direct_chat", Kind::boolean,
     "1 if an operator created it and offered it to a visitor"},
    {"url", "url", Kind::text, "entry URL"},
    {"widget", "widget", Kind::text, "name of the entry widget"},
    {"created", "created", Kind::zoned, "when it was created (UTC)"},
    {"guestJoined", "guest_joined", Kind::zoned, "when the client was connected (UTC)"},
    {"started", "started", Kind::zoned, "when the first operator accepted or created it (UTC)"},
    {"ended", "ended", Kind::zoned, "when the last operator left direct communication (UTC)"},
    {"enteredQueue", "entered_queue", Kind::zoned, "obsolete, the same as created (UTC)"},
    {"waited", "waited", Kind::duration,
     "how long the client waited for an operator: ISO 8601 duration as the vendor writes it "
     "(cdr_duration reads it)"},
    {"length", "length", Kind::duration,
     "length of direct two-way communication: ISO 8601 duration as the vendor writes it"},
    {"blacklisted", "blacklisted", Kind::boolean, "1 if the guest was blacklisted"},
    {"phoneCallbackDialed", "phone_callback_dialed", Kind::zoned,
     "when an operator dialled the callback number (UTC)"},
    {"autoAccepted", "auto_accepted", Kind::boolean, "1 if it was accepted automatically"},
    {"campaignId", "campaign_id", Kind::text, "the campaign"},
    {"guestLeftSession", "guest_left_session", Kind::text,
     "LeftQueue, LeftSession, LeftAfterSession, StillConnected, LeftBeforeQueue"},
    {"outboundDialResult", "outbound_dial_result", Kind::text,
     "DIALING, ANSWERED, RINGING, FAILED, NO_ANSWER, BLACKLISTED, REJECTED, INVALID_NUMBER, "
     "UNREACHABLE, CANCELLED_BY_USER"},
    {"guestFeedbackStars", "guest_feedback_stars", Kind::integer, "the client's rating"},
    {"guestFeedbackScale", "guest_feedback_scale", Kind::text, "its scale: Likert, NPS"},
    {"guestFeedbackText", "guest_feedback_text", Kind::text, "the client's comment"},
    {"recordingsState", "recordings_state", Kind::text, "Processed, FailedToProcess, Processing"},
    {"guest.tempId", "guest_temp_id", Kind::text, "the guest's id within this session"},
    {"guest.ipAddress", "guest_ip_address", Kind::text, "the guest's IP address"},
    {"guest.identity", "guest_identity", Kind::text, "key of the guest's identity, as text"},
    {"guest.os", "guest_os", Kind::text, "the guest's operating system"},
    {"guest.browser", "guest_browser", Kind::text, "the guest's browser"},
    {"guest.language", "guest_language", Kind::text, "the guest's language"},
    {"guest.callParams", "guest_call_params", Kind::object,
     "JSON object: attributes of the session, the system's and the company's own"},
    {"guest.trackedId", "guest_tracked_id", Kind::text, "id of a returning guest's browser"},
    {"guest.channelIdentity", "guest_channel_identity", Kind::text,
     "relation between the guest's browser and the identity"},
    {"guest.gdprVersion", "guest_gdpr_version", Kind::text,
     "version of the privacy terms that the guest agreed to"},
    {"operators", "operators", Kind::elements, "JSON list; rows of mluvii_operator"},
    {"reviewers", "reviewers", Kind::elements,
     "JSON list: userId, userName, firstName, lastName, note"},
    {"chatbots", "chatbots", Kind::elements, "JSON list: chatbotId, name, joined, left"},
    {"tags", "tags", Kind::elements, "JSON list: userId, name"},
    {"recordings", "recordings", Kind::elements,
     "JSON list: id, name, started, duration, type, userId, downloadUrl, isUploading, isDeleted; "
     "null if there are none"},
    {"activities", "activities", Kind::elements, "JSON list; rows of mluvii_activity"},
    {"routingHistory", "routing_history", Kind::elements, "JSON list; rows of mluvii_routing"},
    {"guestFeedbackCustomFields", "guest_feedback_custom_fields", Kind::object,
     "obsolete: JSON object of the feedback form's own fields"},
    {"/eventType", "event_type", Kind::text,
     "NULL for a session; for a webhook its event: the row then holds the values of its payload"},
    {"time", "event_time", Kind::zoned, "when the webhook's event happened (UTC), if it says so"},
    {"userId", "event_user_id", Kind::text, "the user of the webhook's event, if it names one"},
};

constexpr Origin operator_origins[] = {{session_resource, "operators"}};
constexpr Field operator_fields[] = {
    {"/id", "session_id", Kind::text, "the session"},
    {"userId", "user_id", Kind::text, "the operator"},
    {"userName", "user_name", Kind::text, "user name"},
    {"firstName", "first_name", Kind::text, "first name"},
    {"lastName", "last_name", Kind::text, "last name"},
    {"joined", "joined", Kind::zoned, "when the operator joined (UTC)"},
    {"left", "left", Kind::zoned, "when the operator left direct communication (UTC)"},
    {"concluded", "concluded", Kind::zoned, "when the operator closed after-call work (UTC)"},
    {"note", "note", Kind::text, "the operator's note"},
    {"feedbackResult", "feedback_result", Kind::text, "obsolete"},
    {"feedbackText", "feedback_text", Kind::text, "obsolete, the same as note"},
};

constexpr Origin routing_origins[] = {{session_resource, "routingHistory"},
                                      {routing_history_resource, "routingHistory"},
                                      {routing_resource}};
constexpr Field routing_fields[] = {
    {"/sessionId|/id", "session_id", Kind::context,
     "the session; for a timeline without an id, the id in the path of its file"},
    {"routingRequestId", "routing_request_id", Kind::text, "the routing request"},
    {"timestamp", "timestamp", Kind::zoned, "when it happened (UTC)"},
    {"activityType", "activity_type", Kind::text,
     "RoutingRequestCreated, EnteredGroupQueue, GroupQueueTimeoutExpired, LeftGroupQueue, "
     "AssignedToOperator, OperatorTimeoutExpired, AcceptedByOperator, ForwardedToGroup, "
     "ForwardedToUser, ForwardedToPhone, RoutingEnded, InvitedGroup, InvitedUser"},
    {"group.id", "group_id", Kind::text, "the group"},
    {"group.name", "group_name", Kind::text, "the group's name"},
    {"phoneNumber", "phone_number", Kind::text, "the number it was forwarded to"},
    {"operator.userId", "operator_user_id", Kind::text, "the operator"},
    {"operator.firstName", "operator_first_name", Kind::text, "first name"},
    {"operator.lastName", "operator_last_name", Kind::text, "last name"},
    {"forwardedByOperator.userId", "forwarded_by_operator_user_id", Kind::text, "who forwarded it"},
    {"forwardedByOperator.firstName", "forwarded_by_operator_first_name", Kind::text, "first name"},
    {"forwardedByOperator.lastName", "forwarded_by_operator_last_name", Kind::text, "last name"},
    {"invitedByOperator.userId", "invited_by_operator_user_id", Kind::text,
     "who invited the group or user"},
    {"invitedByOperator.firstName", "invited_by_operator_first_name", Kind::text, "first name"},
    {"invitedByOperator.lastName", "invited_by_operator_last_name", Kind::text, "last name"},
};

constexpr Origin activity_origins[] = {{session_resource, "activities"}};
constexpr Field activity_fields[] = {
    {"/id", "session_id", Kind::text, "the session"},
    {"activityId", "activity_id", Kind::text, "the activity"},
    {"time", "time", Kind::zoned, "when it happened (UTC)"},
    {"type", "type", Kind::text,
     "ChatMessage, SharedFile, OnHold, ResumeGuest, SessionForwarded, SessionEnded, …"},
    {"client", "client", Kind::text, "who did it: User, Guest, Chatbot"},
    {"userId", "user_id", Kind::text, "the operator who did it"},
    {"text", "text", Kind::text, "its text"},
    {"file", "file", Kind::object, "JSON object: the file"},
    {"file.name", "file_name", Kind::text, "the file's name"},
    {"file.downloadUrl", "file_download_url", Kind::text,
     "where to download the file, with the API's authorisation"},
    {"file.operatorOwner", "file_operator_owner", Kind::text, "the operator who owns the file"},
    {"file.departmentOwner", "file_department_owner", Kind::text,
     "the department that owns the file"},
    {"toOperatorUserId", "to_operator_user_id", Kind::text, "forwarded to this operator"},
    {"toGroupId", "to_group_id", Kind::text, "forwarded to this group"},
    {"toPhoneNumber", "to_phone_number", Kind::text, "forwarded to this number"},
    {"terminationReason", "termination_reason", Kind::text,
     "why the session ended: GuestLeft, OperatorLeft, ChatbotLeft, GuestAbandoned, "
     "OperatorAbandoned, ExternalPartyLeft, CampaignFailedDial, …"},
    {"toOperatorFullName", "to_operator_full_name", Kind::text, "that operator's name"},
    {"toGroupName", "to_group_name", Kind::text, "that group's name"},
    {"note", "note", Kind::text, "note on forwarding"},
    {"chatbotId", "chatbot_id", Kind::text, "the chatbot that did it"},
    {"chatbotMessageContent", "chatbot_message_content", Kind::json, "JSON: a chatbot's message"},
    {"response", "response", Kind::text,
     "response to a request for audio or video: Accepted, RejectedUser, …"},
    {"result", "result", Kind::text,
     "result of opening the guest's devices: Success, NoDevices, UserDenied, …"},
    {"streamAvailable", "stream_available", Kind::boolean, "1 if the stream is available"},
    {"originalFormId|callScriptId|heroCardId", "original_form_id", Kind::text,
     "the form (formerly call script or hero card)"},
    {"heroCard", "hero_card", Kind::list, "JSON list: fields of the card"},
    {"callScript", "call_script", Kind::list, "JSON list: fields of the call script"},
    {"submissionOfActivityId", "submission_of_activity_id", Kind::text,
     "the card's activity that this submits"},
    {"submissionByOperatorId", "submission_by_operator_id", Kind::text,
     "the operator who submitted it"},
    {"submissionResult", "submission_result", Kind::text, "result of the submission"},
    {"submissionParams", "submission_params", Kind::object, "JSON object: what was submitted"},
    {"submissionIdentification", "submission_identification", Kind::text,
     "the guest's proven identity"},
    {"chatbotHeroCardSubmissionKey", "chatbot_hero_card_submission_key", Kind::text,
     "key of an answer to a chatbot"},
    {"chatbotHeroCardSubmissionValue", "chatbot_hero_card_submission_value", Kind::text,
     "its value"},
};

constexpr Origin operator_state_origins[] = {{operator_state_resource}};
constexpr Field operator_state_fields[] = {
    {"userId", "user_id", Kind::text, "the operator"},
    {"stateKind", "state_kind", Kind::text,
     "OFFLINE, DISCONNECTED, ONLINE, AWAY, BREAK, BEFORE_CALL, ON_CALL, AFTER_CALL"},
    {"breakStateName", "break_state_name", Kind::text, "the kind of break"},
    {"isBreakStatePaid", "is_break_state_paid", Kind::boolean, "1 if the break is paid"},
    {"changed", "changed", Kind::zoned, "when the state began (UTC)"},
    {"breakStateId", "break_state_id", Kind::text, "id of the kind of break"},
    {"note", "note", Kind::text, "note"},
    {"forced", "forced", Kind::boolean, "1 if someone else set the state"},
};

constexpr Origin recording_origins[] = {{session_resource, "recordings"}};
constexpr Field recording_fields[] = {
    {"/id", "session_id", Kind::text, "the session"},
    {"id", "id", Kind::text, "the recording"},
    {"name", "name", Kind::text, "its name"},
    {"started", "started", Kind::zoned, "when it began (UTC)"},
    {"duration", "duration", Kind::duration,
     "its length: ISO 8601 duration as the vendor writes it (cdr_duration reads it)"},
    {"type", "type", Kind::text, "its kind, in the vendor's words"},
    {"userId", "user_id", Kind::text, "the operator whose recording it is"},
    {"downloadUrl", "download_url", Kind::text,
     "where to download the file, with the API's authorisation"},
    {"isUploading", "is_uploading", Kind::boolean, "1 while the file is not complete"},
    {"serviceId", "service_id", Kind::text, "the service that made it"},
    {"isDeleted", "is_deleted", Kind::boolean, "1 if the file was deleted"},
};

constexpr VendorTable tables[] = {
    {"mluvii_session", "one row per session, and per webhook about one (event_type)",
     session_origins, session_fields},
    {"mluvii_operator", "one row per stay of an operator in a session", operator_origins,
     operator_fields},
    {"mluvii_routing", "one row per entry of a session's routing timeline", routing_origins,
     routing_fields},
    {"mluvii_activity", "one row per activity of a session", activity_origins, activity_fields},
    {"mluvii_recording", "one row per recording of a session", recording_origins, recording_fields},
    {"mluvii_operator_state", "one row per change of an operator's state", operator_state_origins,
     operator_state_fields},
};

}  // namespace

extern const Vendor mluvii;
const Vendor mluvii = {
    .name = "mluvii",
    .title = "mluvii",
    .doc = "sessions, routing timelines and operator states of the mluvii public API",
    .resources = resources,
    .tables = tables,
    .envelope_keys = envelope_keys,
    .inner_keys = inner_keys,
    .free_objects = free_objects,
    .rings_from_creation = true,
    .attach_routing = attach_routing,
    .map = map_records,
    .mapping = document_mapping,
};

}  // namespace cdr
