/*
 * vectors.h - the interrupt vectors that ev6 uses.
 *
 * Vectors below 32 are the processor's exceptions.  The local APIC serves the
 * highest first, so messages between cores overtake devices.
 */
#pragma once

#define VEC_TIMER	0x20	/* local APIC timer */
#define VEC_UART	0x24	/* console */
#define VEC_KMSG	0xf0	/* kernel messages wait for this core */
#define VEC_TLB		0xf1	/* forget translations [tlb-gen] */
#define VEC_SPURIOUS	0xff
