// The fields of a dialog's record from which the columns of cdr_dialog are read.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "model/state.hpp"
#include "model/tables.hpp"
#include "vendors/field.hpp"

namespace cdr::conpeek_api {

// The field from which a column is read. The column's name, type and description are the model's.
struct Read {
  std::string_view key;
  Kind kind;
};
inline constexpr Read reads[] = {
    {"dialog_uuid", Kind::id},
    {"dialog_type", Kind::text},
    {"business_direction", Kind::text},
    {"business_end_cause", Kind::text},
    {"from_display_target", Kind::text},
    {"to_display_target", Kind::text},
    {"start_time", Kind::utc},
    {"hangup_time", Kind::utc},
    {"serve_time", Kind::utc},
    {"talking_time", Kind::integer},
    {"alert_time", Kind::utc},
    {"answer_time", Kind::utc},
    {"ring_time", Kind::utc},
    {"waiting_time", Kind::integer},
    {"first_queue_waiting_time", Kind::integer},
    {"machine_detected", Kind::boolean},
    {"machine_detected_type", Kind::text},
    {"initial_media", Kind::texts},
    {"project", Kind::object},
    {"project_id_list", Kind::texts},
    {"tenant_user", Kind::object},
    {"anonymous", Kind::object},
    {"virtual_agent", Kind::object},
    {"crm_id", Kind::text},
    {"contact_id", Kind::text},
    {"contact_data", Kind::object},
    {"organization_id", Kind::text},
    {"organization_name", Kind::text},
    {"note", Kind::text},
    {"audio_video_recording", Kind::list},
    {"call_info_param1", Kind::text},
    {"call_info_value1", Kind::text},
    {"call_info_param2", Kind::text},
    {"call_info_value2", Kind::text},
    {"call_info_param3", Kind::text},
    {"call_info_value3", Kind::text},
    {"call_info_param4", Kind::text},
    {"call_info_value4", Kind::text},
    {"call_info_param5", Kind::text},
    {"call_info_value5", Kind::text},
    {"custom_tag_id_list", Kind::texts},
    {"variables", Kind::json},
    {"operator_call_id", Kind::text},
    {"hangup_cause", Kind::text},
    {"end_cause", Kind::text},
    {"call_request_data", Kind::object},
    {"linked_dialogs", Kind::texts},
    {"transcript_exist", Kind::boolean},
    {"project.id", Kind::text},
    {"project.name", Kind::text},
    {"project.language", Kind::text},
    {"project.service_type", Kind::text},
    {"project.service_id", Kind::text},
    {"tenant_user.id", Kind::text},
    {"tenant_user.username", Kind::text},
    {"tenant_user.firstname", Kind::text},
    {"tenant_user.surname", Kind::text},
    {"tenant_user.display_name", Kind::text},
    {"anonymous.display_name", Kind::text},
    {"virtual_agent.id", Kind::text},
    {"virtual_agent.name", Kind::text},
    {"call_request_data.dialing_method", Kind::text},
    {"call_request_data.call_request_id", Kind::text},
    {"call_request_data.call_request_name", Kind::text},
    {"call_request_data.application_id", Kind::text},
    {"call_request_data.application_name", Kind::text},
    {"call_request_data.application_type", Kind::text},
    {"call_request_data.project_id", Kind::text},
    {"call_request_data.project_name", Kind::text},
    {"call_request_data.case_id", Kind::text},
    {"call_request_data.case_group", Kind::text},
    {"call_request_data.case_state", Kind::text},
    {"call_request_data.virtual_agent_id", Kind::text},
};

constexpr std::size_t dialog_column(std::string_view name) {
  return static_cast<std::size_t>(table_of(Model::dialogs).find(name));
}
inline constexpr std::size_t id_column = dialog_column("dialog_id");
inline constexpr std::size_t first_field = dialog_column("dialog_uuid");
inline constexpr std::size_t first_state = dialog_column(name_of(State::created).column);
inline constexpr std::size_t outcome_column = dialog_column("outcome");
inline constexpr std::size_t agent_id_column = dialog_column("agent_id");
inline constexpr std::size_t agent_name_column = dialog_column("agent_name");
inline constexpr std::size_t extra_column = dialog_column("extra");

constexpr std::string_view column_type(Kind kind) {
  if (kind == Kind::utc) return "TIMESTAMP";
  return kind == Kind::integer || kind == Kind::boolean ? "INTEGER" : "TEXT";
}

// 'project.id' is the column project_id.
constexpr bool names(std::string_view key, std::string_view column) {
  return std::equal(key.begin(), key.end(), column.begin(), column.end(),
                    [](char k, char c) { return (k == '.' ? '_' : k) == c; });
}

consteval auto fields_of_model() {
  std::array<Field, std::size(reads)> fields{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Column& column = model::dialog[first_field + i];
    if (!names(reads[i].key, column.name)) throw "a field is not where the model has its column";
    if (column_type(reads[i].kind) != column.type) throw "a field has not its column's type";
    fields[i] = {reads[i].key, column.name, reads[i].kind, column.doc};
  }
  return fields;
}
inline constexpr auto dialog_fields = fields_of_model();
static_assert(first_field + dialog_fields.size() == first_state,
              "after the fields come the states");
static_assert(first_state + state_count == outcome_column, "and then the outcome");

}  // namespace cdr::conpeek_api
