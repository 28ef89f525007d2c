// Shared code of the fuzz targets ("doors"): each is one libFuzzer program, built from the file of
// its name.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace cdr::test {

// Reports a violation: the process aborts, and libFuzzer keeps the input.
[[noreturn]] inline void wrong(std::string_view what, std::string_view detail = {}) {
  std::fprintf(stderr, "%.*s: %.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(detail.size()), detail.data());
  std::abort();
}
inline void require(bool holds, std::string_view what, std::string_view detail = {}) {
  if (!holds) wrong(what, detail);
}
inline void require_utf8(std::string_view text, std::string_view what) {
  require(simdjson::validate_utf8(text.data(), text.size()), "not UTF-8", what);
}
inline bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

// An input that is consumed from its beginning.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}
  bool empty() const { return rest_.empty(); }
  std::size_t size() const { return rest_.size(); }
  unsigned byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  std::uint64_t number(int bytes) {
    std::uint64_t all = 0;
    for (int i = 0; i < bytes; ++i) all = all << 8 | byte();
    return all;
  }
  // The text up to a NUL, which is consumed too.
  std::string_view text() {
    const std::size_t end = rest_.find('\0');
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
    return text;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace cdr::test
