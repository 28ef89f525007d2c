// uContact's `k=v:k2=v2` and the addresses of its recordings, as JSON; and its dialer's lines of
// text as records.
#include "door.hpp"
#include "json/document/document.hpp"
#include "vendors/ucontact/text.hpp"
#include "vendors/vendor.hpp"

namespace {

using namespace cdr;

// UTF-8 in, JSON out; the text of a call has been validated as UTF-8.
void require_json(const std::string& json, char first) {
  static simdjson::dom::parser parser;
  test::require(!json.empty() && json.front() == first, "another kind of JSON", json);
  test::require(parser.parse(json).error() == simdjson::SUCCESS, "not JSON", json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  test::Input input(data, size);
  if (!test::is_utf8(input.rest())) return 0;
  const std::string_view all = input.rest();
  std::string line;
  if (all.find('\n') == all.npos && framing_rules().line(all, line)) require_json(line, '{');
  const std::string_view text = input.text(), guid = input.text(), date = input.text(),
                         host = input.text();
  const std::string json = kv_json(text);
  require_json(json, '{');
  static Document document;
  test::require(!document.parse_copy(json) || json.size() > 4096, "no record's JSON", json);
  if (const std::string urls = recording_urls(guid, date, host, input.rest()); !urls.empty())
    require_json(urls, '[');
  if (const std::string paths = recording_paths(guid, date); !paths.empty())
    require_json(paths, '[');
  return 0;
}
