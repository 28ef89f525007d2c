// The only functions that read files. They are DIRECTONLY, so that a hostile database cannot read
// files through a view or trigger.
#include <algorithm>
#include <iterator>

#include "core/error.hpp"
#include "extension/binding/function.hpp"
#include "extension/binding/interruption.hpp"
#include "extension/binding/source.hpp"
#include "json/document/type_name.hpp"
#include "json/input/standard_input.hpp"

namespace cdr::ext {
namespace {

using OnError = SourceOptions::OnError;
constexpr std::pair<std::string_view, OnError> on_error_names[] = {
    {"fail", OnError::fail}, {"skip", OnError::skip}, {"strict", OnError::strict}};

OnError on_error_named(std::string_view name) {
  for (const auto& [known, value] : on_error_names)
    if (known == name) return value;
  throw Error("cdr_file: on_error is 'fail' (the default), 'skip' or 'strict', not '" +
              std::string(name) + "'");
}

unsigned threads_in(Node value) {
  const std::string given(value.raw());
  if (given == "1" || given == "\"1\"") return 1;
  if (given == "2" || given == "\"2\"") return 2;
  throw Error("cdr_file: threads is 1 or 2, not " + given.substr(0, 20));
}

SourceOptions options_of(std::string_view text) {
  SourceOptions options;
  Document document;
  const bool is_json = !document.parse_copy(text);
  if (!document.root().is_object())
    throw Error(
        "cdr_file: expected the options as a JSON object, as in "
        "'{\"on_error\":\"skip\"}', found " +
            (is_json ? std::string("a JSON ") + json_type_name(document.root().type())
                     : "text that is not JSON"),
        ErrorCode::mismatch);
  for (const Node value : document.root().children()) {
    const std::string key(value.key());
    if (key == "threads") {
      options.threads = threads_in(value);
      continue;
    }
    constexpr std::string_view texts[] = {"on_error", "source", "zone", "records"};
    if (std::find(std::begin(texts), std::end(texts), key) == std::end(texts))
      throw Error("cdr_file: there is no option \"" + key +
                  "\"; there are on_error, source, zone, records and threads");
    if (value.type() != Node::Type::string)
      throw Error("cdr_file: option \"" + key + "\" takes a JSON string, found a JSON " +
                      json_type_name(value.type()),
                  ErrorCode::mismatch);
    const std::string given(value.string());
    if (key == "on_error")
      options.on_error = on_error_named(given);
    else if (key == "source")
      options.label = given;
    else if (key == "zone") {
      options.zone = Zone::named(given);
      options.names_zone = true;
    } else {
      options.records = records_path(given);
    }
  }
  return options;
}

std::string path_of(const Argument& argument) {
  if (!argument.is_text())
    throw Error(std::string("cdr_file: expected a path as TEXT, found ") +
                    (argument.is_blob() ? "a BLOB; a table takes a file's content itself, as in "
                                          "cdr_dialog(readfile('export.json'))"
                                        : "a number"),
                ErrorCode::mismatch);
  const std::string_view path = argument.text();
  if (path.empty())
    throw Error("cdr_file: the path is empty; name a file, a folder or a glob",
                ErrorCode::mismatch);
  const bool is_json = path.starts_with("{\"") || path.starts_with("[{");
  if (is_json || path.find('\0') != path.npos)
    throw Error(std::string("cdr_file: expected a path, found ") +
                    (is_json ? "JSON; a table takes JSON itself, as in cdr_dialog('[...]')"
                             : "text with a NUL"),
                ErrorCode::mismatch);
  return std::string(path);
}

void take_standard_input(Call& call, Source& source) {
  Interruption interruption(sqlite3_context_db_handle(call.context()));
  const Interruption::Work work(interruption);
  try {
    source.held = cdr::take_standard_input();
  } catch (const Error& error) {
    throw Error(std::string("cdr_file: ") + error.what(), error.code());
  }
  source.paths = {source.named};
}

using Handle = std::shared_ptr<const Source>;

void forget(void* handle) {
  delete static_cast<Handle*>(handle);
}

void give(Call& call, const Handle& source) {
  sqlite3_result_pointer(call.context(), new Handle(source), source_pointer, forget);
}

// The inner loop of a join calls again for each row. As long as the statement runs, SQLite remembers
// with an argument that is constant what was made of it, so that all calls give one source. It holds
// what was read of standard input, too, until the next SELECT of a UNION ALL asks for it.
const Handle* made_before(Call& call) {
  const Handle* handle = nullptr;
  for (std::size_t i = 0; i < call.size(); ++i) {
    handle = static_cast<Handle*>(sqlite3_get_auxdata(call.context(), static_cast<int>(i)));
    if (handle == nullptr) return nullptr;
  }
  return handle;
}

void cdr_file(Call& call) {
  if (!call.has(0)) return call.null();
  if (const Handle* const before = made_before(call)) return give(call, *before);
  auto source = std::make_shared<Source>();
  source->is_content = false;
  source->named = path_of(call[0]);
  if (call.has(1)) source->options = options_of(call[1].text());
  if (source->named == standard_input_name) {
    take_standard_input(call, *source);
  } else {
    Expansion expansion = expand_path(source->named);
    source->paths = std::move(expansion.paths);
    source->unread = std::move(expansion.unread);
    source->passed_over = std::move(expansion.passed_over);
  }
  const Handle handle = std::move(source);
  for (std::size_t i = 0; i < call.size(); ++i)
    sqlite3_set_auxdata(call.context(), static_cast<int>(i), new Handle(handle), forget);
  give(call, handle);
}

void cdr_version(Call& call) {
  call.text(CDR_VERSION);
}

constexpr Function file_list[] = {
    {"cdr_file", 1, 2, "cdr_file(path [, options])",
     "a handle on a file, a glob or a folder, for the tables to read: JSON text, .gz, .zst or "
     ".zip. The path - is standard input, which only one statement can read. Options, a JSON "
     "object: on_error (fail, skip, strict), source (tenant label), zone (of times without an "
     "offset), records (where the records are in an answer, as in $.body.data), threads (1: no "
     "second thread reads ahead; by default one does if there are two cores and CDR_THREADS is not "
     "1). The handle lives as long as the statement. It is NULL when it is shown, kept in a table "
     "or passed on by a materialised subquery, and a table that is given NULL reads the warehouse",
     "cdr_file('../../samples/conpeek/seed_dialog.json')", "", Effect::reads, cdr_file},
    {"cdr_version", 0, 0, "cdr_version()", "the version of libcdr", "cdr_version()", CDR_VERSION,
     Effect::pure, cdr_version},
};

}  // namespace

std::span<const Function> file_functions() {
  return file_list;
}

}  // namespace cdr::ext
