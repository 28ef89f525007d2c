#include "cli/xlsx_check.hpp"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <vector>

namespace cdr::cli {
namespace {

// From the ZIP format (APPNOTE.TXT of PKWARE): little-endian numbers at fixed places.
constexpr std::uint32_t end_mark = 0x06054b50, entry_mark = 0x02014b50;
constexpr std::size_t end_size = 22, entry_size = 46, local_size = 30;

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = size; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

class Archive {
 public:
  explicit Archive(const std::string& path) : file_(path, std::ios::binary) {
    file_.seekg(0, std::ios::end);
    const auto size = static_cast<std::uint64_t>(file_.tellg());
    if (!file_ || size < end_size) return;
    const std::string end = bytes(size - end_size, end_size);
    if (end.size() != end_size || number_at(end, 0, 4) != end_mark) return;
    const std::size_t directory_size = number_at(end, 12, 4);
    const std::string directory = bytes(number_at(end, 16, 4), directory_size);
    for (std::size_t at = 0; at + entry_size <= directory.size();) {
      if (number_at(directory, at, 4) != entry_mark) return;
      const std::size_t name = number_at(directory, at + 28, 2),
                        extra = number_at(directory, at + 30, 2),
                        comment = number_at(directory, at + 32, 2);
      entries_.push_back(
          {directory.substr(at + entry_size, name), number_at(directory, at + 42, 4)});
      at += entry_size + name + extra + comment;
    }
  }

  // How often `word` is in the archive's file of that name; nullopt if the file does not end with
  // `end`, or cannot be read to its end.
  std::optional<std::uint64_t> count(const std::string& name, std::string_view word,
                                     std::string_view end) {
    for (const Entry& entry : entries_)
      if (entry.name == name) return count(entry, word, end);
    return std::nullopt;
  }

 private:
  struct Entry {
    std::string name;
    std::uint64_t offset;
  };

  std::string bytes(std::uint64_t at, std::size_t size) {
    std::string read(size, '\0');
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(at));
    file_.read(read.data(), static_cast<std::streamsize>(size));
    read.resize(static_cast<std::size_t>(file_.gcount()));
    return read;
  }

  std::optional<std::uint64_t> count(const Entry& entry, std::string_view word,
                                     std::string_view end) {
    const std::string local = bytes(entry.offset, local_size);
    if (local.size() != local_size) return std::nullopt;
    const std::uint64_t begin =
        entry.offset + local_size + number_at(local, 26, 2) + number_at(local, 28, 2);
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return std::nullopt;
    const auto counted = count_inflated(stream, begin, word, end);
    inflateEnd(&stream);
    return counted;
  }

  std::optional<std::uint64_t> count_inflated(z_stream& stream, std::uint64_t at,
                                              std::string_view word, std::string_view end) {
    constexpr std::size_t chunk = std::size_t{1} << 18;
    std::vector<char> to(chunk);
    std::string text;         // what was inflated last, and the end of what came before it
    std::size_t counted = 0;  // up to this place in it
    std::uint64_t found = 0;
    for (int code = Z_OK; code != Z_STREAM_END;) {
      std::string from = bytes(at, chunk);
      if (from.empty()) return std::nullopt;
      at += from.size();
      stream.next_in = reinterpret_cast<Bytef*>(from.data());
      stream.avail_in = static_cast<uInt>(from.size());
      do {
        stream.next_out = reinterpret_cast<Bytef*>(to.data());
        stream.avail_out = static_cast<uInt>(chunk);
        code = inflate(&stream, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return std::nullopt;
        text.append(to.data(), chunk - stream.avail_out);
        for (std::size_t place = text.find(word, counted); place != text.npos;
             place = text.find(word, counted)) {
          ++found;
          counted = place + word.size();
        }
        // A word, or the end, may cross the border to the next chunk.
        const std::size_t kept = std::min(text.size(), std::max(word.size(), end.size()));
        const std::size_t gone = text.size() - kept;
        text.erase(0, gone);
        counted = counted > gone ? counted - gone : 0;
      } while (stream.avail_out == 0);
    }
    return text.ends_with(end) ? std::optional(found) : std::nullopt;
  }

  std::ifstream file_;
  std::vector<Entry> entries_;
};

}  // namespace

bool is_whole_workbook(const std::string& path, std::span<const std::uint64_t> rows) {
  Archive archive(path);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (archive.count("xl/worksheets/sheet" + std::to_string(i + 1) + ".xml", "</row>",
                      "</worksheet>") != rows[i])
      return false;
  return true;
}

}  // namespace cdr::cli
