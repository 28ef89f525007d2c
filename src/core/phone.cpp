#include "core/phone.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "core/error.hpp"
#include "core/identity.hpp"
#include "core/text.hpp"

namespace cdr {
namespace {

constexpr int hidden_digits = 4;
constexpr std::size_t shortest_number = 5;

// All bytes beyond ASCII count as separators too, because numbers may contain no-break spaces and
// typographic dashes.
constexpr bool separates_digits(char c) {
  constexpr std::string_view punctuation = " \t-.()/";
  return punctuation.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
}

void hide_last_digits(std::string& text, const NumberInText& run) {
  int left = hidden_digits;
  for (std::size_t i = run.end; i > run.begin && left > 0; --i) {
    if (!is_digit(text[i - 1])) continue;
    text[i - 1] = '*';
    --left;
  }
}

template <std::size_t Size>
using Bytes = std::array<unsigned char, Size>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// The hash accepts keys of 16 to 64 bytes. Hashing the given key makes a key of 32 bytes from a key
// of any length.
Bytes<crypto_generichash_KEYBYTES> derived_key(std::string_view key) {
  if (key.size() < min_phone_key_bytes)
    throw Error("phone_token: the key has " + std::to_string(key.size()) +
                    " bytes, expected at least " + std::to_string(min_phone_key_bytes) +
                    ": a shorter key can be guessed, and with it every number; use for example 32 "
                    "random bytes",
                ErrorCode::mismatch);
  Bytes<crypto_generichash_KEYBYTES> derived{};
  crypto_generichash(derived.data(), derived.size(), bytes_of(key), key.size(), nullptr, 0);
  return derived;
}

std::string keyed_hash(std::string_view text, const Bytes<crypto_generichash_KEYBYTES>& key) {
  Bytes<crypto_generichash_BYTES_MIN> hash{};
  static_assert(hash.size() * 2 == phone_token_digits);
  crypto_generichash(hash.data(), hash.size(), bytes_of(text), text.size(), key.data(), key.size());
  std::array<char, hash.size() * 2 + 1> hex{};
  return sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
}

}  // namespace

std::optional<NumberInText> next_number(std::string_view text, std::size_t from) {
  NumberInText run{text.find_first_of("0123456789", from)};
  if (run.begin == text.npos) return std::nullopt;
  for (std::size_t i = run.begin; i < text.size(); ++i) {
    const char c = text[i];
    if (is_digit(c))
      ++run.digits;
    else if (c == '*')
      run.is_masked = true;
    else if (separates_digits(c))
      continue;
    else
      break;
    run.end = i + 1;
  }
  return run;
}

std::string phone_mask(std::string_view text) {
  std::string masked(text);
  std::size_t at = 0;
  while (const auto run = next_number(text, at)) {
    if (!run->is_masked && run->digits >= shortest_number) hide_last_digits(masked, *run);
    at = run->end;
  }
  return masked;
}

std::string phone_digits(std::string_view text) {
  text = text.substr(0, text.find_first_of("@;"));
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  if (digits.starts_with("00")) digits.erase(0, 2);
  return digits;
}

std::optional<std::string> phone_token(std::string_view text, std::string_view key) {
  static const bool ready = [] {
    // Returns 1 if another user of the library has initialised it. A failure may be temporary, so
    // the next call tries again.
    if (sodium_init() < 0)
      throw Error("phone_token: the libsodium library cannot be initialised on this system");
    return true;
  }();
  static_cast<void>(ready);
  Bytes<crypto_generichash_KEYBYTES> secret = derived_key(key);
  std::optional<std::string> token;
  if (text.find('*') == std::string_view::npos) {
    // The digits in an address with a name (as in e-mail) do not identify the subscriber.
    std::string subscriber = identity_of(text).value_or("");
    if (subscriber.find('@') == subscriber.npos) subscriber = phone_digits(text);
    if (!subscriber.empty()) token = keyed_hash(subscriber, secret);
  }
  sodium_memzero(secret.data(), secret.size());
  return token;
}

bool may_be_phone_token(std::string_view text) {
  return text.size() == phone_token_digits &&
         text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace cdr
