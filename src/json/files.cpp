// Which files a path means. Globs know '*', '?' and '[…]' as the shell does, and '**' for folders
// of any depth.
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/text.hpp"
#include "json/source.hpp"

namespace cdr {
namespace {

constexpr std::string_view endings[] = {".json", ".ndjson", ".jsonl", ".txt", ".csv"};
constexpr std::string_view compressions[] = {"", ".gz", ".zst"};

bool ends_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

bool may_hold_records(std::string_view name) {
  for (const std::string_view compression : compressions) {
    if (!ends_ignoring_case(name, compression)) continue;
    const std::string_view rest = name.substr(0, name.size() - compression.size());
    for (const std::string_view ending : endings)
      if (rest.size() > ending.size() && ends_ignoring_case(rest, ending)) return true;
  }
  return false;
}

std::string joined(const std::string& folder, const std::string& name) {
  if (folder.empty() || folder.back() == '/') return folder + name;
  return folder + '/' + name;
}

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

// The names in a folder ("" = the current one), by bytes, so that which of two links to a folder is
// followed does not depend on the file system.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder.empty() ? "." : folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    names.push_back(entry->path().filename().string());
  if (error) {
    throw Error("cannot list the folder '" + folder + "': " + error.message() +
                    "; check its permissions, or name the files in it",
                ErrorCode::io);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Folders that were entered, by device and inode: links may make circles.
class Visited {
 public:
  bool enter(const std::string& folder) {
    struct stat status {};
    if (::stat(folder.empty() ? "." : folder.c_str(), &status) != 0) return false;
    return seen_.emplace(status.st_dev, status.st_ino).second;
  }

 private:
  std::set<std::pair<dev_t, ino_t>> seen_;
};

// Every folder below `root` (itself first) that is not hidden.
std::vector<std::string> folders_below(const std::string& root) {
  Visited visited;
  std::vector<std::string> folders;
  if (visited.enter(root)) folders.push_back(root);
  for (std::size_t next = 0; next < folders.size(); ++next) {
    const std::string folder = folders[next];
    for (const std::string& name : names_in(folder)) {
      std::string path = joined(folder, name);
      if (name.front() != '.' && is_folder(path) && visited.enter(path))
        folders.push_back(std::move(path));
    }
  }
  return folders;
}

void add_files_below(const std::string& root, std::vector<std::string>& files) {
  for (const std::string& folder : folders_below(root))
    for (const std::string& name : names_in(folder)) {
      if (name.front() == '.' || !may_hold_records(name)) continue;
      std::string path = joined(folder, name);
      // A FIFO, a dangling link and the like are taken too: the reader says why they cannot be
      // read.
      if (!is_folder(path)) files.push_back(std::move(path));
    }
}

bool is_pattern(std::string_view part) {
  return part.find_first_of("*?[") != part.npos;
}

// The paths that a glob matches, folders included. Works through its parts from the left, on all
// matches so far.
std::vector<std::string> matches(std::string_view pattern) {
  std::vector<std::string> found = {pattern.starts_with('/') ? "/" : ""};
  while (!pattern.empty()) {
    const std::size_t slash = std::min(pattern.find('/'), pattern.size());
    const std::string part(pattern.substr(0, slash));
    pattern.remove_prefix(std::min(slash + 1, pattern.size()));
    if (part.empty()) continue;
    std::vector<std::string> next;
    for (const std::string& base : found) {
      if (part == "**") {
        const auto below = folders_below(base);
        next.insert(next.end(), below.begin(), below.end());
      } else if (!is_pattern(part)) {
        if (exists(joined(base, part))) next.push_back(joined(base, part));
      } else if (base.empty() || is_folder(base)) {
        for (const std::string& name : names_in(base))
          if (::fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) == 0)
            next.push_back(joined(base, name));
      }
    }
    found = std::move(next);
  }
  return found;
}

std::vector<std::string> files_matching(std::string_view pattern) {
  std::vector<std::string> files;
  for (std::string& path : matches(pattern)) {
    if (is_folder(path)) {
      add_files_below(path, files);
    } else if (may_hold_records(path)) {
      files.push_back(std::move(path));
    }
  }
  return files;
}

}  // namespace

std::vector<std::string> expand_path(std::string_view path) {
  const std::string named(path);
  if (named.empty()) throw Error("a path is empty; name a file, a folder or a glob", ErrorCode::io);
  const bool folder = is_folder(named);
  // A name that exists means itself, whatever characters it has; one that does not is left to the
  // reader to report.
  if (!folder && (exists(named) || !is_pattern(named))) return {named};
  std::vector<std::string> files;
  if (folder) {
    add_files_below(named, files);
  } else {
    files = files_matching(named);
  }
  if (files.empty()) {
    const Problem problem{ProblemCode::no_files,
                          named,
                          0,
                          0,
                          "",
                          folder ? "the folder has no file that could hold records"
                                 : "nothing that could hold records matches"};
    throw Error(problem.text(), ErrorCode::io);
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace cdr
