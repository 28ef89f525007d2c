// The functions that make and fill a warehouse. They are DIRECTONLY, because they write.
#include "core/text.hpp"
#include "extension/binding/function.hpp"
#include "extension/binding/source.hpp"
#include "extension/warehouse/facts/figures.hpp"
#include "extension/warehouse/import/import.hpp"
#include "extension/warehouse/import/replay.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "extension/warehouse/upkeep/check.hpp"
#include "extension/warehouse/upkeep/creation.hpp"
#include "extension/warehouse/upkeep/erase.hpp"
#include "extension/warehouse/upkeep/rebuild.hpp"
#include "json/document/writer.hpp"

namespace cdr::ext {
namespace {

void cdr_init(Call& call) {
  const Created created = create_warehouse(call.database());
  JsonWriter json;
  json.begin_object();
  json.member("format", warehouse_format);
  json.member("created", created == Created::yes);
  json.end_object();
  call.json(json.text());
}

// A path (text that is not JSON), JSON, or what cdr_file returned.
std::shared_ptr<const Source> input(const Argument& argument) {
  constexpr std::string_view who = "cdr_import";
  if (argument.is_number())
    throw Error("cdr_import: expected a path or JSON, found a number; write cdr_import('path')",
                ErrorCode::mismatch);
  if (!argument.is_text() || looks_like_json(argument.text())) {
    auto source = source_of(argument.get(), who);
    if (source) return source;
    throw Error(
        "cdr_import: the first argument is NULL; give it a path, a folder, a glob, or JSON");
  }
  auto source = std::make_shared<Source>();
  source->is_content = false;
  source->named = argument.text();
  Expansion expansion = expand_path(source->named);
  source->paths = std::move(expansion.paths);
  source->unread = std::move(expansion.unread);
  source->passed_over = std::move(expansion.passed_over);
  return source;
}

void cdr_import(Call& call) {
  const auto source = input(call[0]);
  ImportOptions options = call.has(1) ? import_options(call[1].text()) : ImportOptions();
  if (options.source.empty()) options.source = source->options.label;
  if (options.records.empty()) options.records = source->options.records;
  if (!options.names_zone) {
    options.zone = source->options.zone;
    options.names_zone = source->options.names_zone;
  }
  call.json(import_into(call.database(), *source, options));
}

void cdr_replay(Call& call) {
  call.json(replay_quarantine(call.database()));
}

void cdr_rebuild(Call& call) {
  call.json(rebuild_facts(call.database()));
}

void cdr_refresh(Call& call) {
  call.json(refresh_figures(call.database()));
}

void cdr_check(Call& call) {
  const auto checks = check_warehouse(call.database(), [](const Violation&) {});
  std::size_t violations = 0;
  for (const auto& [check, count] : checks) violations += count;
  JsonWriter json;
  json.begin_object();
  json.member("violations", violations);
  json.key("checks");
  json.begin_object();
  for (const auto& [check, count] : checks) json.member(check, count);
  json.end_object();
  json.end_object();
  call.json(json.text());
}

void cdr_erase(Call& call) {
  call.json(erase_from(call.database(), call[0].text(), call[1].text(),
                       call.has(2) ? erase_options(call[2].text()) : EraseOptions()));
}

constexpr Function warehouse_list[] = {
    {"cdr_init", 0, 0, "cdr_init()",
     "makes main a warehouse unless it already is one; gives its format and whether it was "
     "created, as JSON. Fails on a warehouse of a newer format, and if the names of its tables are "
     "taken",
     "cdr_init()", "{\"format\":5,\"created\":true}", Effect::writes, cdr_init},
    {"cdr_import", 1, 2, "cdr_import(path_or_json [, options])",
     "imports a file, a folder, a glob, or JSON into the warehouse in main, each file as a whole; "
     "gives a summary as JSON, where seen = inserted + updated + unchanged + stale + quarantined. "
     "A file that was imported before counts as known and is not read again; errors names it "
     "again if a part of it was not taken. Options, a JSON object: source (tenant label), zone "
     "(of times without an offset), records (where the records are in an answer, as in "
     "$.body.data), fetched_at (the later one wins between two records of one id), on_error "
     "(quarantine, or fail: a file with a record that cannot be read is left out), keep_raw "
     "(false: the records themselves are not kept, so later records cannot join their "
     "interactions)",
     "cdr_import('../../samples/conpeek/seed_dialog.json')",
     "{\"files\":1,\"imported\":1,\"known\":0,\"partial\":0,\"failed\":0,\"seen\":1,\"inserted\":1,"
     "\"updated\":0,\"unchanged\":0,\"stale\":0,\"quarantined\":0,\"interactions\":1,\"errors\":[]"
     "}",
     Effect::writes, cdr_import},
    {"cdr_replay", 0, 0, "cdr_replay()",
     "reads the quarantined records again, since a newer libcdr may be able to read them; gives a "
     "summary as JSON",
     "cdr_replay()",
     "{\"tried\":0,\"replayed\":0,\"inserted\":0,\"updated\":0,\"unchanged\":0,\"stale\":0,"
     "\"interactions\":0}",
     Effect::writes, cdr_replay},
    {"cdr_rebuild", 0, 0, "cdr_rebuild()",
     "writes the model's tables again from the raw records; gives a summary as JSON, where changed "
     "is false in a healthy file and facts_hash is the same for the same facts",
     "cdr_rebuild() ->> 'changed'", "0", Effect::writes, cdr_rebuild},
    {"cdr_refresh", 0, 0, "cdr_refresh()",
     "applies changes in report_setting, queue_setting and agent_team to the stored figures, as "
     "the next import would; gives a summary as JSON: whether anything had changed, the zone of "
     "the days, the rows of each table of figures, and warnings of settings that apply to nothing",
     "cdr_refresh() ->> 'zone'", "UTC", Effect::writes, cdr_refresh},
    {"cdr_check", 0, 0, "cdr_check()",
     "checks whether the warehouse in main is sound: the file, its schema, every raw record, and "
     "all facts against what the records give; gives the number of violations, in all and by "
     "check, as JSON. SELECT * FROM cdr_check() lists them",
     "cdr_check()", "{\"violations\":0,\"checks\":{}}", Effect::reads, cdr_check},
    {"cdr_erase", 2, 3, "cdr_erase(what, value [, options])",
     "erases data from the warehouse in main and keeps later imports from bringing it back (they "
     "count such records as stale). The argument what is customer (value: a number or an e-mail "
     "address), customer_token (value: from phone_token; option key), interaction (value: an id; "
     "options vendor, source) or before (value: a date; everything that ended before it). Gives as "
     "JSON the numbers of what was erased and, in remaining, the statements still to be run so "
     "that no byte of it stays in the file, with the reason. The option dry_run: true only reports",
     "cdr_erase('interaction', 'no such') ->> 'records'", "0", Effect::writes, cdr_erase},
};

}  // namespace

std::span<const Function> warehouse_functions() {
  return warehouse_list;
}

}  // namespace cdr::ext
