#include "generate.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>

#include "output.hpp"
#include "script.hpp"

namespace generator {
namespace {

std::string nothing(std::uint64_t, std::uint64_t) {
  return "";
}
std::string list(std::uint64_t, std::uint64_t) {
  return "[\n";
}
std::string conpeek_answer(std::uint64_t, std::uint64_t) {
  return "{\"data\":[\n";
}
std::string alibaba_list(std::uint64_t page, std::uint64_t total) {
  JsonText text;
  text.begin_object()
      .key("Code")
      .text("OK")
      .key("HttpStatusCode")
      .integer(200)
      .key("Message")
      .text("");
  text.key("RequestId").text(uuid(0, page, 6)).key("Data").begin_object();
  text.key("PageNumber").integer(static_cast<std::int64_t>(page)).key("PageSize").integer(100);
  text.key("TotalCount").integer(static_cast<std::int64_t>(total)).key("List").begin_array();
  return text.out + "\n";
}

constexpr Framing lines{nothing, "\n", "\n"};
constexpr Framing array{list, ",\n", "\n]\n"};

// NDJSON and an array are available for every vendor; the other formats are those of the vendor's
// API.
constexpr std::array common_shapes{Shape{Format::ndjson, Form::record, lines},
                                   Shape{Format::array, Form::record, array}};
constexpr std::array conpeek_shapes{
    Shape{Format::envelope, Form::record, {conpeek_answer, ",\n", "\n]}\n"}},
    Shape{Format::pages, Form::record, {conpeek_answer, ",\n", "\n]}\n", 500}}};
constexpr std::array alibaba_shapes{
    Shape{Format::envelope, Form::answer, lines},
    Shape{Format::pages, Form::list_item, {alibaba_list, ",\n", "\n]}}\n", 100, true}}};
constexpr std::array mluvii_shapes{Shape{Format::pages, Form::record, {list, ",\n", "\n]\n", 100}}};
constexpr std::array ucontact_shapes{
    Shape{Format::pages, Form::record, {list, ",\n", "\n]\n", 50}}};

constexpr std::array all_writers{
    Writer{"alibaba", tell_alibaba, "ReleaseTime", alibaba_shapes},
    Writer{"conpeek", tell_conpeek, "hangup_time", conpeek_shapes},
    Writer{"mluvii", tell_mluvii, "ended", mluvii_shapes},
    Writer{"ucontact", tell_ucontact, "finishtime", ucontact_shapes},
};

const Shape* shape_of(const Writer& writer, Format format) {
  for (const auto shapes : {std::span<const Shape>(common_shapes), writer.shapes})
    for (const Shape& shape : shapes)
      if (shape.format == format) return &shape;
  return nullptr;
}

// The number of interactions that have at least `dialogs` dialogs: an inbound call has about 2.47,
// an outbound one 2. The plan is slightly too long rather than too short: the last evening is cut.
std::uint64_t interactions_for(std::uint64_t dialogs, std::uint32_t outbound_percent) {
  const std::uint64_t dialogs_per_10000 = 24300 - std::uint64_t{outbound_percent} * 45;
  return dialogs * 10000 / dialogs_per_10000 + 40;
}

void check(const Options& options) {
  if (options.dialogs != 0 && options.vendor != "conpeek")
    throw std::runtime_error("--dialogs counts Conpeek's dialogs; use --interactions for '" +
                             options.vendor + "'");
  if (options.defects != 0 && options.format != Format::ndjson)
    throw std::runtime_error(
        "--defects needs --format ndjson: a broken record would break everything behind it");
  if (options.dialogs != 0 && options.script)
    throw std::runtime_error("--script tells whole calls; use --interactions, not --dialogs");
  if (options.plan.days == 0 || options.plan.days > 100'000)
    throw std::runtime_error("--days must be between 1 and 100000");
  if (options.plan.interactions > 1'000'000'000)
    throw std::runtime_error("--interactions must be at most 1000000000");
}

// The source of calls: a simulated day, or scripted calls.
class Happenings {
 public:
  explicit Happenings(const Options& options) {
    if (options.script)
      script_.emplace(options.plan);
    else
      center_.emplace(options.plan);
  }
  bool next(Interaction& call) { return script_ ? script_->next(call) : center_->next(call); }
  std::span<const Agent> agents() const { return script_ ? script_->agents() : center_->agents(); }

 private:
  std::optional<ContactCenter> center_;
  std::optional<Script> script_;
};

// The output of one vendor for the whole plan.
class Run {
 public:
  Run(const Options& options, const Writer& writer, const Shape& shape)
      : options_(options), writer_(writer), happenings_(options) {
    telling_.seed = options.plan.seed;
    telling_.agents = happenings_.agents();
    telling_.central_european = options.script;
    telling_.form = shape.form;
    telling_.routing = options.routing;
    telling_.agent_states = !options.agent_states_out.empty();
  }

  // Calls each(told) for the interactions in turn, skipping those that would exceed
  // options.dialogs.
  template <class Each>
  Summary tell(Each each) {
    Summary summary;
    while (happenings_.next(call_)) {
      told_.clear();
      writer_.tell(call_, telling_, told_);
      const std::uint64_t records = told_.records.all().size();
      if (options_.dialogs != 0 && summary.records + records > options_.dialogs) continue;
      ++summary.interactions;
      summary.records += records;
      each(told_);
      if (options_.dialogs != 0 && summary.records == options_.dialogs) break;
    }
    return summary;
  }

 private:
  const Options& options_;
  const Writer& writer_;
  Happenings happenings_;
  Telling telling_;
  Interaction call_;
  Told told_;
};

Summary write_vendor(const Options& options, const Writer& writer) {
  const Shape* shape = shape_of(writer, options.format);
  if (shape == nullptr)
    throw std::runtime_error(std::string(writer.vendor) +
                             " has no envelope around a list; use --format ndjson, array or pages");
  std::uint64_t total = 0;
  if (shape->framing.tells_total)
    total = Run(options, writer, *shape).tell([](const Told&) {}).records;

  Output output(options.out, shape->framing, total);
  std::optional<Defects> defects;
  if (options.defects != 0)
    defects.emplace(options.defects, options.plan.seed, options.out + ".defects.ndjson",
                    writer.end_key);
  std::optional<Output> routing, states;
  if (writer.vendor == "mluvii" && options.routing == Routing::documents)
    routing.emplace(
        options.routing_out.empty() ? options.out + ".routing.ndjson" : options.routing_out, lines);
  if (writer.vendor == "mluvii" && !options.agent_states_out.empty())
    states.emplace(options.agent_states_out, lines);

  const Summary summary = Run(options, writer, *shape).tell([&](const Told& told) {
    for (const JsonText& record : told.records.all())
      defects ? defects->pass(record.out, output) : output.write(record.out);
    for (const JsonText& record : told.routing.all()) routing->write(record.out);
    for (const JsonText& record : told.agent_states.all()) states->write(record.out);
  });
  output.finish();
  if (defects) defects->finish();
  if (routing) routing->finish();
  if (states) states->finish();
  if (options.dialogs != 0 && summary.records != options.dialogs)
    throw std::runtime_error("the plan ended at " + std::to_string(summary.records) + " of " +
                             std::to_string(options.dialogs) + " dialogs; report this seed");
  return summary;
}

void write_truth(const Options& options) {
  Output output(options.truth_out, lines);
  Happenings happenings(options);
  Interaction call;
  JsonText text;
  while (happenings.next(call)) {
    text.out.clear();
    tell_truth(call, happenings.agents(), text);
    output.write(text.out);
  }
  output.finish();
}

}  // namespace

std::span<const Writer> writers() {
  return all_writers;
}

Summary generate(const Options& given) {
  Options options = given;
  check(options);
  if (options.dialogs != 0)
    options.plan.interactions = interactions_for(options.dialogs, options.plan.outbound_percent);
  Summary sum;
  bool known = false;
  if (!options.truth_out.empty()) write_truth(options);
  for (const Writer& writer : writers()) {
    if (options.vendor != "all" && options.vendor != writer.vendor) continue;
    known = true;
    Options own = options;
    if (options.vendor == "all") {
      std::filesystem::create_directories(options.out);
      own.out = options.out + "/" + std::string(writer.vendor);
      if (options.format == Format::ndjson) own.out += ".ndjson";
      if (options.format == Format::array) own.out += ".json";
    }
    const Summary each = write_vendor(own, writer);
    sum.interactions = std::max(sum.interactions, each.interactions);
    sum.records += each.records;
  }
  if (!known)
    throw std::runtime_error("unknown vendor '" + options.vendor +
                             "'; use alibaba, conpeek, mluvii, ucontact or all");
  return sum;
}

}  // namespace generator
