#include "Anchored.h"

#include <atomic>
#include <utility>

static std::atomic<long> alive, misplaced;

Anchored::Anchored(long key, long serial)
    : text("element number " + std::to_string(serial)), key(key), serial(serial) {
  alive++;
}

Anchored::Anchored(const Anchored &other) : text(other.text), key(other.key), serial(other.serial) {
  misplaced += other.self != &other;
  alive++;
}

Anchored::Anchored(Anchored &&other) : text(std::move(other.text)), key(other.key), serial(other.serial) {
  misplaced += other.self != &other;
  alive++;
}

Anchored::~Anchored() {
  misplaced += self != this;
  alive--;
}

bool Anchored::isSound() const { return self == this && text == "element number " + std::to_string(serial); }

long Anchored::aliveCount() { return alive; }
long Anchored::misplacedCount() { return misplaced; }
