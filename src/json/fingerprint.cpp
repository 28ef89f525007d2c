#include "json/fingerprint.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <memory>
#include <new>

namespace cdr {
namespace {

constexpr std::size_t chunk = std::size_t{256} * 1024;

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : number_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::array<unsigned char, 16> canonical(XXH128_hash_t hash) {
  XXH128_canonical_t form;
  XXH128_canonicalFromHash(&form, hash);
  std::array<unsigned char, 16> bytes{};
  std::copy(std::begin(form.digest), std::end(form.digest), bytes.begin());
  return bytes;
}

Fingerprint described(const struct stat& status) {
  Fingerprint found;
  found.bytes = static_cast<std::uint64_t>(status.st_size);
  found.device = status.st_dev;
  found.inode = status.st_ino;
  found.modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  return found;
}

}  // namespace

struct RunningFingerprint::Hash {
  XXH3_state_t* state;
};
void RunningFingerprint::FreeHash::operator()(Hash* hash) const {
  XXH3_freeState(hash->state);
  delete hash;
}

RunningFingerprint::RunningFingerprint(int descriptor) : hash_(new Hash{XXH3_createState()}) {
  if (hash_->state == nullptr) throw std::bad_alloc();
  XXH3_128bits_reset(hash_->state);
  struct stat status {};
  if (::fstat(descriptor, &status) == 0) file_ = described(status);
}

void RunningFingerprint::add(std::string_view bytes) {
  XXH3_128bits_update(hash_->state, bytes.data(), bytes.size());
  bytes_ += bytes.size();
}

std::optional<Fingerprint> RunningFingerprint::finish() const {
  if (!file_ || file_->bytes != bytes_) return std::nullopt;
  Fingerprint found = *file_;
  found.hash = canonical(XXH3_128bits_digest(hash_->state));
  return found;
}

std::optional<Fingerprint> fingerprint_of_file(const std::string& path) {
  const Descriptor file(path);
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
    return std::nullopt;
  RunningFingerprint running(file.number());
  const auto buffer = std::make_unique<char[]>(chunk);
  while (true) {
    const ssize_t got = ::read(file.number(), buffer.get(), chunk);
    if (got < 0) return std::nullopt;
    if (got == 0) return running.finish();
    running.add({buffer.get(), static_cast<std::size_t>(got)});
  }
}

std::optional<std::uint64_t> size_of_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
}

Fingerprint fingerprint_of(std::string_view content) {
  Fingerprint found;
  found.bytes = content.size();
  found.hash = canonical(XXH3_128bits(content.data(), content.size()));
  return found;
}

bool is_untouched(const std::string& path, const Fingerprint& fingerprint) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  Fingerprint now = described(status);
  now.hash = fingerprint.hash;
  return now == fingerprint;
}

std::optional<FileIdentity> identity_of_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino};
}

}  // namespace cdr
