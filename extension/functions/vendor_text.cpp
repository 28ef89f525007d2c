// Convert vendors' small texts to JSON, as SQL functions:
//
//   SELECT json_extract(kv_json(parandvalues), '$.idcustomer') FROM ucontact_record(…);
//   SELECT value
//     FROM json_each(recording_urls('020f9687', '2022-06-20 17:56:59', 'pbx.example.org'));
#include "vendors/ucontact/text.hpp"

#include "extension/binding/function.hpp"

namespace cdr::ext {
namespace {

void kv_json(Call& call) {
  if (call.has(0)) call.json(cdr::kv_json(call[0].text()));
}

void recording_urls(Call& call) {
  if (!call.has(0) || !call.has(2)) return;
  const std::string_view backup = call.has(3) ? call[3].text() : std::string_view();
  const std::string urls =
      cdr::recording_urls(call[0].text(), call[1].text(), call[2].text(), backup);
  if (!urls.empty()) call.json(urls);
}

constexpr Function vendor_text_list[] = {
    {"kv_json", 1, 1, "kv_json('a=1:b=2')",
     "JSON object of uContact's k=v:k2=v2 (split at the first =); a key without = gets null, and a "
     "repeated key gets the list of its values",
     "kv_json('idcustomer=7:name=Seba')", R"({"idcustomer":"7","name":"Seba"})", Effect::pure,
     kv_json},
    {"recording_urls", 3, 4, "recording_urls(guid, time, host [, backup_host])",
     "JSON list of the addresses where uContact may keep the call's recording, the likeliest "
     "first. The folder is the date of time exactly as the vendor wrote it (calldate), never "
     "converted to a zone; without a date, only the addresses without a folder are given. NULL "
     "without guid or host",
     "recording_urls('020f9687', '2022-06-20 17:56:59', 'pbx.example.org')",
     R"(["https://pbx.example.org/records/020f9687.mp3",)"
     R"("https://pbx.example.org/records/20220620/020f9687.mp3",)"
     R"("https://pbx.example.org/records/020f9687.gsm",)"
     R"("https://pbx.example.org/records/20220620/020f9687.gsm"])",
     Effect::pure, recording_urls},
};

}  // namespace

std::span<const Function> vendor_text_functions() {
  return vendor_text_list;
}

}  // namespace cdr::ext
