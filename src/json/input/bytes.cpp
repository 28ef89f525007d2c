// Turns files into streams of bytes: a raw stream (a descriptor, or memory) at the bottom, and a
// decoder over it if the first bytes are those of gz or zst. A decoder delivers everything that it
// could decode before it throws.
#include "json/input/bytes.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "core/stop.hpp"
#include "core/text.hpp"
#include "json/input/inflater.hpp"
#include "json/input/progress.hpp"

namespace cdr {
namespace {

constexpr std::size_t input_bytes = std::size_t{128} * 1024;
// zstd's own limit is 128 MiB. Data compressed up to level 20 without --long needs at most 32 MiB.
constexpr int max_window_log = 26;
constexpr std::string_view gzip_mark = "\x1f\x8b";

std::size_t counted(std::size_t count) {
  read_progress.bytes.fetch_add(count, std::memory_order_relaxed);
  return count;
}

class FileBytes : public ByteStream {
 public:
  FileBytes(std::shared_ptr<InputFile> file, std::optional<Fingerprint>* as_read)
      : file_(std::move(file)), as_read_(as_read) {
    if (as_read_ != nullptr) running_.emplace(file_->state());
  }

  std::size_t read(char* to, std::size_t size) override {
    const std::size_t got = file_->read(to, size);
    if (running_ && got != 0) running_->add({to, got});
    if (running_ && got == 0) *as_read_ = running_->finish();
    return counted(got);
  }

 private:
  std::shared_ptr<InputFile> file_;
  std::optional<Fingerprint>* as_read_;
  std::optional<RunningFingerprint> running_;
};

// The bytes of a file from the first one on, independent of another stream that reads it.
class BytesAgain : public ByteStream {
 public:
  explicit BytesAgain(std::shared_ptr<const InputFile> file) : file_(std::move(file)) {}
  std::size_t read(char* to, std::size_t size) override {
    const std::size_t got = file_->read_at(at_, to, size);
    at_ += got;
    return counted(got);
  }

 private:
  std::shared_ptr<const InputFile> file_;
  std::uint64_t at_ = 0;
};

class MemoryBytes : public ByteStream {
 public:
  explicit MemoryBytes(std::string_view bytes) : bytes_(bytes) {}
  std::size_t read(char* to, std::size_t size) override {
    const std::size_t count = std::min(size, bytes_.size());
    if (count != 0) std::memcpy(to, bytes_.data(), count);
    bytes_.remove_prefix(count);
    return counted(count);
  }

 private:
  std::string_view bytes_;
};

// A stream whose first bytes have been read already.
class PeekedBytes : public ByteStream {
 public:
  PeekedBytes(std::string first, std::unique_ptr<ByteStream> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}
  std::size_t read(char* to, std::size_t size) override {
    if (given_ == first_.size()) return rest_->read(to, size);
    const std::size_t count = first_.copy(to, size, given_);
    given_ += count;
    return count;
  }

 private:
  std::string first_;
  std::size_t given_ = 0;
  std::unique_ptr<ByteStream> rest_;
};

// The common part of gz and zst. It buffers the input, limits the ratio, and holds back a failure
// until the bytes before it have been read.
class Decoder : public ByteStream {
 public:
  explicit Decoder(std::unique_ptr<ByteStream> input)
      : input_(std::move(input)), buffer_(input_bytes) {}

  std::size_t read(char* to, std::size_t size) final {
    std::size_t count = 0;
    if (!failure_) {
      try {
        while (count < size && !ended_) advance(to, size, count);
      } catch (const ReadFailure& failure) {
        failure_ = failure;
      }
    }
    if (count == 0 && failure_) throw *failure_;
    return count;
  }
  bool is_compressed() const final { return true; }

 protected:
  // Decodes from `input`, and removes the bytes that it used from its front. Returns the number of
  // bytes written. Throws ReadFailure.
  virtual std::size_t decode(std::string_view& input, char* to, std::size_t size) = 0;
  // Whether a member or frame has just ended, so that the file may end too.
  virtual bool at_boundary() const = 0;

 private:
  void advance(char* to, std::size_t size, std::size_t& count) {
    check_stop();
    if (input_left_.empty()) {
      const std::size_t got = input_->read(buffer_.data(), buffer_.size());
      input_left_ = {buffer_.data(), got};
      read_ += got;
    }
    // Even without input there may be output that had no room before.
    const bool input_ended = input_left_.empty();
    ended_ = input_ended && at_boundary();
    if (ended_) return;
    const std::size_t got = decode(input_left_, to + count, size - count);
    count += got;
    written_ += got;
    if (input_ended && got == 0)
      throw ReadFailure{ProblemCode::bad_compression, "the compressed data ends too early"};
    if (is_out_of_proportion(written_, read_ - input_left_.size()))
      throw ReadFailure{ProblemCode::ratio, "expands to more than 200 times its compressed size"};
  }

  std::unique_ptr<ByteStream> input_;
  std::vector<char> buffer_;
  std::string_view input_left_;
  std::uint64_t read_ = 0;
  std::uint64_t written_ = 0;
  bool ended_ = false;
  std::optional<ReadFailure> failure_;
};

class GzBytes : public Decoder {
 public:
  explicit GzBytes(std::unique_ptr<ByteStream> input) : Decoder(std::move(input)) {}

 protected:
  std::size_t decode(std::string_view& input, char* to, std::size_t size) override {
    if (member_.has_ended()) {
      is_behind_ = true;
      if (input.front() != gzip_mark.front()) throw failure();  // may be too short for a header
      member_.begin_again();
    }
    const std::size_t written = member_.inflate(input, to, size);
    if (written > 0) is_behind_ = false;
    // The bytes before the damage are delivered first.
    if (written == 0 && !member_.damage().empty()) throw failure();
    return written;
  }
  bool at_boundary() const override { return member_.has_ended(); }

 private:
  ReadFailure failure() const {
    if (is_behind_) {
      return {ProblemCode::bad_compression, "something that is not gzip follows the gzip data"};
    }
    return {ProblemCode::bad_compression,
            "the gzip data is damaged: " + std::string(member_.damage())};
  }

  Inflater member_{Inflater::Wrapper::gzip};
  bool is_behind_ = false;  // after a member, before the first byte of the next one
};

class ZstBytes : public Decoder {
 public:
  explicit ZstBytes(std::unique_ptr<ByteStream> input)
      : Decoder(std::move(input)), context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, max_window_log);
  }

 protected:
  std::size_t decode(std::string_view& input, char* to, std::size_t size) override {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    // One block at a time, because a call that meets damage loses the bytes that it has written.
    ZSTD_outBuffer out{to, std::min<std::size_t>(size, ZSTD_BLOCKSIZE_MAX), 0};
    const std::size_t result = ZSTD_decompressStream(context_.get(), &out, &in);
    if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) throw std::bad_alloc();
    if (ZSTD_isError(result) != 0) throw failure(ZSTD_getErrorCode(result));
    input.remove_prefix(in.pos);
    frame_ended_ = result == 0;
    return out.pos;
  }
  bool at_boundary() const override { return frame_ended_; }

 private:
  ReadFailure failure(ZSTD_ErrorCode error) const {
    if (error == ZSTD_error_frameParameter_windowTooLarge) {
      return {ProblemCode::bad_compression,
              "the zstd data needs a window of more than 64 MiB: compress it without --long and "
              "--ultra"};
    }
    if (error == ZSTD_error_prefix_unknown && frame_ended_) {
      return {ProblemCode::bad_compression, "something that is not zstd follows the zstd data"};
    }
    return {ProblemCode::bad_compression,
            std::string("the zstd data is damaged: ") + ZSTD_getErrorString(error)};
  }

  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool frame_ended_ = false;
};

// Converts UTF-16 with a byte order mark, as PowerShell and Windows programs write it, to UTF-8.
// Bytes without such a mark pass unchanged.
class Utf8Bytes : public ByteStream {
 public:
  explicit Utf8Bytes(std::unique_ptr<ByteStream> input) : input_(std::move(input)) {}

  std::size_t read(char* to, std::size_t size) override {
    if (!begun_) begin();
    if (!is_utf16_) return take(to, size);
    std::size_t count = 0;
    while (count < size) {
      if (given_ == pending_.size() && !convert(count == 0)) break;
      const std::size_t some = pending_.copy(to + count, size - count, given_);
      given_ += some;
      count += some;
    }
    return count;
  }
  bool is_compressed() const override { return input_->is_compressed(); }

 private:
  void begin() {
    begun_ = true;
    first_.resize(4);
    std::size_t size = 0;
    try {
      while (size < first_.size()) {
        const std::size_t got = input_->read(first_.data() + size, first_.size() - size);
        if (got == 0) break;
        size += got;
      }
    } catch (const ReadFailure& failure) {
      failure_ = failure;  // thrown after the bytes that came before it
    }
    first_.resize(size);
    const std::string_view mark = std::string_view(first_).substr(0, 2);
    const bool utf32 = first_ == std::string_view("\xff\xfe\0\0", 4);
    big_endian_ = mark == "\xfe\xff";
    is_utf16_ = !utf32 && (big_endian_ || mark == "\xff\xfe");
    if (is_utf16_) first_.erase(0, 2);
  }
  // The input's next bytes.
  std::size_t take(char* to, std::size_t size) {
    if (first_.empty() && failure_) throw *failure_;
    if (first_.empty()) return input_->read(to, size);
    const std::size_t count = first_.copy(to, size);
    first_.erase(0, count);
    return count;
  }
  // false: the input has ended, or has failed; a failure waits until the bytes before it have been
  // delivered.
  bool convert(bool may_fail) {
    if (failure_ && !may_fail) return false;
    check_stop();
    pending_.clear();
    given_ = 0;
    char buffer[4096];
    while (pending_.empty()) {
      std::size_t got = 0;
      try {
        got = take(buffer, sizeof buffer);
      } catch (const ReadFailure& failure) {
        failure_ = failure;
        if (may_fail) throw;
        return false;
      }
      for (std::size_t i = 0; i < got; ++i) add(static_cast<unsigned char>(buffer[i]));
      if (got != 0) continue;
      if (half_ || high_ != 0) append_character(pending_, replacement);  // cut within a character
      half_.reset();
      high_ = 0;
      return !pending_.empty();
    }
    return true;
  }
  void add(unsigned char byte) {
    if (!half_) {
      half_ = byte;
      return;
    }
    const char32_t unit = big_endian_ ? char32_t{*half_} << 8 | byte : char32_t{byte} << 8 | *half_;
    half_.reset();
    const bool is_low = unit >= 0xdc00 && unit < 0xe000;
    if (high_ != 0 && is_low) {
      append_character(pending_, 0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00));
      high_ = 0;
      return;
    }
    if (high_ != 0) append_character(pending_, replacement);
    high_ = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
    if (high_ == 0) append_character(pending_, is_low ? replacement : unit);
  }

  std::unique_ptr<ByteStream> input_;
  std::string first_;    // bytes that were read to find the mark
  std::string pending_;  // UTF-8 to be delivered
  std::size_t given_ = 0;
  std::optional<unsigned char> half_;  // of a unit
  char32_t high_ = 0;                  // the first half of a pair
  std::optional<ReadFailure> failure_;
  bool begun_ = false, is_utf16_ = false, big_endian_ = false;
};

bool is_gz(std::string_view first) {
  return first.starts_with(gzip_mark);
}
// A frame, or a skippable frame (as pzstd writes).
bool is_zst(std::string_view first) {
  return first.starts_with("\x28\xb5\x2f\xfd") ||
         (first.size() == 4 && (first[0] & 0xf0) == 0x50 && first.substr(1) == "\x2a\x4d\x18");
}

std::unique_ptr<ByteStream> decoded(std::unique_ptr<ByteStream> raw) {
  std::string first(4, '\0');
  std::size_t size = 0;
  while (size < first.size()) {
    const std::size_t got = raw->read(first.data() + size, first.size() - size);
    if (got == 0) break;
    size += got;
  }
  first.resize(size);
  const bool gz = is_gz(first);
  const bool zst = is_zst(first);
  std::unique_ptr<ByteStream> whole =
      std::make_unique<PeekedBytes>(std::move(first), std::move(raw));
  if (gz) whole = std::make_unique<GzBytes>(std::move(whole));
  if (zst) whole = std::make_unique<ZstBytes>(std::move(whole));
  return std::make_unique<Utf8Bytes>(std::move(whole));
}

}  // namespace

std::unique_ptr<ByteStream> open_bytes(std::shared_ptr<InputFile> file,
                                       std::optional<Fingerprint>* as_read) {
  return decoded(std::make_unique<FileBytes>(std::move(file), as_read));
}

std::unique_ptr<ByteStream> open_bytes(const std::string& path,
                                       std::optional<Fingerprint>* as_read) {
  return open_bytes(std::make_shared<InputFile>(path), as_read);
}

std::unique_ptr<ByteStream> bytes_again(std::shared_ptr<const InputFile> file) {
  return decoded(std::make_unique<BytesAgain>(std::move(file)));
}

std::unique_ptr<ByteStream> memory_bytes(std::string_view bytes) {
  return decoded(std::make_unique<MemoryBytes>(bytes));
}

std::unique_ptr<ByteStream> decoded_bytes(std::unique_ptr<ByteStream> bytes) {
  return decoded(std::move(bytes));
}

std::optional<Damage> damage_of(ByteStream& stream) {
  if (!stream.is_compressed()) return std::nullopt;
  std::vector<char> buffer(input_bytes);
  std::uint64_t read = 0;
  try {
    while (const std::size_t got = stream.read(buffer.data(), buffer.size())) read += got;
  } catch (const ReadFailure& failure) {
    return Damage{failure, read};
  }
  return std::nullopt;
}

}  // namespace cdr
