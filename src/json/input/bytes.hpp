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

// Whether compressed bytes expand so much that they are probably meant to exhaust memory or time:
// to more than 200 times their number, beyond the first 1 MiB.
constexpr bool is_out_of_proportion(std::uint64_t output, std::uint64_t input) {
  return output > std::uint64_t{1024} * 1024 && output / 200 > input;
}

// The file's bytes. Recognises gz (also several members) and zst (also several frames) by their
// first bytes, not by their names. Refuses output that is out of proportion. Throws ReadFailure.
// When the whole file has been read, stores its fingerprint in `as_read`, if that is given.
std::unique_ptr<ByteStream> open_bytes(std::shared_ptr<InputFile> file,
                                       std::optional<Fingerprint>* as_read = nullptr);
std::unique_ptr<ByteStream> open_bytes(const std::string& path,
                                       std::optional<Fingerprint>* as_read = nullptr);
// The same, from the first byte of an open file. It is not opened by its name, which may mean
// another file by now.
std::unique_ptr<ByteStream> bytes_again(std::shared_ptr<const InputFile> file);
// The same for bytes in memory, which must outlive the stream.
std::unique_ptr<ByteStream> memory_bytes(std::string_view bytes);

// The same for a stream: decodes it if its first bytes say that it is compressed or UTF-16.
std::unique_ptr<ByteStream> decoded_bytes(std::unique_ptr<ByteStream> bytes);

// Reads a compressed stream to its end. Returns the failure that stops this and the number of
// decompressed bytes before it; nullopt if there is none, or if the stream is not compressed.
struct Damage {
  ReadFailure failure;
  std::uint64_t at;
};
std::optional<Damage> damage_of(ByteStream& stream);

}  // namespace cdr
