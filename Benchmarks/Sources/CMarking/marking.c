#include "marking.h"

__attribute__((noinline)) void counting_mark(void) { __asm__ volatile(""); }
