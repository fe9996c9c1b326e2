#pragma once
#include <string>

/// A value that knows its address, so that only its move constructor can move it; with a string, which in some libraries does too.
class __attribute__((swift_attr("@Sendable"))) Anchored {
  const Anchored *self = this;
  std::string text;

public:
  long key;
  long serial;

  Anchored(long key, long serial);
  Anchored(const Anchored &other);
  Anchored(Anchored &&other);
  ~Anchored();

  bool isSound() const;
  /// How many there are.
  static long aliveCount();
  /// How many were found, at a copy, a move or their end, where they had not been put.
  static long misplacedCount();
};
