#include "extension/warehouse/import/outcome.hpp"

#include "core/text.hpp"
#include "json/document/writer.hpp"

namespace cdr::ext {

namespace {

constexpr std::size_t most_errors_told = 500;  // of all files of a transaction

void add(ImportCounts& to, const ImportCounts& more) {
  to.seen += more.seen;
  to.inserted += more.inserted;
  to.updated += more.updated;
  to.unchanged += more.unchanged;
  to.stale += more.stale;
  to.quarantined += more.quarantined;
  to.interactions += more.interactions;
}

}  // namespace

void Totals::add(const std::string& path, const Outcome& outcome) {
  ++files;
  ++(outcome.status == "imported"  ? imported
     : outcome.status == "known"   ? known
     : outcome.status == "partial" ? partial
                                   : failed);
  ext::add(counts, outcome.counts);
  if (!outcome.error.empty() && !outcome.is_told && errors.size() < most_errors_told)
    errors.emplace_back(shown(path), outcome.error);
}

std::string Totals::summary() const {
  JsonWriter json;
  json.begin_object();
  json.member("files", files);
  json.member("imported", imported);
  json.member("known", known);
  json.member("partial", partial);
  json.member("failed", failed);
  json.member("seen", counts.seen);
  json.member("inserted", counts.inserted);
  json.member("updated", counts.updated);
  json.member("unchanged", counts.unchanged);
  json.member("stale", counts.stale);
  json.member("quarantined", counts.quarantined);
  json.member("interactions", counts.interactions);
  json.key("errors");
  json.begin_list();
  for (const auto& [path, text] : errors) {
    json.begin_object();
    json.member("path", path);
    json.member("error", text);
    json.end_object();
  }
  json.end_list();
  if (!warnings.empty()) {
    json.key("warnings");
    json.begin_list();
    for (const std::string& warning : warnings) json.value(warning);
    json.end_list();
  }
  json.end_object();
  return json.text();
}

}  // namespace cdr::ext
