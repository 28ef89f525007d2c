// The model: the tables that every vendor maps into. Column order is a contract (ARCHITECTURE.md,
// decision 2); it is the same in virtual and stored tables.
#pragma once

#include <array>

#include "model/state.hpp"
#include "model/table.hpp"

namespace cdr {

namespace model {

inline constexpr Column vendor{"vendor", "TEXT",
                               "the vendor's name, as in cdr_mapping: conpeek, mluvii and so on"};
inline constexpr Column source{"source", "TEXT",
                               "tenant label given when reading; the vendor's name by default"};
inline constexpr Column interaction_id{"interaction_id", "TEXT",
                                       "the interaction that the row belongs to"};
inline constexpr Column dialog_id{"dialog_id", "TEXT",
                                  "the dialog (one party's side) that the row belongs to"};
inline constexpr Column seq{
    "seq", "INTEGER", "position by time within the interaction's events of this kind, from 1"};
inline constexpr Column event_time{"event_time", "TIMESTAMP", "when it happened (UTC)"};
inline constexpr Column interaction_key{
    "interaction_key", "INTEGER",
    "the warehouse's own number for the interaction, by which its tables join. NULL where JSON is "
    "read directly"};
inline constexpr Column basis{
    "basis", "TEXT",
    "reported (the vendor's own figure), measured (from its events) or derived (our reading)"};

constexpr Column seconds_in(State state) {
  return {name_of(state).column, "DOUBLE", name_of(state).doc};
}

inline constexpr Column interaction[] = {
    vendor,
    source,
    interaction_id,
    {"channel", "TEXT", "voice, video or chat; another medium keeps the vendor's own word"},
    {"direction", "TEXT", "INBOUND, OUTBOUND or INTERNAL; NULL where the vendor does not say"},
    {"start_time", "TIMESTAMP", "when the interaction began (UTC)"},
    {"queue_time", "TIMESTAMP",
     "when it first entered a queue (UTC); NULL where it entered none or the vendor does not say "
     "when"},
    {"answer_time", "TIMESTAMP",
     "when customer and agent were first in conversation (UTC); NULL where they were not"},
    {"end_time", "TIMESTAMP", "when the interaction ended (UTC); NULL while it lasts"},
    {"customer_number", "TEXT", "the customer's number or address; may be masked by the vendor"},
    {"company_number", "TEXT", "the number or address on the company's side"},
    {"first_queue_id", "TEXT",
     "the queue (skill group, campaign) that it entered first; where the vendor reports no entry, "
     "the queue that it names for the interaction"},
    {"first_queue_name", "TEXT", "its name"},
    {"last_queue_id", "TEXT", "the queue that it entered last, found in the same way"},
    {"last_queue_name", "TEXT", "its name"},
    {"first_agent_id", "TEXT",
     "the first agent in conversation; without one, the first agent offered"},
    {"first_agent_name", "TEXT", "that agent's name"},
    {"last_agent_id", "TEXT",
     "the last agent in conversation; without one, the last agent offered"},
    {"last_agent_name", "TEXT", "that agent's name"},
    {"agent_count", "INTEGER", "distinct agents involved, answered or not"},
    {"dialog_count", "INTEGER", "dialogs (sides) of the interaction"},
    {"transfer_count", "INTEGER",
     "how many times it was handed on after an agent had it, as far as the vendor shows this"},
    {"outcome", "TEXT",
     "how it ended. ANSWERED: customer and agent were in conversation, or still are (also where "
     "the vendor cannot tell a machine from a person). ABANDONED_IN_IVR, ABANDONED_IN_QUEUE, "
     "ABANDONED_IN_RING: the caller left; QUEUE_TIMEOUT, QUEUE_OVERFLOW, QUEUE_FAILED: the queue "
     "gave up; VOICEMAIL: a message was left; MACHINE: a machine answered an outbound call; "
     "SELF_SERVICE: a bot or menu served the customer until the end; UNREACHABLE: the number is "
     "not in use, off or out of reach; FORWARDED, NO_ANSWER, REJECTED, BUSY, FAILED; OTHER: none "
     "of these, or the vendor does not say which. NULL while it lasts without an answer, or where "
     "the record shows nothing"},
    {"released_by", "TEXT", "who ended it, in the vendor's own word; NULL where it does not say"},
    {"released_side", "TEXT",
     "the same in a common vocabulary: CUSTOMER, AGENT or SYSTEM; NULL where the vendor does not "
     "say"},
    {"end_cause", "TEXT", "the vendor's own cause of the end"},
    {"hangup_cause", "TEXT",
     "the vendor's hang-up cause as text; its Q.850 name where the vendor gives one"},
    {"q850_cause", "INTEGER", "Q.850 cause code"},
    {"sip_code", "INTEGER", "SIP status code"},
    seconds_in(State::created),
    seconds_in(State::ivr),
    seconds_in(State::in_queue),
    seconds_in(State::waiting),
    seconds_in(State::ring),
    seconds_in(State::bcw),
    seconds_in(State::active),
    seconds_in(State::hold),
    seconds_in(State::acw),
    {"handle_seconds", "DOUBLE",
     "seconds of active + hold + after-call work; the last two count as 0 where they are "
     "unknown. NULL without active_seconds"},
    {"satisfaction", "DOUBLE",
     "the customer's rating on the vendor's own scale; do not compare it between vendors"},
    {"recording_count", "INTEGER",
     "recordings of the interaction; NULL where the vendor does not list them"},
    {"mapping", "TEXT",
     "JSON: how figures of this row were computed where that differs from the vendor's rule, and "
     "contradictions in its records"},
    {"last_import", "INTEGER",
     "the import (import_file.import_id) that last changed the interaction or any of its rows: "
     "it shows what to read again. NULL where JSON is read directly"},
    interaction_key,
};

inline constexpr Column dialog[] = {
    vendor,
    source,
    interaction_id,
    {"dialog_id", "TEXT", "the dialog's own id: one party's side of the interaction"},
    // The 48 fields of Conpeek's CDR Dialog, in its order.
    {"dialog_uuid", "TEXT", "the dialog's identifier"},
    {"dialog_type", "TEXT",
     "CONSULTANT, TENANT_USER, EXTERNAL, BOT, SCREENSHARE_DIALOG, SYSTEM, UNBOUND_DIALOG"},
    {"business_direction", "TEXT", "OUTBOUND or INBOUND"},
    {"business_end_cause", "TEXT", "why this side ended"},
    {"from_display_target", "TEXT", "the number called from"},
    {"to_display_target", "TEXT", "the number called"},
    {"start_time", "TIMESTAMP", "when the dialog was created (UTC)"},
    {"hangup_time", "TIMESTAMP", "when the dialog ended (UTC); NULL while it lasts"},
    {"serve_time", "TIMESTAMP", "when the conversation began (UTC); NULL where there was none"},
    {"talking_time", "INTEGER",
     "length of the conversation, ms; 0: the vendor says that there was none; NULL: it does not "
     "say"},
    {"alert_time", "TIMESTAMP",
     "when alerting began (UTC); NULL where nothing rang, or the vendor does not say when"},
    {"answer_time", "TIMESTAMP",
     "technical answer, which may be automatic (UTC); NULL where there was none"},
    {"ring_time", "TIMESTAMP",
     "when the ring tone began to be heard (UTC): an instant, not a duration; NULL where the "
     "vendor does not say"},
    {"waiting_time", "INTEGER",
     "from the start of the connection to the start of the conversation, ms; NULL where there was "
     "none, or the vendor does not say"},
    {"first_queue_waiting_time", "INTEGER",
     "time in the first queue, ms; NULL where it entered none, or the vendor does not say"},
    {"machine_detected", "INTEGER", "1 if a machine was detected, otherwise 0"},
    {"machine_detected_type", "TEXT", "AMD or MANUAL"},
    {"initial_media", "TEXT", "JSON list of initial media: audio, video, chat"},
    {"project", "TEXT", "JSON object: the project"},
    {"project_id_list", "TEXT", "JSON list of the projects' ids"},
    {"tenant_user", "TEXT", "JSON object: the user of this side"},
    {"anonymous", "TEXT", "JSON object: the customer's side, for EXTERNAL"},
    {"virtual_agent", "TEXT", "JSON object: the virtual agent"},
    {"crm_id", "TEXT", "id of the CRM base"},
    {"contact_id", "TEXT", "id of the CRM contact (not of the call)"},
    {"contact_data", "TEXT", "JSON object: the contact's parameters"},
    {"organization_id", "TEXT", "id of the organisation"},
    {"organization_name", "TEXT", "name of the organisation"},
    {"note", "TEXT", "note on the conversation"},
    {"audio_video_recording", "TEXT", "JSON list of recordings; only an agent's side has them"},
    {"call_info_param1", "TEXT", "name of the first Call Info parameter"},
    {"call_info_value1", "TEXT", "its value, free text"},
    {"call_info_param2", "TEXT", "name of the second Call Info parameter"},
    {"call_info_value2", "TEXT", "its value, free text"},
    {"call_info_param3", "TEXT", "name of the third Call Info parameter"},
    {"call_info_value3", "TEXT", "its value, free text"},
    {"call_info_param4", "TEXT", "name of the fourth Call Info parameter"},
    {"call_info_value4", "TEXT", "its value, free text"},
    {"call_info_param5", "TEXT", "name of the fifth Call Info parameter"},
    {"call_info_value5", "TEXT", "its value, free text"},
    {"custom_tag_id_list", "TEXT", "JSON list of tag ids"},
    {"variables", "TEXT", "JSON: variables set on the conversation (a list, or one object)"},
    {"operator_call_id", "TEXT", "the call's id in an external system"},
    {"hangup_cause", "TEXT", "Q.850 cause of the end, as text"},
    {"end_cause", "TEXT", "cause of the end"},
    {"call_request_data", "TEXT", "JSON object: the case, for example of a voice campaign"},
    {"linked_dialogs", "TEXT", "JSON list of the dialogs tied to this one"},
    {"transcript_exist", "INTEGER", "1 if the recording has a transcript, otherwise 0"},
    // The objects among these fields, flattened.
    {"project_id", "TEXT", "project.id; may differ from project_id_list"},
    {"project_name", "TEXT", "project.name"},
    {"project_language", "TEXT", "project.language"},
    {"project_service_type", "TEXT", "project.service_type"},
    {"project_service_id", "TEXT", "project.service_id"},
    {"tenant_user_id", "TEXT", "tenant_user.id"},
    {"tenant_user_username", "TEXT", "tenant_user.username"},
    {"tenant_user_firstname", "TEXT", "tenant_user.firstname"},
    {"tenant_user_surname", "TEXT", "tenant_user.surname"},
    {"tenant_user_display_name", "TEXT", "tenant_user.display_name"},
    {"anonymous_display_name", "TEXT", "anonymous.display_name"},
    {"virtual_agent_id", "TEXT", "virtual_agent.id"},
    {"virtual_agent_name", "TEXT", "virtual_agent.name"},
    {"call_request_data_dialing_method", "TEXT", "call_request_data.dialing_method"},
    {"call_request_data_call_request_id", "TEXT", "call_request_data.call_request_id"},
    {"call_request_data_call_request_name", "TEXT", "call_request_data.call_request_name"},
    {"call_request_data_application_id", "TEXT", "call_request_data.application_id"},
    {"call_request_data_application_name", "TEXT", "call_request_data.application_name"},
    {"call_request_data_application_type", "TEXT", "call_request_data.application_type"},
    {"call_request_data_project_id", "TEXT", "call_request_data.project_id"},
    {"call_request_data_project_name", "TEXT", "call_request_data.project_name"},
    {"call_request_data_case_id", "TEXT", "call_request_data.case_id"},
    {"call_request_data_case_group", "TEXT", "call_request_data.case_group"},
    {"call_request_data_case_state", "TEXT", "call_request_data.case_state"},
    {"call_request_data_virtual_agent_id", "TEXT", "call_request_data.virtual_agent_id"},
    // This side's states.
    seconds_in(State::created),
    seconds_in(State::ivr),
    seconds_in(State::in_queue),
    seconds_in(State::waiting),
    seconds_in(State::ring),
    seconds_in(State::bcw),
    seconds_in(State::active),
    seconds_in(State::hold),
    seconds_in(State::acw),
    {"outcome", "TEXT",
     "for an agent's side ANSWERED, NO_ANSWER, REJECTED, CANCELLED or FAILED; for a "
     "supervisor's MONITORED; NULL for other sides"},
    {"extra", "TEXT", "JSON object: fields that have no column, and values that did not convert"},
    {"agent_id", "TEXT",
     "for an agent's side: the agent (tenant_user_id, under the name that "
     "other tables use)"},
    {"agent_name", "TEXT", "that agent's name as shown"},
    interaction_key,
};

inline constexpr Column agent_event[] = {
    vendor,
    source,
    interaction_id,
    dialog_id,
    {"agent_id", "TEXT", "the agent"},
    {"agent_name", "TEXT", "the agent's name"},
    {"queue_id", "TEXT", "the queue or skill group that the agent was chosen for"},
    seq,
    {"event", "TEXT", "the event: the vendor's word in canonical spelling"},
    event_time,
    {"duration_seconds", "DOUBLE",
     "how long it lasted, in seconds; NULL where the vendor does not say"},
    interaction_key,
};

inline constexpr Column agent_offer[] = {
    vendor,
    source,
    interaction_id,
    dialog_id,
    {"agent_id", "TEXT", "the agent who was asked"},
    {"agent_name", "TEXT", "the agent's name"},
    {"visit_no", "INTEGER", "the queue visit that it belongs to; NULL where it belongs to none"},
    {"queue_id", "TEXT", "the queue or skill group that the agent was chosen for"},
    {"offer_no", "INTEGER", "1 for the interaction's first offer, by time"},
    {"offer_time", "TIMESTAMP", "when the agent was asked: rung, or assigned (UTC)"},
    {"end_time", "TIMESTAMP", "when the offer ended (UTC); NULL while it lasts"},
    {"ring_seconds", "DOUBLE", "how long it rang, in seconds; NULL where the vendor does not say"},
    {"outcome", "TEXT",
     "ANSWERED; NO_ANSWER: the agent did not take it; REJECTED: the agent refused; CANCELLED: the "
     "customer hung up, or a colleague was faster; FAILED: the agent's phone could not be reached. "
     "NULL while it lasts or when the vendor does not say"},
    basis,
    interaction_key,
};

inline constexpr Column queue_event[] = {
    vendor,
    source,
    interaction_id,
    {"queue_id", "TEXT", "the queue"},
    {"queue_name", "TEXT", "the queue's name"},
    {"queue_type", "TEXT", "the vendor's kind of queue (Alibaba: 1 skill group, 2 agent)"},
    {"flow_id", "TEXT", "the IVR flow that put it there"},
    seq,
    {"event", "TEXT", "the event: the vendor's word in canonical spelling"},
    event_time,
    interaction_key,
};

inline constexpr Column ivr_event[] = {
    vendor,
    source,
    interaction_id,
    {"flow_id", "TEXT", "the IVR flow"},
    {"flow_type", "TEXT", "the flow's kind (Alibaba: MAIN_FLOW, SURVEY_FLOW)"},
    seq,
    {"event", "TEXT", "the event: the vendor's word in canonical spelling"},
    event_time,
    interaction_key,
};

inline constexpr Column customer_event[] = {
    vendor,
    source,
    interaction_id,
    {"customer_id", "TEXT", "the customer, usually a number; may be masked"},
    seq,
    {"event", "TEXT", "the event: the vendor's word in canonical spelling"},
    event_time,
    interaction_key,
};

inline constexpr Column queue_visit[] = {
    vendor,
    source,
    interaction_id,
    {"visit_no", "INTEGER", "1 for the interaction's first visit to a queue, by time"},
    {"queue_id", "TEXT", "the queue"},
    {"queue_name", "TEXT", "the queue's name"},
    {"entry", "TEXT",
     "how it came into the queue: NEW, TRANSFER (by an agent), REQUEUE (back into the same one) or "
     "OVERFLOW (from another queue)"},
    {"enqueue_time", "TIMESTAMP", "when it entered the queue (UTC)"},
    {"dequeue_time", "TIMESTAMP",
     "when it left the queue (UTC): an agent was chosen and rung, or it ended; NULL while it is "
     "still in the queue"},
    {"answer_time", "TIMESTAMP", "when an agent answered it (UTC); NULL where none did"},
    {"end_time", "TIMESTAMP",
     "when the visit ended (UTC): answered, abandoned, or sent elsewhere; NULL while it lasts"},
    {"wait_seconds", "DOUBLE",
     "seconds in the queue alone; less than dequeue_time - enqueue_time where telephones rang in "
     "between, unless the vendor does not distinguish the ringing (see cdr_mapping)"},
    {"ring_seconds", "DOUBLE",
     "seconds in which agents' telephones rang for it; several at once count once"},
    {"speed_of_answer_seconds", "DOUBLE",
     "seconds from entering the queue to the answer; NULL where no agent answered"},
    {"outcome", "TEXT",
     "how the visit ended: ANSWERED, ABANDONED_IN_QUEUE, ABANDONED_IN_RING, QUEUE_TIMEOUT, "
     "QUEUE_OVERFLOW, FORWARDED, QUEUE_FAILED, FAILED, REJECTED, BUSY, NO_ANSWER, VOICEMAIL or "
     "OTHER; NULL while it lasts or when the vendor does not say"},
    {"agent_id", "TEXT", "the agent it was assigned to last"},
    basis,
    interaction_key,
};

inline constexpr Column state_duration[] = {
    vendor,
    source,
    interaction_id,
    {"agent_id", "TEXT", "the agent; NULL for the interaction as a whole"},
    {"state", "TEXT", "CREATED, IVR, IN_QUEUE, WAITING, RING, BCW, ACTIVE, HOLD or ACW"},
    {"start_time", "TIMESTAMP", "when the state began (UTC), where the vendor gives instants"},
    {"end_time", "TIMESTAMP", "when it ended (UTC), where the vendor gives instants"},
    {"seconds", "DOUBLE",
     "its total length in seconds; several spells are added up, and start_time and end_time are "
     "then the first start and the last end"},
    basis,
    interaction_key,
};

inline constexpr Column recording[] = {
    vendor,
    source,
    interaction_id,
    {"recording_id", "TEXT", "the recording"},
    dialog_id,
    {"media", "TEXT", "audio, video or screen; NULL where the vendor does not say"},
    {"start_time", "TIMESTAMP", "when the recording began (UTC)"},
    {"stop_time", "TIMESTAMP", "when it ended (UTC)"},
    {"urls", "TEXT", "JSON list of the addresses where it may be found"},
    interaction_key,
};

inline constexpr Column wrap_up[] = {
    vendor,
    source,
    interaction_id,
    dialog_id,
    {"agent_id", "TEXT", "the agent who gave it; NULL where the vendor does not say"},
    {"level", "INTEGER",
     "for dispositions in a tree: 1 for the first level; NULL where there are no levels"},
    {"code", "TEXT", "the code or id, where the vendor has one"},
    {"name", "TEXT", "the disposition or tag, in the centre's own words"},
    {"comment", "TEXT", "what the agent wrote about it"},
    {"wrap_up_time", "TIMESTAMP", "when it was given (UTC); NULL where the vendor does not say"},
    interaction_key,
};

inline constexpr Column agent_state[] = {
    vendor,
    source,
    {"interaction_id", "TEXT",
     "the interaction, where the vendor ties the state to one; otherwise NULL"},
    {"agent_id", "TEXT", "the agent"},
    {"agent_name", "TEXT", "the agent's name"},
    {"state", "TEXT", "the state, in the vendor's own word"},
    {"state_category", "TEXT",
     "the same in a common vocabulary: AVAILABLE, RINGING, ON_CONTACT, ACW, BREAK, "
     "MEETING_TRAINING, OTHER_WORK, OFFLINE or UNKNOWN"},
    {"reason", "TEXT", "the reason or break code"},
    {"is_paid", "INTEGER", "1 if the break is paid, 0 if not"},
    {"start_time", "TIMESTAMP", "when the state began (UTC)"},
    {"end_time", "TIMESTAMP", "when it ended (UTC); NULL while it lasts"},
    {"interaction_key", "INTEGER",
     "always NULL: a state is not part of an interaction, even if interaction_id names one; join "
     "by vendor, source and interaction_id"},
};

}  // namespace model

enum class Model : std::uint8_t {
  interactions,
  dialogs,
  agent_events,
  agent_offers,
  queue_events,
  ivr_events,
  customer_events,
  queue_visits,
  state_durations,
  recordings,
  wrap_ups,
  agent_states,
};

inline constexpr std::array model_tables{
    Table{"interactions", "interaction", "one row per interaction (one customer's contact)",
          model::interaction},
    Table{"cdr_dialog", "dialog", "one row per dialog: one party's side of an interaction",
          model::dialog},
    Table{"agent_events", "agent_event", "one row per event of an agent", model::agent_event},
    Table{"agent_offers", "agent_offer",
          "one row per offer: an agent was asked to take an interaction", model::agent_offer},
    Table{"queue_events", "queue_event", "one row per event in a queue", model::queue_event},
    Table{"ivr_events", "ivr_event", "one row per event in the IVR", model::ivr_event},
    Table{"customer_events", "customer_event", "one row per event of the customer's side",
          model::customer_event},
    Table{"queue_visits", "queue_visit", "one row per entry into a queue", model::queue_visit},
    Table{"state_durations", "state_duration",
          "one row per interaction and state, and per agent and state", model::state_duration},
    Table{"recordings", "recording", "one row per recording", model::recording},
    Table{"wrap_ups", "wrap_up",
          "one row per disposition, tag or code that someone gave to an "
          "interaction",
          model::wrap_up},
    Table{"agent_states", "agent_state", "one row per span of an agent's state",
          model::agent_state},
};
inline constexpr std::size_t model_count = model_tables.size();
constexpr const Table& table_of(Model model) {
  return model_tables[static_cast<std::size_t>(model)];
}

// Whether the column's value follows from the records. A row's key and its last import do not.
constexpr bool is_fact(const Column& column) {
  return column.name != model::interaction_key.name && column.name != "last_import";
}

}  // namespace cdr
