// The work-stealing deque.
