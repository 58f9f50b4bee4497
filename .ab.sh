for i in 1 2 3; do for k in $1; do node --import tsx .cpu.mjs $k 2>&1 | grep µs; done; done
