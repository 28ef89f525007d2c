// Writes records to files: framing, pages, and optionally defects with a list of them beside the
// file.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "writers.hpp"

namespace generator {

// A file that is written sequentially; "-" is standard output. Throws std::runtime_error with the
// name of the file.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  void write(std::string_view bytes);
  void close();

 private:
  std::string path_;
  std::FILE* file_;
};

// The records of one kind: one file, or a folder of pages.
class Output {
 public:
  // `total` is the total number of records that the vendor's answers state.
  Output(std::string path, const Framing& framing, std::uint64_t total = 0);
  void write(std::string_view record);
  void finish();
  std::uint64_t records() const { return records_; }

 private:
  void begin_file();
  void end_file();
  std::string path_;
  Framing framing_;
  std::uint64_t total_;
  std::uint64_t records_ = 0;
  std::uint64_t in_file_ = 0;
  std::uint64_t page_ = 0;
  std::unique_ptr<OutputFile> file_;
};

// Damages a share of the records and lists the damage: one JSON line for each record that was
// damaged or added.
//   truncated         cut at some byte
//   bad_utf8          a byte in a string that is not UTF-8
//   unknown_field     a field that the vendor does not have
//   number_as_string  a number in quotes
//   missing_value     a string replaced by null
//   stale_duplicate   after the record, an older copy of it that has no end yet
class Defects {
 public:
  Defects(std::uint32_t permille, std::uint64_t seed, const std::string& list_path,
          std::string_view end_key);
  // Passes the record to `output`, sometimes damaged.
  void pass(std::string_view record, Output& output);
  void finish() { list_.close(); }

 private:
  std::uint32_t permille_;
  Random random_;
  std::string_view end_key_;
  OutputFile list_;
};

}  // namespace generator
