#include "skein.h"
