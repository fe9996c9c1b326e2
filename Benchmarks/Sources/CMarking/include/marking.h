// A function that does nothing, for callgrind to stop at.
#pragma once

void counting_mark(void);
