/* trampoline.h - where cores start: a page below 1 MiB that nothing uses. */
#pragma once

#define TRAMPOLINE	0x8000
