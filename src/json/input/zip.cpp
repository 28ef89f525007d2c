#include "json/input/zip.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/stop.hpp"
#include "json/input/inflater.hpp"
#include "json/input/progress.hpp"

namespace cdr {
namespace {

constexpr std::uint32_t local_mark = 0x04034b50, central_mark = 0x02014b50, end_mark = 0x06054b50,
                        wide_end_mark = 0x06064b50, wide_locator_mark = 0x07064b50;
constexpr std::size_t local_bytes = 30, central_bytes = 46, end_bytes = 22, wide_end_bytes = 56,
                      wide_locator_bytes = 20;
constexpr std::size_t longest_comment = 65'535;
// Enough for the members of any export, and not more memory than a record may take.
constexpr std::size_t most_directory_bytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t buffer_bytes = std::size_t{64} * 1024;

ReadFailure damaged(const std::string& what) {
  return {ProblemCode::bad_compression, "the zip archive is damaged: " + what};
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number = 0;
  for (std::size_t i = sizeof number; i-- > 0;)
    number = static_cast<Number>(number << 8 | static_cast<unsigned char>(bytes[at + i]));
  return number;
}
std::uint16_t u16(std::string_view bytes, std::size_t at) {
  return number_at<std::uint16_t>(bytes, at);
}
std::uint32_t u32(std::string_view bytes, std::size_t at) {
  return number_at<std::uint32_t>(bytes, at);
}
std::uint64_t u64(std::string_view bytes, std::size_t at) {
  return number_at<std::uint64_t>(bytes, at);
}

// The `size` bytes at that place, or fewer if the file ends before.
std::string bytes_at(const InputFile& file, std::uint64_t at, std::size_t size) {
  if (at >= file.state().bytes) return {};
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, file.state().bytes - at));
  std::string bytes(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const std::size_t got = file.read_at(at + done, bytes.data() + done, size - done);
    if (got == 0) {
      bytes.resize(done);
      break;
    }
    done += got;
  }
  return bytes;
}

struct Directory {
  std::uint64_t at = 0, bytes = 0;
};

Directory directory_of(const InputFile& file) {
  const std::uint64_t size = file.state().bytes;
  const std::size_t looked_at =
      static_cast<std::size_t>(std::min<std::uint64_t>(size, end_bytes + longest_comment));
  const std::string tail = bytes_at(file, size - looked_at, looked_at);
  if (tail.size() < end_bytes) throw damaged("it has no directory");
  for (std::size_t at = tail.size() - end_bytes + 1; at-- > 0;) {
    if (u32(tail, at) != end_mark) continue;
    const Directory found{u32(tail, at + 16), u32(tail, at + 12)};
    constexpr std::uint32_t elsewhere = 0xffffffff;
    const std::uint64_t place = size - tail.size() + at;
    if (found.at != elsewhere && found.bytes != elsewhere) return found;
    if (place < wide_locator_bytes) break;
    const std::string locator = bytes_at(file, place - wide_locator_bytes, wide_locator_bytes);
    if (locator.size() < wide_locator_bytes || u32(locator, 0) != wide_locator_mark) break;
    const std::string wide = bytes_at(file, u64(locator, 8), wide_end_bytes);
    if (wide.size() < wide_end_bytes || u32(wide, 0) != wide_end_mark) break;
    return {u64(wide, 48), u64(wide, 40)};
  }
  throw damaged("it has no directory; it may have been cut short");
}

// Sizes that do not fit in 32 bits are in an extra field. It has only those, in this order.
void read_wide(std::string_view extra, ZipMember& member) {
  constexpr std::uint16_t wide_field = 1;
  constexpr std::uint64_t elsewhere = 0xffffffff;
  while (extra.size() >= 4) {
    const std::uint16_t id = u16(extra, 0);
    const std::size_t size = std::min<std::size_t>(u16(extra, 2), extra.size() - 4);
    std::string_view field = extra.substr(4, size);
    extra.remove_prefix(4 + size);
    if (id != wide_field) continue;
    for (std::uint64_t* const each : {&member.bytes, &member.packed_bytes, &member.header_at}) {
      if (*each != elsewhere || field.size() < 8) continue;
      *each = u64(field, 0);
      field.remove_prefix(8);
    }
  }
}

// The packed bytes of a member.
class Slice {
 public:
  Slice(std::shared_ptr<const InputFile> file, std::uint64_t at, std::uint64_t size)
      : file_(std::move(file)), at_(at), end_(at + size) {}
  std::size_t read(char* to, std::size_t size) {
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, end_ - at_));
    const std::size_t got = size == 0 ? 0 : file_->read_at(at_, to, size);
    at_ += got;
    read_progress.bytes.fetch_add(got, std::memory_order_relaxed);
    return got;
  }

 private:
  std::shared_ptr<const InputFile> file_;
  std::uint64_t at_, end_;
};

class MemberBytes : public ByteStream {
 public:
  MemberBytes(Slice packed, const ZipMember& member)
      : packed_(std::move(packed)), member_(member), buffer_(buffer_bytes) {}

  std::size_t read(char* to, std::size_t size) override {
    if (size == 0 || ended_) return 0;
    check_stop();
    const std::size_t got = member_.method == 0 ? packed_.read(to, size) : inflate_some(to, size);
    crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(to), got);
    written_ += got;
    if (is_out_of_proportion(written_, member_.packed_bytes))
      throw ReadFailure{ProblemCode::ratio, "expands to more than 200 times its compressed size"};
    if (got == 0) {
      ended_ = true;
      if (written_ != member_.bytes || crc_ != member_.crc)
        throw damaged("what a member holds is not what its checksum says");
    }
    return got;
  }
  bool is_compressed() const override { return true; }

 private:
  std::size_t inflate_some(char* to, std::size_t size) {
    std::size_t written = 0;
    while (!inflater_.has_ended() && written == 0) {
      if (left_.empty()) left_ = {buffer_.data(), packed_.read(buffer_.data(), buffer_.size())};
      const bool at_end = left_.empty();
      written = inflater_.inflate(left_, to, size);
      if (written > 0 || inflater_.has_ended()) break;
      if (!inflater_.damage().empty())
        throw damaged("a member is damaged: " + std::string(inflater_.damage()));
      if (at_end) throw damaged("a member ends too early");
    }
    return written;
  }

  Slice packed_;
  const ZipMember member_;
  std::vector<char> buffer_;
  std::string_view left_;  // the part of buffer_ that is not inflated yet
  Inflater inflater_{Inflater::Wrapper::none};
  uLong crc_ = 0;
  std::uint64_t written_ = 0;
  bool ended_ = false;
};

}  // namespace

bool is_zip(const InputFile& file) {
  const std::string first = bytes_at(file, 0, 4);
  return first.size() == 4 && (u32(first, 0) == local_mark || u32(first, 0) == end_mark);
}

std::vector<ZipMember> zip_members(const InputFile& file) {
  const Directory directory = directory_of(file);
  if (directory.bytes > most_directory_bytes)
    throw ReadFailure{ProblemCode::too_large, "the zip archive's directory is over 16 MiB"};
  const std::string entries =
      bytes_at(file, directory.at, static_cast<std::size_t>(directory.bytes));
  std::string_view rest = entries;
  std::vector<ZipMember> members;
  while (rest.size() >= central_bytes) {
    check_stop();
    if (u32(rest, 0) != central_mark) throw damaged("its directory has an invalid entry");
    const std::size_t name = u16(rest, 28), extra = u16(rest, 30), comment = u16(rest, 32);
    if (rest.size() < central_bytes + name + extra + comment)
      throw damaged("its directory ends too early");
    ZipMember member;
    member.is_encrypted = (u16(rest, 8) & 1) != 0;
    member.method = u16(rest, 10);
    member.crc = u32(rest, 16);
    member.packed_bytes = u32(rest, 20);
    member.bytes = u32(rest, 24);
    member.header_at = u32(rest, 42);
    member.name = rest.substr(central_bytes, name);
    read_wide(rest.substr(central_bytes + name, extra), member);
    rest.remove_prefix(central_bytes + name + extra + comment);
    if (!member.name.empty() && member.name.back() != '/') members.push_back(std::move(member));
  }
  return members;
}

std::unique_ptr<ByteStream> open_member(std::shared_ptr<const InputFile> file,
                                        const ZipMember& member) {
  constexpr std::uint16_t stored = 0, deflated = 8;
  if (member.is_encrypted)
    throw ReadFailure{ProblemCode::bad_compression,
                      "the member is encrypted; extract it with its password"};
  if (member.method != stored && member.method != deflated)
    throw ReadFailure{ProblemCode::bad_compression,
                      "the member is compressed by method " + std::to_string(member.method) +
                          ", not by deflate; extract it with unzip or 7z"};
  const std::string header = bytes_at(*file, member.header_at, local_bytes);
  if (header.size() < local_bytes || u32(header, 0) != local_mark)
    throw damaged("a member is not where the directory says");
  const std::uint64_t at = member.header_at + local_bytes + u16(header, 26) + u16(header, 28);
  if (at > file->state().bytes || member.packed_bytes > file->state().bytes - at)
    throw damaged("a member ends beyond the archive");
  return decoded_bytes(
      std::make_unique<MemberBytes>(Slice(std::move(file), at, member.packed_bytes), member));
}

std::string document_named(const std::vector<ZipMember>& members) {
  const auto has = [&](std::string_view name) {
    return std::any_of(members.begin(), members.end(),
                       [&](const ZipMember& each) { return each.name.starts_with(name); });
  };
  if (has("[Content_Types].xml"))
    return has("xl/") ? "an Excel workbook (.xlsx)" : "an Office document";
  if (has("META-INF/manifest.xml") && has("content.xml"))
    return "an OpenDocument spreadsheet or text";
  return {};
}

}  // namespace cdr
