/*
 * post.h - what the posting functions of all mailbox types answer.
 */
#pragma once

#include "abi/event.h"

#define POST_NEW	0	/* the message is in the mailbox */
#define POST_COALESCED	1	/* it melted into one that was there */
#define POST_REFUSED(why)	(-1 - (int)(why))	/* enum ev_refusal */
