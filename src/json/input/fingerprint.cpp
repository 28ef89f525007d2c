#include "json/input/fingerprint.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <memory>
#include <new>

#include "core/error.hpp"
#include "core/stop.hpp"
#include "json/document/problem.hpp"

namespace cdr {
namespace {

constexpr std::size_t chunk = std::size_t{256} * 1024;

std::array<unsigned char, 16> canonical(XXH128_hash_t hash) {
  XXH128_canonical_t form;
  XXH128_canonicalFromHash(&form, hash);
  std::array<unsigned char, 16> bytes{};
  std::copy(std::begin(form.digest), std::end(form.digest), bytes.begin());
  return bytes;
}

// Runs `look`, and turns its ReadFailure into an Error that names the file.
template <class Look>
auto with_name(const std::string& path, Look&& look) {
  try {
    return look();
  } catch (const ReadFailure& failure) {
    throw Error(
        Problem{failure.code, path, 0, 0, {}, failure.message}.text(Problem::Skipping::impossible),
        ErrorCode::io);
  }
}

}  // namespace

struct RunningFingerprint::Hash {
  XXH3_state_t* state;
};
void RunningFingerprint::FreeHash::operator()(Hash* hash) const {
  XXH3_freeState(hash->state);
  delete hash;
}

RunningFingerprint::RunningFingerprint(const FileState& file)
    : hash_(new Hash{XXH3_createState()}), file_(file) {
  if (hash_->state == nullptr) throw std::bad_alloc();
  XXH3_128bits_reset(hash_->state);
}

void RunningFingerprint::add(std::string_view bytes) {
  XXH3_128bits_update(hash_->state, bytes.data(), bytes.size());
  bytes_ += bytes.size();
}

std::optional<Fingerprint> RunningFingerprint::finish() const {
  if (file_.bytes != bytes_) return std::nullopt;
  return Fingerprint{file_, canonical(XXH3_128bits_digest(hash_->state))};
}

std::optional<Fingerprint> fingerprint_of_file(const std::string& path) {
  return with_name(path, [&] {
    InputFile file(path);
    RunningFingerprint running(file.state());
    const auto buffer = std::make_unique<char[]>(chunk);
    while (const std::size_t got = file.read(buffer.get(), chunk)) {
      check_stop();
      running.add({buffer.get(), got});
    }
    return running.finish();
  });
}

FileState require_file(const std::string& path) {
  return with_name(path, [&] { return state_of_file(path); });
}

std::string require_location(const std::string& path) {
  return with_name(path, [&] { return location_of_file(path); });
}

Fingerprint fingerprint_of(std::string_view content) {
  Fingerprint found;
  found.bytes = content.size();
  found.hash = canonical(XXH3_128bits(content.data(), content.size()));
  return found;
}

std::optional<FileState> state_if_there(const std::string& path) {
  return with_name(path, [&]() -> std::optional<FileState> {
    try {
      return state_of_file(path);
    } catch (const ReadFailure& failure) {
      if (failure.code == ProblemCode::unreadable) throw;
      return std::nullopt;
    }
  });
}

bool is_untouched(const std::string& path, const FileState& before) {
  return state_if_there(path) == before;
}

}  // namespace cdr
