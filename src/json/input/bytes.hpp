// Bytes of a file, decompressed as they are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "json/input/file.hpp"
#include "json/input/fingerprint.hpp"

namespace cdr {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Up to `size` bytes; 0 at the end. Throws ReadFailure.
  virtual std::size_t read(char* to, std::size_t size) = 0;
  virtual bool is_compressed() const { return false; }
};

// The file's bytes; gz (also several members) and zst (also several frames) are known by their
// first bytes, not by their names. Refuses output over 200 times its input, past the first 1 MiB.
// Throws ReadFailure. When all of the file was read, its fingerprint goes to `as_read`, if that is
// given.
std::unique_ptr<ByteStream> open_bytes(std::shared_ptr<InputFile> file,
                                       std::optional<Fingerprint>* as_read = nullptr);
std::unique_ptr<ByteStream> open_bytes(const std::string& path,
                                       std::optional<Fingerprint>* as_read = nullptr);
// The same from the first byte on, of a file that is being read: the name may mean another by now.
std::unique_ptr<ByteStream> bytes_again(std::shared_ptr<const InputFile> file);
// The same of bytes in memory, which must outlive the stream.
std::unique_ptr<ByteStream> memory_bytes(std::string_view bytes);

// What the stream holds if its own first bytes say that it is compressed or UTF-16.
std::unique_ptr<ByteStream> decoded_bytes(std::unique_ptr<ByteStream> bytes);

// What ends the reading of a compressed stream, which is read to its end for it, and the number of
// decompressed bytes before it; nullopt when nothing does, or when it is not compressed.
struct Damage {
  ReadFailure failure;
  std::uint64_t at;
};
std::optional<Damage> damage_of(ByteStream& stream);

}  // namespace cdr
