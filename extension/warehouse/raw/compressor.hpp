// Compresses small JSON records one by one with zstd, so that each can be read alone. A dictionary,
// if there is one, holds what the records of a kind have in common.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;
struct ZSTD_CDict_s;
struct ZSTD_DDict_s;

namespace cdr::ext {

// A trained dictionary, ready for both directions.
class Dictionary {
 public:
  explicit Dictionary(std::string_view bytes);
  ~Dictionary();
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;

  // Returns the bytes of a dictionary made from samples of one kind; "" if the samples have too
  // little in common, or are too few.
  static std::string train(std::span<const std::string_view> samples);

 private:
  friend class Compressor;
  ZSTD_CDict_s* compress_;
  ZSTD_DDict_s* decompress_;
};

class Compressor {
 public:
  Compressor();
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  // The result is valid until the next call. `dictionary` may be null.
  std::string_view compress(std::string_view bytes, const Dictionary* dictionary);
  // Writes to `to`, which has room for `size` bytes. Throws Error if `frame` is not a frame of that
  // size.
  void decompress(std::string_view frame, const Dictionary* dictionary, char* to, std::size_t size);

 private:
  ZSTD_CCtx_s* compress_;
  ZSTD_DCtx_s* decompress_;
  std::string buffer_;
};

}  // namespace cdr::ext
