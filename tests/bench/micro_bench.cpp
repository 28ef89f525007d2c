// The cost of each step, vendor by vendor, on generated records: cutting, parsing, recognising,
// mapping, and the rows of a query.
//
//   cmake --preset release -DCDR_BENCH=ON && cmake --build --preset release --target
//   cdr_micro_bench build/release/tests/bench/cdr_micro_bench --benchmark_filter=conpeek
//
// Needs Debian's libbenchmark-dev. Bytes and items a second are the vendor's JSON and its records.
#include <benchmark/benchmark.h>

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "generator/generate.hpp"
#include "reading/groups.hpp"
#include "reading/reader.hpp"
#include "reading/rows.hpp"
#include "vendors/vendor.hpp"

namespace {

using cdr::Document;
using cdr::Source;

struct Input {
  std::vector<std::string> records;
  std::shared_ptr<Source> source;  // the same as NDJSON text
};

// One generated day of a vendor's records, made once.
const Input& input(const std::string& vendor) {
  static std::map<std::string, Input> made;
  Input& input = made[vendor];
  if (input.source) return input;
  generator::Plan plan;
  plan.interactions = 4000;
  plan.first_day = 20514 * generator::day;  // 2026-03-02
  generator::ContactCenter center(plan);
  generator::Telling telling;
  telling.agents = center.agents();
  generator::Told told;
  generator::Interaction call;
  input.source = std::make_shared<Source>();
  for (const generator::Writer& writer : generator::writers()) {
    if (writer.vendor != vendor) continue;
    while (center.next(call)) {
      told.clear();
      writer.tell(call, telling, told);
      for (const auto& record : told.records.all()) {
        input.records.push_back(record.out);
        input.source->content += record.out + "\n";
      }
    }
  }
  return input;
}

void count(benchmark::State& state, const Input& input, std::size_t records) {
  state.SetBytesProcessed(
      static_cast<std::int64_t>(state.iterations() * input.source->content.size()));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * records));
}

void framing(benchmark::State& state, const std::string& vendor) {
  const Input& from = input(vendor);
  cdr::ReadingPolicy policy(cdr::SourceOptions::OnError::fail);
  for (auto _ : state) {
    cdr::RecordReader reader(*from.source, cdr::framing_rules(), policy);
    std::size_t records = 0;
    while (reader.next()) ++records;
    if (records != from.records.size()) state.SkipWithError("records were lost");
  }
  count(state, from, from.records.size());
}

void parse(benchmark::State& state, const std::string& vendor) {
  const Input& from = input(vendor);
  Document document;
  std::vector<std::string> padded;
  for (const std::string& record : from.records)
    padded.push_back(record + std::string(cdr::padding, ' '));
  for (auto _ : state)
    for (std::size_t i = 0; i < padded.size(); ++i)
      if (document.parse({padded[i].data(), from.records[i].size()}))
        state.SkipWithError("not JSON");
  count(state, from, from.records.size());
}

void recognise(benchmark::State& state, const std::string& vendor) {
  const Input& from = input(vendor);
  std::vector<Document> documents(256);
  for (std::size_t i = 0; i < documents.size(); ++i)
    if (documents[i].parse_copy(from.records[i])) state.SkipWithError("not JSON");
  for (auto _ : state)
    for (const Document& document : documents) {
      const cdr::Recognised as = cdr::recognise(document.root());
      if (!as || as.vendor->name != vendor) {
        state.SkipWithError("not recognised");
        return;
      }
    }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * documents.size()));
}

// All steps: records are cut, parsed, recognised, grouped and mapped into all tables of the model.
void map(benchmark::State& state, const std::string& vendor) {
  const Input& from = input(vendor);
  cdr::ReadingPolicy policy(cdr::SourceOptions::OnError::fail);
  const auto wanted = cdr::Wanted::everything();
  cdr::Facts facts;
  for (auto _ : state) {
    cdr::GroupReader groups(*from.source, policy, cdr::GroupReader::Scope::linked);
    while (groups.next()) {
      facts.clear();
      groups.vendor().map(groups.records(), wanted, facts);
      benchmark::DoNotOptimize(facts.rows(cdr::Model::interactions).size());
    }
  }
  count(state, from, from.records.size());
}

// Reads rows as SELECT business_direction, talking_time FROM cdr_dialog(…) does.
void rows(benchmark::State& state, const std::string& vendor) {
  const Input& from = input(vendor);
  const cdr::JsonTable* dialogs = nullptr;
  for (const cdr::JsonTable& table : cdr::json_tables())
    if (table.model == cdr::Model::dialogs) dialogs = &table;
  for (auto _ : state) {
    cdr::RowQuery query;
    query.columns = cdr::ColumnSet::none();
    for (const char* column : {"business_direction", "talking_time"})
      query.columns.add(static_cast<std::size_t>(dialogs->table.find(column)));
    const auto stream = dialogs->open(from.source, std::move(query));
    while (stream->next()) benchmark::DoNotOptimize(stream->row().data());
  }
  count(state, from, from.records.size());
}

void parse_time(benchmark::State& state, const char* text) {
  const cdr::Zone zone;
  for (auto _ : state) benchmark::DoNotOptimize(cdr::parse_time(text, zone));
}
BENCHMARK_CAPTURE(parse_time, plain, "2026-03-02 08:15:00");
BENCHMARK_CAPTURE(parse_time, offset, "2024-05-02T16:05:24.454661+02:00");
BENCHMARK_CAPTURE(parse_time, java, "Nov 2, 2018 11:31:42 AM");

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const std::vector<std::pair<std::string, void (*)(benchmark::State&, const std::string&)>> steps{
      {"framing", framing},
      {"parse", parse},
      {"recognise", recognise},
      {"map", map},
      {"rows", rows}};
  for (const auto& [name, step] : steps)
    for (const generator::Writer& writer : generator::writers()) {
      const std::string vendor(writer.vendor);
      const auto run = step;  // a structured binding cannot be captured
      const auto guarded = [run, vendor](benchmark::State& state) {
        try {
          run(state, vendor);
        } catch (const std::exception& error) {
          state.SkipWithError(error.what());
        }
      };
      benchmark::RegisterBenchmark((name + "/" + vendor).c_str(), guarded)
          ->Unit(benchmark::kMicrosecond);
    }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
