// Parlo, an invented telephone system: the template of a vendor.
//
//   SELECT call_ref, way, talk_s FROM parlo_call(cdr_file('tests/template_vendor/samples/'));
//   SELECT outcome, count(*) FROM interactions(cdr_file('tests/template_vendor/samples/')) GROUP BY 1;
#include "mapping.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

extern const Vendor parlo;

namespace {

constexpr std::string_view call_key[] = {"call_ref"};
constexpr std::string_view call_keys[] = {"way", "begun", "party"};
constexpr std::string_view envelope_keys[] = {"calls"};

void call_id(const Record& record, std::string& id) {
  id += id_of(record.root["call_ref"]);
}

std::optional<Instant> latest_of_call(const Record& record) {
  std::optional<Instant> latest;
  for (const std::string_view key : {"begun", "queued", "rang", "picked_up", "over"})
    if (const auto at = instant_of(record.root[key], TimeForm::utc);
        at && (!latest || *latest < *at))
      latest = at;
  return latest;
}

constexpr Resource resources[] = {
    {.name = "call",
     .doc = "a whole call",
     .all_of = call_key,
     .any_of = call_keys,
     .decisive_key = "call_ref",
     .record_id = call_id,
     .id_key = "call_ref",
     .latest = latest_of_call},
};

constexpr Field call_fields[] = {
    {"call_ref", "call_ref", Kind::text, "the call's id"},
    {"way", "way", Kind::text, "in or out"},
    {"party", "party", Kind::text, "the customer's number"},
    {"line", "line", Kind::text, "the queue"},
    {"by", "by", Kind::text, "the agent"},
    {"begun", "begun", Kind::utc, "when the call began (UTC)"},
    {"queued", "queued", Kind::utc, "when it came into the queue (UTC)"},
    {"rang", "rang", Kind::utc, "when the agent's telephone began to ring (UTC)"},
    {"picked_up", "picked_up", Kind::utc, "when the conversation began (UTC)"},
    {"over", "over", Kind::utc, "when the call ended (UTC)"},
    {"talk_s", "talk_s", Kind::integer, "conversation, s"},
    {"wrap_s", "wrap_s", Kind::integer, "work after the call, s"},
};
constexpr Origin call_origins[] = {{"call"}};
constexpr VendorTable tables[] = {{"parlo_call", "one row per call", call_origins, call_fields}};

}  // namespace

const Vendor parlo = {
    .name = "parlo",
    .title = "Parlo",
    .doc = "an invented telephone system: the template of a vendor",
    .resources = resources,
    .tables = tables,
    .envelope_keys = envelope_keys,
    .map = parlo_api::map,
    .mapping = parlo_api::document_mapping,
};

}  // namespace cdr
