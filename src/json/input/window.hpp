// The part of a stream that is in memory: contiguous, addressed by its offset in the stream, moving
// forward.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "json/input/bytes.hpp"

namespace cdr {

class Window {
 public:
  // Begins a stream. `expected` is its size if known: a short stream needs less memory.
  void open(std::unique_ptr<ByteStream> stream, std::size_t expected);
  void close();

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return begin_ + size_; }
  // The bytes from there to end(), followed by `padding` readable bytes. Valid until more().
  const char* at(std::uint64_t offset) const { return bytes_.get() + (offset - begin_); }

  // Reads more. Bytes before `keep` may be dropped, except the last `lookback` of them. false:
  // the end of the stream. Throws ReadFailure.
  bool more(std::uint64_t keep);
  static constexpr std::size_t lookback = 8;

  std::size_t capacity() const { return capacity_; }

 private:
  void make_room(std::uint64_t keep);

  std::unique_ptr<ByteStream> stream_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;  // without the padding
  std::size_t size_ = 0;
  std::size_t least_read_ = 1;
  std::uint64_t begin_ = 0;
};

}  // namespace cdr
