# .gdbinit - attach to `make qemu-gdb`, with symbols; `help ev6` says more.
#
# GDB reads this only where it is told to trust the folder, as `make gdb` does.
source tools/gdb/ev6.py
