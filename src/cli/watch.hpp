// A folder, and what arrives in it and below it: files that were closed after somebody wrote to
// them, and files that were moved there.
#pragma once

#include <set>
#include <string>
#include <unordered_map>

namespace cdr::cli {

class FolderWatch {
 public:
  // Throws Failure when there is no such folder, or the system gives no more watches.
  explicit FolderWatch(const std::string& folder);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  // Waits until something has arrived and nothing more comes for a moment, or a signal ends it.
  // Throws Failure when the folder itself is gone.
  void wait();

  // What is complete of that which arrived, in the order of its names; all that is there, the first
  // time. Only names that may hold records (see expand_path).
  std::set<std::string> take();

 private:
  bool read_events();
  void watch_below(const std::string& folder);

  std::string folder_;
  int descriptor_;
  std::unordered_map<int, std::string> folders_;  // by the number of their watch
  std::set<std::string> arrived_;
  bool is_all_new_ = true;  // everything is to be looked at
};

}  // namespace cdr::cli
