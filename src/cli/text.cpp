#include "cli/text.hpp"

#include <clocale>
#include <cwchar>

#include "cli/failure.hpp"

namespace cdr::cli {
namespace {

constexpr char32_t control_pictures = 0x2400;
constexpr char32_t delete_picture = 0x2421;

// The C library knows every character's width in a locale that has all characters. It is set for
// this thread only, and only for characters: numbers and messages stay as they are.
void use_unicode_widths() {
  static thread_local const bool done = [] {
    if (locale_t unicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) ::uselocale(unicode);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

int width_of(char32_t character) {
  if (character < 0x7F) return 1;
  use_unicode_widths();
  const int width = ::wcwidth(static_cast<wchar_t>(character));
  return width < 0 ? 1 : width;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();)
    width += static_cast<std::size_t>(width_of(next_character(text, at)));
  return width;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    char32_t character = next_character(text, at);
    if (character < 0x20)
      character += control_pictures;
    else if (character == 0x7F)
      character = delete_picture;
    else if (is_active(character))
      character = replacement;
    append_character(shown, character);
  }
  return shown;
}

const std::string& require_utf8(std::string_view option, const std::string& value) {
  if (valid_utf8(value) == value) return value;
  throw Failure(std::string(option) + ": expected UTF-8, found '" + value +
                    "'; set the terminal, or the script, to UTF-8",
                exit_usage);
}

}  // namespace cdr::cli
