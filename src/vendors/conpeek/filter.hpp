// The filter of Conpeek's "Read CDR Dialog". It is the second argument of cdr_dialog, and is a
// predicate over its rows.
//
//   SELECT * FROM cdr_dialog(cdr_file('dialogs.json'),
//                           '[{"property":"talking_time","operator":"gt","value":60000}]');
//
// The filter is a JSON list of {"property", "value" [, "operator"]}, or the same list
// percent-encoded, as encodeURI or a full encoder leaves it. All conditions must hold; a property
// may be in several conditions (a range). NULL in the column that a property reads never matches,
// an empty list of values matches nothing, and neither '' nor [] filters.
//
//   start_time, hangup_time      gt, gte, lt, lte; a UTC time, compared as an instant
//   talking_time                 gt, gte, lt, lte, eq; an integer, ms
//   number_list                  from_display_target or to_display_target is one of them
//   project_id_list              one of project_id_list, or project_id, is one of them
//   tenant_user_id_list          tenant_user_id
//   custom_tag_id_list           one of custom_tag_id_list
//   operator_call_id_list        operator_call_id
//   dialog_type_list             dialog_type, in any case of letters
//   call_request_agent_id_list   call_request_data_virtual_agent_id
//   business_direction           business_direction, in any case of letters
//
// The page names the properties. The rest is derived, because the page does not say it:
// - without "operator", a time or talking_time must be equal, because no other operator is
//   neutral;
// - the number list reads the two fields that the vendor calls numbers, as text, so a masked number
//   matches only the same mask;
// - `project` may name another project than project_id_list does, so either of the two matches;
// - the call request's agent is its virtual_agent_id, the only agent that call_request_data names.
// A list's values are strings or integers and are compared as text; a single value counts as a list
// of one.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.hpp"
#include "model/table.hpp"
#include "vendors/row_filter.hpp"

namespace cdr {

class DialogFilter final : public RowFilter {
 public:
  // Throws an Error (mismatch) that names what is allowed.
  explicit DialogFilter(std::string_view text);

  // The columns are those of Model::dialogs.
  ColumnSet columns() const override { return columns_; }
  bool matches(std::span<const Value> dialog_row) const override;

  // How a property reads its columns.
  enum class Match : std::uint8_t {
    instant,   // canonical time, by an operator
    number,    // integer, by an operator
    exact,     // one of the values, as text
    any_case,  // one of the values, ASCII letters of any case
  };
  enum class Operator : std::uint8_t { eq, gt, gte, lt, lte };
  struct Place {
    std::size_t at = 0;
    bool is_list = false;  // JSON: any of its elements
  };

 private:
  struct Condition {
    Match match;
    Operator operation = Operator::eq;
    std::span<const Place> columns;  // any of them
    std::int64_t number = 0;
    std::string time;                 // canonical
    bool time_goes_on = false;        // it has microseconds that the canonical text cuts off
    std::vector<std::string> values;  // sorted
  };
  friend struct ConditionReader;
  static bool holds(const Condition& condition, const Place& column, const Value& cell);
  static bool has(const Condition& condition, std::string_view text);

  std::vector<Condition> conditions_;
  ColumnSet columns_ = ColumnSet::none();
};

}  // namespace cdr
