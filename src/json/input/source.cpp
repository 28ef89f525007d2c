#include "json/input/source.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "core/text.hpp"
#include "json/input/bytes.hpp"
#include "json/input/framer.hpp"
#include "json/input/progress.hpp"
#include "json/input/zip.hpp"

namespace cdr {

namespace {

// A damaged byte of a compressed file may decompress to a wrong one. Then records are not JSON, but
// the damage of the file shows only after them. So at the first such record the whole file is
// decompressed, and its damage is reported before the record.
class DamageFirst : public ProblemSink {
 public:
  explicit DamageFirst(ProblemSink& sink) : sink_(sink) {}

  using Reopen = std::function<std::unique_ptr<ByteStream>()>;
  void open(Reopen reopen) {
    reopen_ = std::move(reopen);
    told_.reset();
  }
  void close() { open(nullptr); }
  void report(const Problem& problem) override {
    if (problem.record == 0 && told_ == problem.code) return;
    if (problem_kind(problem.code).loses == ProblemKind::Loses::file) reopen_ = nullptr;
    if (reopen_ && may_be_damage(problem)) look(problem);
    sink_.report(problem);
  }

 private:
  static bool may_be_damage(const Problem& problem) {
    return problem_kind(problem.code).loses == ProblemKind::Loses::record &&
           problem.code != ProblemCode::unrecognised && problem.code != ProblemCode::missing_key;
  }
  void look(const Problem& problem) {
    const Reopen reopen = std::exchange(reopen_, nullptr);
    std::optional<Damage> damage;
    try {
      damage = damage_of(*reopen());
    } catch (const ReadFailure& failure) {
      damage = Damage{failure, 0};  // in the first bytes, which show whether it is compressed
    }
    if (!damage) return;
    told_ = damage->failure.code;
    sink_.report({damage->failure.code,
                  problem.file,
                  0,
                  damage->at,
                  {},
                  std::move(damage->failure.message)});
  }

  ProblemSink& sink_;
  Reopen reopen_;  // opens the current input again; null after it was checked
  std::optional<ProblemCode> told_;
};

}  // namespace

struct RecordReader::State {
  State(const Source& read, const FramingRules& rules, ProblemSink& problems, RecordEnds ends)
      : source(read), sink(problems), framer(rules, sink, ends, source.options.records) {}

  // Begins the next input; false: there is none.
  bool open_next() {
    if (source.is_content) {
      if (next_input++ != 0) return false;
      sink.open([this] { return memory_bytes(source.content); });
      framer.open(memory_bytes(source.content), content_name, source.content.size());
      return true;
    }
    for (; next_unread < source.unread.size(); ++next_unread)
      sink.report(source.unread[next_unread]);
    for (; next_passed < source.passed_over.size(); ++next_passed)
      sink.report(source.passed_over[next_passed]);
    sink.close();
    if (open_next_member()) return true;
    while (next_input < source.paths.size()) {
      const std::string& path = source.paths[next_input++];
      try {
        const auto file = std::make_shared<InputFile>(path);
        if (is_zip(*file)) {
          open_archive(path, file);
          if (open_next_member()) return true;
          continue;
        }
        auto stream = open_bytes(file, source.as_read);
        sink.open([file] { return bytes_again(file); });
        framer.open(std::move(stream), path);
        return true;
      } catch (const ReadFailure& failure) {
        sink.report({failure.code, path, 0, 0, {}, failure.message});
      }
    }
    return false;
  }

  void open_archive(const std::string& path, std::shared_ptr<const InputFile> file) {
    std::vector<ZipMember> found = zip_members(*file);
    if (const std::string document = document_named(found); !document.empty())
      throw ReadFailure{ProblemCode::other_format, "the file is " + document};
    archive = std::move(file);
    archive_path = path;
    members = std::move(found);
    next_member = 0;
    const bool any = std::any_of(members.begin(), members.end(), [](const ZipMember& each) {
      return may_hold_records(each.name) && !is_hidden(each.name);
    });
    if (!any)
      sink.report({ProblemCode::no_files,
                   path,
                   0,
                   0,
                   {},
                   "the archive has no file that could hold records"});
  }
  // Begins the archive's next member that may hold records; false: there is none.
  bool open_next_member() {
    while (next_member < members.size()) {
      const ZipMember& member = members[next_member++];
      const std::string name = archive_path + '/' + member.name;
      if (!may_hold_records(member.name) || is_hidden(member.name)) {
        sink.report({ProblemCode::passed_over, name, 0, 0, {}, std::string(not_named_in_archive)});
        continue;
      }
      // Stays in `names`, because records and problems refer to it.
      const std::string& file_name = names.emplace_back(name);
      try {
        auto stream = open_member(archive, member);
        sink.open([file = archive, member] { return open_member(file, member); });
        framer.open(std::move(stream), file_name);
        return true;
      } catch (const ReadFailure& failure) {
        sink.report({failure.code, file_name, 0, 0, {}, failure.message});
      }
    }
    members.clear();
    next_member = 0;
    archive.reset();
    return false;
  }
  // Hidden members are, for example, those that a Mac adds to archives. './' and '../' in a path do
  // not hide a member.
  static bool is_hidden(const std::string& name) {
    const std::filesystem::path path(name);
    return name.starts_with("__MACOSX/") ||
           std::any_of(path.begin(), path.end(), [](const std::filesystem::path& part) {
             const std::string& each = part.native();
             return each.starts_with('.') && each != "." && each != "..";
           });
  }

  const Source& source;
  std::shared_ptr<const InputFile> archive;
  std::string archive_path;
  std::vector<ZipMember> members;
  std::size_t next_member = 0;
  std::deque<std::string> names;
  DamageFirst sink;
  Framer framer;
  std::size_t next_input = 0, next_unread = 0, next_passed = 0;
};

std::vector<std::string> records_path(std::string_view text) {
  const auto refuse = [&] {
    throw Error("records: '" + std::string(text.substr(0, 100)) +
                "' is not a path; expected the keys that lead to the records, as in '$.body.data' "
                "(a list on the way means each of its elements)");
  };
  std::vector<std::string> steps;
  std::string_view rest = trim(text);
  if (!rest.starts_with('$')) refuse();
  rest.remove_prefix(1);
  while (!rest.empty()) {
    if (rest.starts_with("[*]") || rest.starts_with("[]")) {
      rest.remove_prefix(rest[1] == '*' ? 3 : 2);
      continue;
    }
    const bool quoted = rest.starts_with("['") || rest.starts_with("[\"");
    const std::string closer = quoted ? std::string(1, rest[1]) + "]" : "";
    if (!quoted && rest.front() != '.') refuse();
    rest.remove_prefix(quoted ? 2 : 1);
    const std::size_t end =
        quoted ? rest.find(closer) : std::min(rest.find_first_of(".["), rest.size());
    if (end == rest.npos || end == 0) refuse();
    steps.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + closer.size());
  }
  return steps;
}

RecordReader::RecordReader(const Source& source, const FramingRules& rules, ProblemSink& sink,
                           RecordEnds ends)
    : state_(std::make_unique<State>(source, rules, sink, ends)) {}

RecordReader::~RecordReader() = default;

bool RecordReader::next() {
  do {
    if (state_->framer.next()) {
      read_progress.records.fetch_add(1, std::memory_order_relaxed);
      return true;
    }
  } while (state_->open_next());
  return false;
}

const RawRecord& RecordReader::record() const {
  return state_->framer.record();
}

void RecordReader::report(const Problem& problem) {
  state_->sink.report(problem);
}

Recut RecordReader::recut() {
  return state_->framer.recut();
}

void RecordReader::resynchronise() {
  state_->framer.resynchronise();
}

}  // namespace cdr
