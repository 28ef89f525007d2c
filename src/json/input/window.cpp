#include "json/input/window.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/stop.hpp"
#include "json/document/document.hpp"

namespace cdr {
namespace {

constexpr std::size_t usual_bytes = std::size_t{256} * 1024;
constexpr std::size_t usual_least_read = usual_bytes / 4;
// Enough for the largest record and a read after it. More than that cannot be kept.
constexpr std::size_t max_bytes = max_record_bytes + usual_bytes;

std::unique_ptr<char[]> allocate(std::size_t size) {
  std::unique_ptr<char[]> bytes(new char[size + padding]);
  std::memset(bytes.get() + size, 0, padding);
  return bytes;
}

}  // namespace

void Window::open(std::unique_ptr<ByteStream> stream, std::size_t expected) {
  stream_ = std::move(stream);
  size_ = 0;
  begin_ = 0;
  // One byte more than expected, so that the read that finds the end needs no larger buffer.
  const std::size_t wanted = std::min(expected, usual_bytes - 1) + 1;
  least_read_ = expected < usual_bytes ? 1 : usual_least_read;
  if (wanted <= capacity_) return;
  bytes_.reset();
  bytes_ = allocate(wanted);
  capacity_ = wanted;
}

void Window::close() {
  stream_.reset();
}

void Window::make_room(std::uint64_t keep) {
  const std::uint64_t first = std::max(begin_, keep - std::min<std::uint64_t>(keep, lookback));
  const auto dropped = static_cast<std::size_t>(first - begin_);
  if (dropped != 0) {
    std::memmove(bytes_.get(), bytes_.get() + dropped, size_ - dropped);
    begin_ = first;
    size_ -= dropped;
  }
  if (capacity_ - size_ >= least_read_) return;
  const std::size_t wanted = std::min(std::max(capacity_ * 2, usual_bytes), max_bytes);
  if (wanted <= capacity_) return;
  auto larger = allocate(wanted);
  std::memcpy(larger.get(), bytes_.get(), size_);
  bytes_ = std::move(larger);
  capacity_ = wanted;
  least_read_ = usual_least_read;
}

bool Window::more(std::uint64_t keep) {
  if (capacity_ - size_ < least_read_) make_room(keep);
  check_stop();  // a skipped part may be long
  const std::size_t got = stream_->read(bytes_.get() + size_, capacity_ - size_);
  size_ += got;
  return got != 0;
}

}  // namespace cdr
