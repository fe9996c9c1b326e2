// ParlayLib's part of a program, if its headers are there: Peers/build says how.
#pragma once
#include "rows.hpp"

#include <cstdlib>
#include <string>

#if __has_include(<parlay/primitives.h>)
#include <parlay/parallel.h>
#include <parlay/primitives.h>
#include <parlay/sequence.h>

#define WITH_PARLAYLIB(...) __VA_ARGS__

// ParlayLib has one scheduler in a process, which starts at its first use, with the calling thread for one of its own.
template <class Prepare, class Body, class Check>
void measure_parlaylib(const peers::Run& run, int threads, std::size_t items, Prepare prepare, Body body, Check check) {
  setenv("PARLAY_NUM_THREADS", std::to_string(threads).c_str(), 1);
  run.measure("ParlayLib", items, prepare, body, check);
}
#else
#define WITH_PARLAYLIB(...)
#endif
