// The pool and the parallel sequences.
