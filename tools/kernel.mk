# kernel.mk - build $(O)/ev6.elf from the files that kernel/ORDER names.

KSRC	:= $(addprefix kernel/,$(filter %.c %.S,\
	$(shell awk '$$1 ~ /^[0-9]+$$/ { print $$3 }' kernel/ORDER)))
# Race points are in a build of their own: RACE=1.
ifndef RACE
KSRC	:= $(filter-out kernel/core/race.c,$(KSRC))
endif
KOBJ	:= $(KSRC:%=$(O)/%.o)

# The kernel never touches SSE registers: the user's stay where they are.
KFLAGS	:= $(CFLAGS) -mcmodel=kernel -mno-red-zone -mgeneral-regs-only -Ikernel

$(O)/kernel/%.o: kernel/% $(O)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KFLAGS) -c -o $@ $<

$(O)/ev6.elf: $(KOBJ) kernel/boot/kernel.ld $(O)/sources
	$(call say,LD,$@)
	$(Q)$(LD) $(LDFLAGS) -T kernel/boot/kernel.ld -o $@ $(KOBJ)

-include $(KOBJ:.o=.d)
