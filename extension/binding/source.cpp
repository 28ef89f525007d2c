#include "extension/binding/source.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "extension/binding/value.hpp"
#include "vendors/vendor.hpp"

namespace cdr::ext {
namespace {

// Whether the content begins with a mark of an encoding or a compression. The reader's own message
// about such content is more precise.
bool is_marked(std::string_view content) {
  for (const std::string_view mark :
       {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF", "\x1F\x8B", "\x28\xB5\x2F\xFD"})
    if (content.starts_with(mark)) return true;
  return false;
}

bool may_be_records(std::string_view content) {
  if (is_marked(content)) return true;
  const std::string_view text = trim(content);
  if (text.empty()) return false;
  if (looks_like_json(text)) return true;
  std::string json;
  return framing_rules().line(trim(text.substr(0, text.find('\n'))), json);
}

const char* type_name(int type) {
  switch (type) {
    case SQLITE_INTEGER:
      return "an INTEGER";
    case SQLITE_FLOAT:
      return "a REAL";
    case SQLITE_BLOB:
      return "a BLOB";
    default:
      return "TEXT";
  }
}

}  // namespace

std::shared_ptr<const Source> source_of(sqlite3_value* value, std::string_view who) {
  const Argument argument(value);
  if (const auto* handle = argument.pointer<const std::shared_ptr<const Source>>(source_pointer))
    return *handle;
  if (argument.is_null()) return nullptr;
  const std::string_view content = argument.is_number() ? std::string_view() : argument.bytes();
  if (!may_be_records(content)) {
    std::string what = type_name(argument.type());
    if (!argument.is_number())
      what += content.empty() ? ", empty"
                              : " of " + std::to_string(content.size()) +
                                    (content.size() == 1 ? " byte" : " bytes") +
                                    " that is not a JSON object or list";
    throw Error(std::string(who) + ": expected JSON or cdr_file(path), found " + what +
                    "; to read a file write " + std::string(who) + "(cdr_file('path'))",
                ErrorCode::mismatch);
  }
  auto source = std::make_shared<Source>();
  source->content = content;
  source->named = content_name;
  return source;
}

}  // namespace cdr::ext
