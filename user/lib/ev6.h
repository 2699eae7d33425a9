/* ev6.h - everything of the runtime that a program needs. */
#pragma once

#include "abi/signal.h"
#include "atomic.h"
#include "bitmap.h"
#include "ceq.h"
#include "event.h"
#include "evq.h"
#include "mbox.h"
#include "syscall.h"
#include "ucq.h"
#include "uspin.h"
#include "usync.h"
#include "uthread.h"
#include "vcore.h"
