# handouts.mk - the handouts: make handouts [CHECK=1 | FIX=1].
#
# CHECK=1 runs the transcripts and compares them, FIX=1 rewrites them.  Both
# need the machine, which the pages themselves do not.

.PHONY: handouts

handouts: $(if $(CHECK)$(FIX),all)
	@PYTHONPATH=tools python3 -m handouts $(if $(CHECK),--check) \
		$(if $(FIX),--fix)
