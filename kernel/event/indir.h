/*
 * indir.h - "look at that event queue".
 */
#pragma once

#include "event/delivery.h"

/*
 * A message lies in the ev_q's mailbox: tell a vcore to look there, unless
 * such a message is on its way already and not yet acknowledged.
 *
 * Context: as vcmsg.h, but no locks.
 */
void send_indir(const struct delivery *d);
