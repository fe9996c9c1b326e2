#include "skein.h"
#include <string.h>

// In C, since for comparisons of SIMD vectors the Swift compiler (6.3) makes a loop over their elements.

typedef uint8_t units16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));

static inline units16 units_at(const uint8_t *units) {
  units16 block;
  memcpy(&block, units, sizeof block);
  return block;
}

/// All ones where a newline may begin, otherwise zero.
static inline words2 candidates(units16 block) {
  units16 offset = block - 0x0a;
  return (words2)((offset < 4) | (block == 0xc2) | (block == 0xe2));
}

/// The number of units before the first that is marked, in a word in which one is.
static inline intptr_t first_marked(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_clzll(word) / 8;
#else
  return __builtin_ctzll(word) / 8;
#endif
}

intptr_t skein_newline_candidate(const uint8_t *units, intptr_t start, intptr_t end) {
  intptr_t offset = start;
  for (; end - offset >= 32; offset += 32) {
    words2 first = candidates(units_at(units + offset)), second = candidates(units_at(units + offset + 16));
    words2 either = first | second;
    if ((either[0] | either[1]) == 0) continue;
    if (first[0]) return offset + first_marked(first[0]);
    if (first[1]) return offset + 8 + first_marked(first[1]);
    if (second[0]) return offset + 16 + first_marked(second[0]);
    return offset + 24 + first_marked(second[1]);
  }
  for (; offset < end; offset++) {
    uint8_t unit = units[offset];
    if ((uint8_t)(unit - 0x0a) < 4 || unit == 0xc2 || unit == 0xe2) return offset;
  }
  return end;
}
