// The page: its template, filled with the style, the scripts and the data.
#include <string>

#include "cli/embedded.hpp"
#include "cli/report.hpp"

namespace cdr::cli {
namespace {

// JSON for a <script> element: no "<" may end the element or begin a comment, and no U+2028 or
// U+2029 may end a line, whatever a queue is called.
std::string embedded(const OrderedJson& json) {
  const std::string text = json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (text[i] == '<') {
      safe += "\\u003c";
    } else if (rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9")) {
      safe += text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      safe += text[i];
    }
  }
  return safe;
}

}  // namespace

const OrderedJson& page_words() {
  static const OrderedJson words = OrderedJson::parse(embedded_file("words.json"));
  return words;
}

std::string page_of(const OrderedJson& all, const std::string& language) {
  const OrderedJson& words = page_words();
  const std::string shown = language.empty() ? "en" : language;
  // The template is read once, from left to right, so that inserted text is not filled in again.
  const std::string_view page = embedded_file("report.html");
  std::string text;
  for (std::size_t at = 0;;) {
    const std::size_t begin = page.find("{{", at);
    text += page.substr(at, begin - at);
    if (begin == page.npos) return text;
    const std::size_t end = page.find("}}", begin);
    const std::string_view name = page.substr(begin + 2, end - begin - 2);
    at = end + 2;
    if (name == "data")
      text += embedded(all);
    else if (name == "words")
      text += embedded(words);
    else if (name == "language")
      text += shown;
    else if (name == "chosen")
      text += language;
    else if (name == "title")
      text += words.at(shown).at("title").get_ref<const std::string&>();
    else
      text += embedded_file(name);
  }
}

}  // namespace cdr::cli
