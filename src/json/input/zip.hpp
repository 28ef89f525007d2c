// Reads zip archives: the list of members, and each member's bytes.
//
// The central directory at the archive's end says where the members are, so they are read at
// arbitrary positions. Stored and deflated members can be read, encrypted ones cannot.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "json/input/bytes.hpp"

namespace cdr {

struct ZipMember {
  std::string name;
  std::uint64_t packed_bytes = 0, bytes = 0, header_at = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;
  bool is_encrypted = false;
};

// Whether the file begins like an archive.
bool is_zip(const InputFile& file);
// The archive's members without folders, in the directory's order. Throws ReadFailure.
std::vector<ZipMember> zip_members(const InputFile& file);
// A member's bytes, decompressed, and decompressed again if it is gz or zst itself. Throws
// ReadFailure, also during reading, because damage shows only at the end.
std::unique_ptr<ByteStream> open_member(std::shared_ptr<const InputFile> file,
                                        const ZipMember& member);
// Describes an archive that is really a document of some program: 'an Excel workbook (.xlsx)'. ""
// for other archives.
std::string document_named(const std::vector<ZipMember>& members);

}  // namespace cdr
