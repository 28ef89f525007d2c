// Conpeek: CDR Dialog. A record is one party's side of a call. The sides of one call name each
// other in linked_dialogs; the interaction is the connected component of these links, and its id is
// the smallest dialog_uuid present.
//
//   SELECT dialog_type, serve_time, active_seconds
//     FROM cdr_dialog(cdr_file('samples/conpeek/day.ndjson'));
//   SELECT outcome, count(*) FROM interactions(cdr_file('samples/conpeek/day.ndjson')) GROUP BY 1;
//
// conpeek/dialog.cpp has a side and its states, conpeek/call.cpp the interaction, its states and
// its outcome, conpeek/offers.cpp the queue and the offers, and conpeek/mapping.cpp the rows.
// Figures that describe the same thing are never added up over sides: if several sides give a
// figure, the tables in these files say which one counts.
//
// Limits of the source: instants have a precision of one second and durations of one millisecond,
// so the two are taken to agree within 1000 ms. There is no IVR, hold or after-call work. The
// project is taken for the queue, and only the wait in the first queue is reported. The lists of
// causes are not published, so there may be other causes.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "json/document/convert.hpp"
#include "vendors/conpeek/fields.hpp"
#include "vendors/conpeek/filter.hpp"
#include "vendors/conpeek/mapping.hpp"
#include "vendors/element.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

extern const Vendor conpeek;

namespace {

using conpeek_api::dialog_fields;
using conpeek_api::event_resource;
using conpeek_api::Read;
using conpeek_api::reads;

void record_id(const Record& record, std::string& id) {
  id += id_of(record.root["dialog_uuid"]);
}

void links(const Record& record, Links& links) {
  links.add_record(*record.resource, id_of(record.root["dialog_uuid"]));
  for (const Node linked : scalars_of(record.root["linked_dialogs"]))
    links.add_record(*record.resource, id_of(linked));
}

// The vendor gives no update time. A recording may be added after the call's end.
std::optional<Instant> latest(const Record& record) {
  std::optional<Instant> last;
  const auto take = [&](Node node) {
    const auto time = instant_of(node, TimeForm::utc);
    if (time && (!last || *time > *last)) last = time;
  };
  for (const Field& field : dialog_fields)
    if (field.kind == Kind::utc) take(record.root[field.key]);
  for (const Node recording : objects_of(record.root["audio_video_recording"]))
    for (const std::string_view key : {"start_time", "stop_time"}) take(recording[key]);
  return last;
}

// ---- Webhooks: the events of a dialog, one by one

// A webhook has no id, and neither has its delivery: the same text twice is the same event.
void event_id(const Record& record, std::string& id) {
  id += id_of(record.root["dialog_uuid"]);
  for (const std::string_view key : {"event_time", "event_type", "event_name"})
    (id += '|') += text_of(record.root[key]);
  id += '|';
  id += std::to_string(content_hash(record).high);
}

std::string_view dialog_of_event(std::string_view event_id) {
  return event_id.substr(0, event_id.find('|'));
}

std::optional<Instant> event_latest(const Record& record) {
  return instant_of(record.root["event_time"], TimeForm::utc);
}

constexpr Field event_fields[] = {
    {"dialog_uuid", "dialog_uuid", Kind::text, "the dialog: dialog_id of cdr_dialog"},
    {"event_type", "event_type", Kind::text, "what the event is about: user_dialog, …"},
    {"event_name", "event_name", Kind::text,
     "what happened: dialog_state_update, dialog_hold, dialog_meeting_entered, …"},
    {"event_time", "event_time", Kind::utc, "when it happened (UTC)"},
    {"dialog_type", "dialog_type", Kind::text, "which party's side the dialog is"},
    {"state", "state", Kind::text, "the dialog's state since then, if the event says so"},
    {"meeting_uuid", "meeting_uuid", Kind::text, "the meeting, if the event is about one"},
};

constexpr std::string_view id_keys[] = {"dialog_uuid"};
// A record with any field of a dialog is a dialog, unless it has a field of a webhook or a
// recording, which also name their dialog.
consteval auto keys_of_dialogs() {
  constexpr auto is_key = [](const Read& read) {
    return read.key != "dialog_uuid" && read.key.find('.') == read.key.npos;
  };
  std::array<std::string_view, std::count_if(std::begin(reads), std::end(reads), is_key)> keys{};
  std::size_t count = 0;
  for (const Read& read : reads)
    if (is_key(read)) keys[count++] = read.key;
  return keys;
}
constexpr auto dialog_keys = keys_of_dialogs();
constexpr std::string_view no_dialog_keys[] = {"event_type", "event_name", "event_time",
                                               "recording_uuid"};
constexpr std::string_view event_id_keys[] = {"event_name", "event_time"};
constexpr std::string_view event_about_keys[] = {"dialog_uuid", "event_type"};
constexpr std::string_view envelope_keys[] = {"data"};
constexpr std::string_view inner_keys[] = {"recording_uuid", "recording_id", "start_time",
                                           "stop_time",      "url",          "media"};
constexpr std::string_view free_objects[] = {"variables", "contact_data"};

constexpr std::string_view dialog_resource = "dialog";
constexpr Resource resources[] = {
    {.name = dialog_resource,
     .doc = "CDR Dialog: one party's side of a call",
     .all_of = id_keys,
     .any_of = dialog_keys,
     .none_of = no_dialog_keys,
     .decisive_key = "dialog_uuid",
     .keyed = false,
     .record_id = record_id,
     .id_key = "dialog_uuid",
     .links = links,
     .latest = latest},
    {.name = event_resource,
     .doc = "webhook: an event of a dialog, which says nothing about the dialog as a whole",
     .all_of = event_id_keys,
     .any_of = event_about_keys,
     .decisive_key = "event_name",
     .record_id = event_id,
     .about = dialog_resource,
     .id_of_about = dialog_of_event,
     .latest = event_latest},
};

constexpr Origin event_origins[] = {{event_resource}};
constexpr VendorTable tables[] = {
    {"conpeek_event", "one row per webhook event", event_origins, event_fields}};

constexpr Origin origins[] = {{dialog_resource}};
constexpr VendorTable dialog_table[] = {
    {"cdr_dialog", "one row per dialog: one party's side of a call", origins, dialog_fields}};

std::unique_ptr<RowFilter> read_dialog_filter(std::string_view text) {
  return std::make_unique<DialogFilter>(text);
}

}  // namespace

const Vendor conpeek = {
    .name = "conpeek",
    .title = "Conpeek",
    .doc = "CDR Dialog of the REST API: GET /cdr_dialog",
    .resources = resources,
    .tables = tables,
    .envelope_keys = envelope_keys,
    .inner_keys = inner_keys,
    .free_objects = free_objects,
    .unregistered_tables = dialog_table,
    .dialog_per_record = true,
    .dialog_keeps_extra = true,
    .dialog_filter = read_dialog_filter,
    .map = conpeek_api::map,
    .mapping = conpeek_api::document_mapping,
};

}  // namespace cdr
