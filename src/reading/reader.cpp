#include "reading/reader.hpp"

#include <algorithm>
#include <iterator>

#include "core/error.hpp"
#include "core/text.hpp"
#include "json/document/convert.hpp"
#include "reading/group_limits.hpp"

namespace cdr {
namespace {

constexpr std::size_t deepest_inner = 4;  // records in a record in a record

// The meaning of an object that is not a record.
struct Answer {
  enum class Kind : std::uint8_t { none, empty, error } kind = Kind::none;
  std::string code;  // ': Throttling.User', or ""
};

template <std::size_t Size>
bool is_one_of(std::string_view word, const std::string_view (&words)[Size]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Whether the text looks like an API's code. Any other text may be a record's content.
bool is_code(std::string_view text) {
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '_' ||
                  c == '-';
         });
}

Answer answer_of(Node root) {
  constexpr std::string_view counts[] = {"pagenumber", "pagesize",   "totalcount", "total",
                                         "count",      "limit",      "offset",     "page",
                                         "pages",      "totalpages", "hasmore",    "nexttoken"};
  constexpr std::string_view holders[] = {
      "data", "list", "items", "results",           "records",
      "hits", "rows", "body",  "calldetailrecords", "agentstatelogpage"};
  constexpr std::string_view others[] = {"requestid",
                                         "params",
                                         "success",
                                         "lastmodified",
                                         "headers",
                                         "took",
                                         "timedout",
                                         "shards",
                                         "maxscore",
                                         "relation",
                                         "message",
                                         "msg",
                                         "path",
                                         "timestamp",
                                         "trace",
                                         "traceid",
                                         "hostid",
                                         "recommend",
                                         "title",
                                         "type",
                                         "instance",
                                         "detail",
                                         "details",
                                         "reason",
                                         "url",
                                         "version",
                                         "dynamiccode",
                                         "dynamicmessage",
                                         "accessdenieddetail"};
  constexpr std::string_view codes[] = {"code", "statuscode", "httpstatuscode", "status",
                                        "errorcode"};
  constexpr std::string_view errors[] = {"error",     "errors",       "fault",
                                         "exception", "errormessage", "errordescription"};
  constexpr std::string_view good[] = {"ok", "200", "0", "success", "true", "201", "204"};
  if (!root.is_object() || root.size() == 0) return {};
  Answer answer;
  bool counted = false, is_good = false, is_bad = false, said = false;
  for (const Node member : root.children()) {
    const std::string key = plain_key(member.key());
    if (is_one_of(key, counts)) {
      if (member.size() != 0) return {};  // it has content, which is not recognised
      counted = true;
    } else if (is_one_of(key, holders)) {
      const bool empty = !member.provided() || member.is_container();
      if (!empty || member.size() != 0) return {};
      counted = true;
    } else if (is_one_of(key, codes)) {
      if (!member.provided()) continue;
      std::string word(text_of(member));
      for (char& c : word) c = lower(c);
      const bool fine = is_one_of(word, good);
      (fine ? is_good : is_bad) = true;
      if (!fine && is_code(text_of(member)) && (answer.code.empty() || key == "code"))
        answer.code = ": " + std::string(text_of(member));
    } else if (is_one_of(key, errors)) {
      is_bad = is_bad || member.provided();
      if (answer.code.empty() && is_code(text_of(member)))
        answer.code = ": " + std::string(text_of(member));
    } else if (is_one_of(key, others)) {
      said = said || (member.provided() && (key == "message" || key == "msg" || key == "detail"));
    } else {
      return {};
    }
  }
  if (!is_bad && (counted || is_good))
    answer.kind = Answer::Kind::empty;
  else if (is_bad || said)
    answer.kind = Answer::Kind::error;
  return answer;
}

}  // namespace

void ReadingPolicy::report(const Problem& problem) {
  if (on_error_ == SourceOptions::OnError::skip) return;
  if (problem.code == ProblemCode::passed_over) return;  // the caller did not name the file
  const bool value_only = problem_kind(problem.code).loses == ProblemKind::Loses::nothing;
  if (value_only && on_error_ != SourceOptions::OnError::strict) return;
  throw Error(problem.text());
}

// Reads records that are JSON in a string. Their problems are reported for the record that has the
// string.
struct Reader::Inner : private ProblemSink {
  Inner(std::string_view content, const Source& outer, const RawRecord& at, ProblemSink& told)
      : file(at.file),
        number(at.number),
        offset(at.offset),
        sink(told),
        source(source_of(content, outer)),
        records(source, framing_rules(), *this) {}

  void report(const Problem& problem) override {
    Problem placed = problem;
    placed.file = file;
    placed.record = number;
    placed.offset = offset;
    sink.report(placed);
  }
  static Source source_of(std::string_view content, const Source& outer) {
    Source source;
    source.content = content;
    source.named = outer.named;
    source.options = outer.options;
    source.options.records.clear();
    return source;
  }

  const std::string_view file;
  const std::uint64_t number, offset;
  ProblemSink& sink;
  Source source;
  RecordReader records;
};

Reader::Reader(const Source& source, ProblemSink& sink, RecordEnds ends, unsigned threads)
    : sink_(sink), source_(source), records_(source, framing_rules(), sink, ends, threads) {}
Reader::~Reader() = default;

Recut Reader::recut() {
  return inner_.empty() ? records_.recut() : inner_.back()->records.recut();
}

void Reader::resynchronise() {
  inner_.empty() ? records_.resynchronise() : inner_.back()->records.resynchronise();
}

bool Reader::next() {
  while (next_raw())
    if (parse()) return true;
  return false;
}

bool Reader::next_raw() {
  has_record_ = false;
  while (!inner_.empty()) {
    const Inner& inner = *inner_.back();
    has_record_ = inner_.back()->records.next();
    if (has_record_) {
      raw_ = inner.records.record();
      raw_.file = inner.file;
      raw_.number = inner.number;
      raw_.offset += inner.offset + 1;  // each has its own offset, within the outer record
      return true;
    }
    inner_.pop_back();
  }
  has_record_ = records_.next();
  if (has_record_) raw_ = records_.record();
  return has_record_;
}

bool Reader::read_document() {
  if (raw_.parsed != nullptr) {
    document_.take(*raw_.parsed);
    return true;
  }
  auto problem = document_.parse(raw_.bytes);
  if (!problem) return true;
  has_record_ = false;
  const Recut again = recut();
  if (again == Recut::gone) return false;
  has_record_ = true;
  if (again == Recut::changed) {
    raw_ = inner_.empty() ? records_.record() : inner_.back()->records.record();
    problem = document_.parse(raw_.bytes);
  }
  if (!problem) return true;
  problem->file = raw_.file;
  problem->record = raw_.number;
  problem->offset += raw_.offset;
  resynchronise();
  records_.report(*problem);
  return false;
}

bool Reader::parse() {
  if (!read_document()) return false;
  // A record's keys alone decide which vendor and resource it belongs to.
  const std::uint32_t keys = document_.root_keys();
  if (keys == 0 || keys != known_by_) {
    as_ = recognise(document_.root());
    spelt_ = spelt(as_, document_.root());
    known_by_ = keys;
  }
  Recognised as = as_;
  if (!as) {
    const Node root = document_.root();
    if (open_inner(root) || is_answer(root)) return false;
    const Recognised other = recognise_respelt(root);
    if (open_wrapped(root, other)) return false;
    as = other;
  }
  Respelling respelling = Respelling::failed;
  if (as && (!as_ || needs_respelling(as, spelt_, document_.root(), document_.marks())))
    respelling = respelt(as);
  if (respelling == Respelling::refused) return false;
  if (!as_ && respelling != Respelling::done) {
    report(ProblemCode::unrecognised, unrecognised_message(document_.root()));
    return false;
  }
  if (respelling == Respelling::done) {
    as = recognise(document_.root());
    known_by_ = 0;  // `keys` are those of the record before it was respelt
  }
  vendor_ = as.vendor;
  describe(record_, as, document_.root(), source_, raw_.file, raw_.number, raw_.offset, raw_.member,
           &sink_);
  if (document_.had_repeats())
    report(ProblemCode::repeated_key, "a key occurs twice in one object, with the same value");
  return true;
}

// A record whose keys are spelt in another way is read, and kept, in its vendor's spelling.
Reader::Respelling Reader::respelt(const Recognised& as) {
  const std::string_view contradiction = respell(as, document_.root(), respelt_);
  if (!contradiction.empty()) {
    report(ProblemCode::duplicate_key, "the key " + std::string(contradiction) +
                                           " occurs in two spellings, with different values");
    return Respelling::refused;
  }
  const RawRecord as_it_stood = raw_;
  const std::size_t size = respelt_.size();
  respelt_.append(padding, '\0');
  raw_.bytes = std::string_view(respelt_).substr(0, size);
  raw_.parsed = nullptr;
  if (!document_.parse(raw_.bytes) && recognise(document_.root())) return Respelling::done;
  raw_ = as_it_stood;
  if (raw_.parsed != nullptr)
    document_.take(*raw_.parsed);
  else
    document_.parse(raw_.bytes);
  return Respelling::failed;
}

Recognised recognise_any_spelling(Document& document) {
  const Node root = document.root();
  const Recognised as = recognise(root);
  if (as && !needs_respelling(as, spelt(as, root), root, document.marks())) return as;
  const Recognised other = as ? as : recognise_respelt(root);
  std::string json;
  if (!other) return {};
  if (!respell(other, root, json).empty() || document.parse_copy(json)) return {};
  return recognise(document.root());
}

// Gateways, queues and logs carry an API's answer as text in a string. Its records are read next.
bool Reader::open_inner(Node root) {
  if (inner_.size() == deepest_inner) return false;
  const auto holds_json = [](Node node) {
    const std::string_view text = trim(node.string());
    return text.starts_with('{') || text.starts_with('[');
  };
  Node found;
  if (holds_json(root)) found = root;
  constexpr std::string_view names[] = {"message", "Message", "event", "log",
                                        "json",    "raw",     "text"};
  for (const Node member : root.children()) {
    if (!root.is_object() || !holds_json(member)) continue;
    const bool named =
        std::find(std::begin(names), std::end(names), member.key()) != std::end(names);
    if (!named && framing_rules().role(member.key()) != FramingRules::Role::envelope) continue;
    found = member;
    break;
  }
  if (!found.provided()) return false;
  open(found.string());
  return true;
}

// A message of another system may look like a vendor's in another spelling, and carry a record of
// another vendor.
bool Reader::open_wrapped(Node root, const Recognised& as) {
  if (!as || inner_.size() == deepest_inner) return false;
  for (const Node member : root.children()) {
    if (!member.is_object() || framing_rules().role(member.key()) != FramingRules::Role::envelope)
      continue;
    const Recognised inside = recognise(member);
    if (!inside || inside.vendor == as.vendor) continue;
    open(member.raw());
    return true;
  }
  return false;
}

void Reader::open(std::string_view content) {
  const RawRecord at = raw_;
  inner_.push_back(std::make_unique<Inner>(content, source_, at, sink_));
  has_record_ = false;  // an object that contains records is not one
}

// Whether the object is an API's answer without records: an empty page, which is passed over, or an
// error, which is reported.
bool Reader::is_answer(Node root) {
  const Answer answer = answer_of(root);
  if (answer.kind == Answer::Kind::none) return false;
  if (answer.kind == Answer::Kind::error)
    report(ProblemCode::error_answer, "the answer is an error, not records" + answer.code);
  else
    has_record_ = false;
  return true;
}

std::optional<ParsedRecord> Reader::parsed() const {
  const auto parsed = document_.parsed();
  // If a key occurred twice, the document was parsed from another text.
  return parsed && parsed->tape.json == raw_.bytes.data() ? parsed : std::nullopt;
}

void Reader::report_missing_key() {
  std::string message = "the " + std::string(vendor_->name) + " " +
                        std::string(record_.resource->name) + " record has no id";
  const std::string_view key = record_.resource->id_key;
  if (!key.empty() && record_.root[key].provided())
    message.append(": expected text or a number in ").append(key);
  if (record_.resource->context_of_path != nullptr)
    message += ", and the path of its file has none either (expected one like the API's own)";
  report(ProblemCode::missing_key, std::move(message));
}

void Reader::report_too_large() {
  report(ProblemCode::component_too_large, too_large_message());
}

std::string too_large_message() {
  return "with this record one interaction would consist of more than " +
         std::to_string(group_limits.records) +
         " records: its links join what does not belong "
         "together, or its id is a default that many records have";
}

void Reader::report(ProblemCode code, std::string message) {
  Problem problem;
  problem.code = code;
  problem.file = raw().file;
  problem.record = raw().number;
  problem.offset = raw().offset;
  problem.message = std::move(message);
  sink_.report(problem);
}

void describe(Record& record, const Recognised& as, Node root, const Source& source,
              std::string_view file, std::uint64_t number, std::uint64_t offset,
              std::string_view member, ProblemSink* sink) {
  record.resource = as.resource;
  record.root = root;
  record.source =
      source.options.label.empty() ? as.vendor->name : std::string_view(source.options.label);
  record.zone = &source.options.zone;
  record.context = as.resource->context_of_path != nullptr ? as.resource->context_of_path(file)
                                                           : std::string_view();
  record.member = member;
  record.file = file;
  record.number = number;
  record.offset = offset;
  record.sink = sink;
}

}  // namespace cdr
