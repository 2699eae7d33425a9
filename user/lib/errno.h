/* errno.h - why the last call failed, one for each uthread and vcore. */
#pragma once

#include "abi/errno.h"

/* Only the library's own calls say these. */
#define EDOM	33
#define ERANGE	34

extern __thread int errno;
