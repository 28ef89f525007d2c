#include "output.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace generator {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view what) {
  throw std::runtime_error("cannot " + std::string(what) + " '" + path +
                           "': " + std::generic_category().message(errno));
}

// The end of the JSON string that begins at `quote`: the position after its closing quote.
std::size_t behind_string(std::string_view json, std::size_t quote) {
  std::size_t at = quote + 1;
  while (json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at + 1;
}

// Replaces the value of `key`, a string or a number, by null. Returns false if there is none.
bool remove_value(std::string& record, std::string_view key) {
  const std::string name = "\"" + std::string(key) + "\":";
  const std::size_t at = record.find(name);
  if (at == std::string::npos) return false;
  const std::size_t from = at + name.size();
  if (record.compare(from, 4, "null") == 0) return false;
  const std::size_t to =
      record[from] == '"' ? behind_string(record, from) : record.find_first_of(",}]", from);
  record.replace(from, to - from, "null");
  return true;
}

// Each function damages `record` in its way if it can and returns whether it did; `at` is a random
// position in the record.
bool truncate(std::string& record, std::size_t at) {
  record.resize(std::max<std::size_t>(at, 1));
  return true;
}
bool break_utf8(std::string& record, std::size_t at) {
  const std::size_t value = record.find(":\"", at);
  if (value == std::string::npos) return false;
  record.insert(value + 2, "\xC3(");
  return true;
}
bool add_field(std::string& record, std::size_t) {
  record.insert(1, R"("generated_unknown":{"level":1,"tags":["a","b"]},)");
  return true;
}
bool quote_number(std::string& record, std::size_t at) {
  for (std::size_t i = record.find("\":", at); i != std::string::npos;
       i = record.find("\":", i + 2)) {
    const std::size_t from = i + 2;
    if (record[from] < '0' || record[from] > '9') continue;
    const std::size_t to = record.find_first_of(",}]", from);
    record.insert(to, 1, '"');
    record.insert(from, 1, '"');
    return true;
  }
  return false;
}
bool drop_value(std::string& record, std::size_t at) {
  const std::size_t value = record.find(":\"", at);
  if (value == std::string::npos) return false;
  record.replace(value + 1, behind_string(record, value + 1) - value - 1, "null");
  return true;
}

struct Damage {
  std::string_view kind;
  bool (*apply)(std::string& record, std::size_t at);
};
constexpr std::array damages{
    Damage{"truncated", truncate},       Damage{"bad_utf8", break_utf8},
    Damage{"unknown_field", add_field},  Damage{"number_as_string", quote_number},
    Damage{"missing_value", drop_value}, Damage{"stale_duplicate", nullptr},
};

}  // namespace

OutputFile::OutputFile(const std::string& path)
    : path_(path), file_(path == "-" ? stdout : std::fopen(path.c_str(), "wb")) {
  if (file_ == nullptr) fail(path_, "write");
  if (file_ != stdout) std::setvbuf(file_, nullptr, _IOFBF, std::size_t{1} << 20U);
}
OutputFile::~OutputFile() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
}
void OutputFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail(path_, "write to");
}
void OutputFile::close() {
  std::FILE* file = std::exchange(file_, nullptr);
  if ((file == stdout ? std::fflush(file) : std::fclose(file)) != 0) fail(path_, "finish");
}

Output::Output(std::string path, const Framing& framing, std::uint64_t total)
    : path_(std::move(path)), framing_(framing), total_(total) {
  if (framing_.page_size != 0) std::filesystem::create_directories(path_);
  begin_file();
}

void Output::begin_file() {
  ++page_;
  in_file_ = 0;
  file_ = std::make_unique<OutputFile>(
      framing_.page_size != 0 ? path_ + "/page-" + padded(page_, 6) + ".json" : path_);
  file_->write(framing_.open(page_, total_));
}

void Output::end_file() {
  if (in_file_ != 0 || !framing_.close.starts_with('\n'))
    file_->write(framing_.close);
  else
    file_->write(framing_.close.substr(1));
  file_->close();
}

void Output::write(std::string_view record) {
  if (framing_.page_size != 0 && in_file_ == framing_.page_size) {
    end_file();
    begin_file();
  }
  if (in_file_ != 0) file_->write(framing_.between);
  file_->write(record);
  ++in_file_;
  ++records_;
}

void Output::finish() {
  end_file();
}

Defects::Defects(std::uint32_t permille, std::uint64_t seed, const std::string& list_path,
                 std::string_view end_key)
    : permille_(permille), random_(hash(seed, 0xdefec7)), end_key_(end_key), list_(list_path) {}

void Defects::pass(std::string_view record, Output& output) {
  if (!random_.chance(permille_)) {
    output.write(record);
    return;
  }
  const Damage& damage = damages[random_.below(damages.size())];
  const std::size_t at = random_.below(static_cast<std::uint32_t>(record.size()));
  std::string damaged(record);
  if (damage.apply == nullptr) {
    output.write(record);
    if (!remove_value(damaged, end_key_)) return;
  } else if (!damage.apply(damaged, at) && !damage.apply(damaged, 0)) {
    output.write(record);
    return;
  }
  output.write(damaged);
  JsonText line;
  line.begin_object().key("record").integer(static_cast<std::int64_t>(output.records()));
  line.key("kind").text(damage.kind).end_object();
  line.out += '\n';
  list_.write(line.out);
}

}  // namespace generator
