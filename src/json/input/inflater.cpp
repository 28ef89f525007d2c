#include "json/input/inflater.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>

namespace cdr {

Inflater::Inflater(Wrapper wrapper) : wrapper_(wrapper), state_(std::make_unique<inflate_state>()) {
  isal_inflate_init(state_.get());
  begin_again();
}
Inflater::~Inflater() = default;

void Inflater::begin_again() {
  isal_inflate_reset(state_.get());
  state_->crc_flag = wrapper_ == Wrapper::gzip ? ISAL_GZIP : ISAL_DEFLATE;
  result_ = ISAL_DECOMP_OK;
}

std::size_t Inflater::inflate(std::string_view& input, char* to, std::size_t size) {
  if (has_ended() || !damage().empty()) return 0;
  constexpr std::size_t most = std::size_t{1} << 30;  // its counters have 32 bits
  const auto given = static_cast<std::uint32_t>(std::min(input.size(), most));
  const auto room = static_cast<std::uint32_t>(std::min(size, most));
  state_->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(input.data()));
  state_->avail_in = given;
  state_->next_out = reinterpret_cast<std::uint8_t*>(to);
  state_->avail_out = room;
  result_ = isal_inflate(state_.get());
  input.remove_prefix(given - state_->avail_in);
  return room - state_->avail_out;
}

bool Inflater::has_ended() const {
  return state_->block_state == ISAL_BLOCK_FINISH && damage().empty();
}

std::string_view Inflater::damage() const {
  switch (result_) {
    case ISAL_INVALID_BLOCK:
      return "a block is not valid";
    case ISAL_INVALID_SYMBOL:
      return "a code is not valid";
    case ISAL_INVALID_LOOKBACK:
      return "a distance goes back too far";
    case ISAL_INVALID_WRAPPER:
      return "the header is not valid";
    case ISAL_UNSUPPORTED_METHOD:
      return "it is not deflated";
    case ISAL_INCORRECT_CHECKSUM:
      return "the checksum is not that of the data";
    default:
      return result_ < 0 ? "it cannot be inflated" : "";
  }
}

}  // namespace cdr
