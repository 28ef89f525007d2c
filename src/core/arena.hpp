// Keeps the text that rows point to: a bump allocator that is emptied in one step. A string_view
// that `keep` returns stays valid until `clear` or `rewind`.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace cdr {

class Arena {
 public:
  // `size` writable bytes, valid until clear().
  char* allocate(std::size_t size) {
    if (size > left_) grow(size);
    char* at = next_;
    next_ += size;
    left_ -= size;
    return at;
  }
  std::string_view keep(std::string_view text) {
    if (text.empty()) return "";
    char* at = allocate(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }
  // Frees all but the first block, so that a loop over records allocates once.
  void clear() {
    if (blocks_.size() > 1) blocks_.resize(1);
    rewind();
  }
  // Frees only the blocks that were not used since the last call: for an arena that is filled
  // repeatedly to about the same size.
  void rewind() {
    if (used_ < blocks_.size()) blocks_.resize(used_);
    used_ = blocks_.empty() ? 0 : 1;
    next_ = blocks_.empty() ? nullptr : blocks_.front().bytes.get();
    left_ = blocks_.empty() ? 0 : blocks_.front().size;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  void grow(std::size_t size) {
    constexpr std::size_t block = std::size_t{16} * 1024;
    if (used_ == blocks_.size() || blocks_[used_].size < size) {
      const std::size_t wanted = size > block ? size : block;
      blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(used_),
                     {std::unique_ptr<char[]>(new char[wanted]), wanted});
    }
    next_ = blocks_[used_].bytes.get();
    left_ = blocks_[used_].size;
    ++used_;
  }
  std::vector<Block> blocks_;
  std::size_t used_ = 0;  // number of blocks in use; the last one may be partly free
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace cdr
