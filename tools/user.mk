# user.mk - build the user library, the programs and the initramfs.
#
# Programs keep their symbols in $(O)/user/bin/NAME.elf, for GDB; the
# initramfs gets stripped copies, as bin/NAME.

ULIB	:= $(wildcard user/lib/*.c user/lib/*.S)
UPROG	:= $(wildcard user/bin/*.c user/tests/*.c)
USRC	:= $(ULIB) $(UPROG)
UELF	:= $(patsubst %.c,$(O)/user/bin/%.elf,$(notdir $(UPROG)))

ifneq ($(words $(UELF)),$(words $(sort $(UELF))))
$(error two programs in user/bin and user/tests have the same name)
endif

# Of the kernel, user code can include "abi/..." and nothing else.  Where the
# tree has been copied with what is built in it, the link is still the other's.
UFLAGS	:= $(CFLAGS) -Iuser/lib -Iuser/tests -I$(O)/include

$(O)/include/abi: FORCE
	@mkdir -p $(@D)
	@[ $@ -ef kernel/abi ] || ln -sfn "$(CURDIR)/kernel/abi" $@

$(O)/user/%.o: user/% $(O)/flags | $(O)/include/abi
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(UFLAGS) -c -o $@ $<

# Of an archive a linker takes the first that has a name, and says nothing of
# the second, so linking all of it at once comes first.
$(O)/user/libev6.a: $(ULIB:%=$(O)/%.o) $(O)/sources
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(LD) -m elf_x86_64 -r -o $@.o $(filter %.o,$^) && rm $@.o
	$(Q)$(AR) rcsD $@ $(filter %.o,$^)

ULINK	= $(LD) $(LDFLAGS) -u _start -T user/lib/user.ld -o $@ $< \
	$(O)/user/libev6.a

$(O)/user/bin/%.elf: $(O)/user/bin/%.c.o $(O)/user/libev6.a user/lib/user.ld
	$(call say,LD,$@)
	$(Q)$(ULINK)

$(O)/user/bin/%.elf: $(O)/user/tests/%.c.o $(O)/user/libev6.a user/lib/user.ld
	$(call say,LD,$@)
	$(Q)$(ULINK)

$(O)/initramfs.cpio: $(UELF) README.md $(O)/sources
	$(call say,CPIO,$@)
	$(Q)tools/initramfs $(O)/initramfs '$(STRIP)' $(UELF) README.md >$@

# `make posix POSIX="DIR/NAME.c ..."`: a machine in $(O)/posix whose programs are
# the shell and these: ordinary ones that Linux builds from the same source.
# Warnings are their authors' business.
POSIX	?=
PELF	:= $(patsubst %.c,$(O)/posix/elf/%.elf,$(notdir $(POSIX)))

.PHONY: posix
posix: $(O)/posix/ev6.elf $(O)/posix/initramfs.cpio

vpath %.c $(sort $(dir $(POSIX)))

$(O)/posix/%.o: %.c $(O)/flags | $(O)/include/abi
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(UFLAGS) -w -c -o $@ $<

$(O)/posix/elf/%.elf: $(O)/posix/%.o $(O)/user/libev6.a user/lib/user.ld
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(ULINK)

$(O)/posix/initramfs.cpio: $(PELF) $(O)/user/bin/sh.elf \
		$(O)/user/bin/echo.elf FORCE
	$(call say,CPIO,$@)
	$(Q)tools/initramfs $(O)/posix/initramfs '$(STRIP)' \
		$(filter %.elf,$^) >$@

$(O)/posix/ev6.elf: $(O)/ev6.elf
	@mkdir -p $(@D)
	@ln -sf ../ev6.elf $@

-include $(USRC:%=$(O)/%.d) $(PELF:$(O)/posix/elf/%.elf=$(O)/posix/%.d)
