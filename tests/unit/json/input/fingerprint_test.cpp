// A file's fingerprint: it is the same when it is computed alone and while the records are read.
#include "json/input/fingerprint.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "folder.hpp"
#include "json/input/bytes.hpp"

using namespace cdr;

namespace {

std::optional<Fingerprint> of_reading(const std::string& path, std::size_t most) {
  std::optional<Fingerprint> found;
  const auto stream = open_bytes(path, &found);
  std::string buffer(1000, ' ');
  for (std::size_t read = 0; read < most;) {
    const std::size_t got = stream->read(buffer.data(), buffer.size());
    if (got == 0) break;
    read += got;
  }
  return found;
}

void write_gz(const std::string& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
          static_cast<int>(text.size()));
  gzclose(file);
}

}  // namespace

TEST_CASE("a file's fingerprint as it is read is that of the file") {
  const test::Folder folder;
  std::string text;
  for (long i = 0; i < 50000; ++i) text += std::to_string(i * i) + '\n';
  const std::string plain = folder.write("plain.json", text), packed = folder / "packed.json.gz";
  write_gz(packed, text);
  for (const std::string& path : {plain, packed, folder.write("empty.json", "")}) {
    CAPTURE(path);
    const auto expected = fingerprint_of_file(path);
    REQUIRE(expected);
    CHECK(of_reading(path, std::string::npos) == expected);
    CHECK(require_file(path).bytes == expected->bytes);
    CHECK(is_untouched(path, *expected));
  }
  CHECK(fingerprint_of_file(plain)->hash == fingerprint_of(text).hash);
  CHECK(fingerprint_of_file(plain)->hash != fingerprint_of_file(packed)->hash);
}

TEST_CASE("a file that is not read to its end has no fingerprint from that") {
  const test::Folder folder;
  const std::string path = folder.write("long.json", std::string(5000, ' '));
  CHECK(!of_reading(path, 3000));
}

TEST_CASE("a file that cannot be looked at is neither untouched nor another one") {
  const test::Folder folder;
  const std::string path = folder.write("a.json", "{}");
  const FileState state = require_file(path);
  CHECK(is_untouched(path, state));
  CHECK(state_if_there(path) == state);
  const std::string other = folder.write("b.json", "{}");
  CHECK(!is_untouched(other, state));
  CHECK(state_if_there(other) != state);
  // The path does not exist, or is not a file.
  for (const std::string& absent : {folder / "none.json", path + "/below", folder.path()}) {
    CAPTURE(absent);
    CHECK(!is_untouched(absent, state));
    CHECK(!state_if_there(absent));
    CHECK_THROWS_AS(require_file(absent), Error);
    CHECK_THROWS_AS(fingerprint_of_file(absent), Error);
  }
  // The name cannot be looked up.
  std::filesystem::create_symlink("loop", folder / "loop");
  for (const std::string& unknown : {folder / "loop", folder / std::string(300, 'n')}) {
    CAPTURE(unknown);
    CHECK_THROWS_WITH_AS(is_untouched(unknown, state), doctest::Contains("(unreadable)"), Error);
    CHECK_THROWS_WITH_AS(state_if_there(unknown), doctest::Contains("(unreadable)"), Error);
    CHECK_THROWS_WITH_AS(require_file(unknown), doctest::Contains("(unreadable)"), Error);
    CHECK_THROWS_WITH_AS(fingerprint_of_file(unknown), doctest::Contains("(unreadable)"), Error);
  }
}

TEST_CASE("a file that is cut while it is read does not end there") {
  const test::Folder folder;
  const std::string path = folder.write("long.json", std::string(5000, ' '));
  InputFile file(path);
  std::string buffer(1000, ' ');
  REQUIRE(file.read(buffer.data(), buffer.size()) == 1000);
  std::filesystem::resize_file(path, 500);
  try {
    file.read(buffer.data(), buffer.size());
    FAIL("it ends");
  } catch (const ReadFailure& failure) {
    CHECK(failure.code == ProblemCode::unreadable);
    CHECK(failure.message ==
          "cannot be read further: it ended after 1000 of its 5000 bytes, because it was truncated "
          "while it was read");
  }
}

TEST_CASE("a file that grows while it is read is not the one that it was") {
  const test::Folder folder;
  const std::string path = folder.write("long.json", std::string(5000, ' '));
  std::optional<Fingerprint> found;
  const auto stream = open_bytes(path, &found);
  std::string buffer(1000, ' ');
  REQUIRE(stream->read(buffer.data(), buffer.size()) > 0);
  std::ofstream(path, std::ios::app) << "more";
  while (stream->read(buffer.data(), buffer.size()) > 0) {
  }
  CHECK(!found);
}
